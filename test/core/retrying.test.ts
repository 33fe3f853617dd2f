import { describe, expect, test } from 'vitest';
import type { ChunkProgress } from '../../src/core/events.ts';
import { retryDelay, splitLost } from '../../src/core/retrying.ts';

describe('the delay before a retry', () => {
  test('grows with each attempt, and ends with the last allowed one', () => {
    const rules = { times: 3, delayMs: 100, backoff: 2 };
    expect([2, 3, 4, 5].map((attempt) => retryDelay(rules, attempt))).toEqual([100, 200, 400, undefined]);
  });

  test('stays the same with a backoff of 1', () => {
    expect([2, 3].map((attempt) => retryDelay({ times: 2, delayMs: 50, backoff: 1 }, attempt))).toEqual([50, 50]);
  });

  test('there is no retry unless it was allowed', () => {
    expect(retryDelay({ times: 0, delayMs: 50, backoff: 1 }, 2)).toBeUndefined();
  });
});

describe('a lost chunk', () => {
  const chunk = { from: 10, to: 20, attempt: 2 };
  const split = (progress: Omit<ChunkProgress, 'chunkId'> | undefined) => splitLost(chunk, progress && { chunkId: 1, ...progress });
  const again = (from: number, to: number) => ({ from, to, attempt: 2 });

  test('that was never started goes elsewhere whole', () => {
    expect(split(undefined)).toEqual({ finishedTo: 10, blamed: undefined, again: [chunk] });
    expect(split({ finishedTo: 10, startedTo: 10 })).toEqual({ finishedTo: 10, blamed: undefined, again: [chunk] });
  });

  test('keeps what finished, blames what ran and sends the rest elsewhere', () => {
    expect(split({ finishedTo: 13, startedTo: 14 })).toEqual({ finishedTo: 13, blamed: 13, again: [again(14, 20)] });
  });

  test('blames only the last of several items that were started and not delivered, and runs the others again', () => {
    expect(split({ finishedTo: 16, startedTo: 19 })).toEqual({ finishedTo: 16, blamed: 18, again: [again(16, 18), again(19, 20)] });
    expect(split({ finishedTo: 17, startedTo: 20 })).toEqual({ finishedTo: 17, blamed: 19, again: [again(17, 19)] });
  });

  test('blames nobody when its slot died between two items', () => {
    expect(split({ finishedTo: 15, startedTo: 15 })).toEqual({ finishedTo: 15, blamed: undefined, again: [again(15, 20)] });
  });

  test('that had finished leaves nothing to do', () => {
    expect(split({ finishedTo: 20, startedTo: 20 })).toEqual({ finishedTo: 20, blamed: undefined, again: [] });
    expect(split({ finishedTo: 20, startedTo: undefined })).toEqual({ finishedTo: 20, blamed: undefined, again: [] });
  });

  test('is halved where nobody knows what was started', () => {
    expect(split({ finishedTo: 13, startedTo: undefined })).toEqual({
      finishedTo: 13,
      blamed: undefined,
      again: [again(13, 17), again(17, 20)],
    });
  });

  test('of which one item is left blames it', () => {
    expect(split({ finishedTo: 19, startedTo: undefined })).toEqual({ finishedTo: 19, blamed: 19, again: [] });
  });

  test('is not split outside itself by a report that is late or wrong', () => {
    expect(split({ finishedTo: 3, startedTo: 99 })).toEqual({ finishedTo: 10, blamed: 19, again: [again(10, 19)] });
    expect(split({ finishedTo: 15, startedTo: 12 })).toEqual({ finishedTo: 15, blamed: undefined, again: [again(15, 20)] });
  });
});
