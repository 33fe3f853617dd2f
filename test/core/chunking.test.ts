import { describe, expect, test } from 'vitest';
import { type ChunkingInput, MAX_CHUNK, MAX_WAITING, nextChunkSize, Pace, waitingChunks } from '../../src/core/chunking.ts';

function paceOf(...chunks: readonly (readonly [tasks: number, ranMs: number])[]): Pace {
  const pace = new Pace();
  for (const [tasks, ranMs] of chunks) pace.record(tasks, ranMs);
  return pace;
}

function sizeOf(input: Partial<ChunkingInput>): number {
  return nextChunkSize({ chunkSize: 'auto', pace: new Pace(), remaining: undefined, parallel: 2, ...input });
}

describe('the pace', () => {
  test('is unknown before the first chunk has ended', () => {
    expect(paceOf().taskMs).toBeUndefined();
  });

  test('is the mean of equal tasks', () => {
    expect(paceOf([1, 5], [10, 50], [3, 15]).taskMs).toBeCloseTo(5);
  });

  test('follows tasks that become slower within a few chunks', () => {
    expect(paceOf([100, 1], [10, 100], [10, 100], [10, 100], [10, 100]).taskMs).toBeGreaterThan(5);
  });

  test('ignores a chunk without tasks', () => {
    expect(paceOf([0, 50]).taskMs).toBeUndefined();
  });
});

describe('the next chunk', () => {
  test('is one task until something has been measured', () => {
    expect(sizeOf({ remaining: 1_000_000 })).toBe(1);
  });

  test('takes about 50 ms', () => {
    expect(sizeOf({ pace: paceOf([100, 100]) })).toBe(50);
  });

  test('is one task when a task takes longer than that', () => {
    expect(sizeOf({ pace: paceOf([1, 80]) })).toBe(1);
  });

  test('grows at most sixteen times over the largest measured, though tasks seem to take no time', () => {
    const sizes = [];
    const pace = new Pace();
    for (let i = 0; i < 6; i++) {
      sizes.push(sizeOf({ pace }));
      pace.record(sizes.at(-1)!, 0);
    }
    expect(sizes).toEqual([1, 16, 256, 4096, MAX_CHUNK, MAX_CHUNK]);
  });

  test('shrinks with what is left, so that all slots end together', () => {
    const pace = paceOf([1000, 1]);
    expect([1000, 100, 10, 4, 1, 0].map((remaining) => sizeOf({ pace, remaining, parallel: 2 }))).toEqual([250, 25, 3, 1, 1, 1]);
  });

  test('has at least one task where more was read than was announced', () => {
    expect(sizeOf({ pace: paceOf([10, 1]), remaining: -5 })).toBe(1);
  });

  test('has the size the caller has fixed, up to what a slot can hold', () => {
    expect([7, 1_000_000].map((chunkSize) => sizeOf({ chunkSize, pace: paceOf([1, 80]), remaining: 3 }))).toEqual([7, MAX_CHUNK]);
  });
});

describe('chunks that wait behind the one that runs', () => {
  test('one while nothing is known, and one of long chunks', () => {
    expect([waitingChunks(paceOf(), 1), waitingChunks(paceOf([1, 100]), 1)]).toEqual([1, 1]);
  });

  test('several of short chunks, to cover the round trip', () => {
    expect(waitingChunks(paceOf([1, 0.5]), 1)).toBe(4);
  });

  test('never more than the limit', () => {
    expect([waitingChunks(paceOf([1, 0]), 1), waitingChunks(paceOf([1, 0.001]), 1)]).toEqual([MAX_WAITING, MAX_WAITING]);
  });

  test('a whole fair share goes where tails can be taken back at once', () => {
    const pace = new Pace(5);
    const first = nextChunkSize({ chunkSize: 'auto', pace, remaining: 30, parallel: 2, resplits: true });
    expect(first).toBe(15);
    expect(nextChunkSize({ chunkSize: 'auto', pace, remaining: 15, parallel: 2, held: { inAll: 15, here: 0 }, resplits: true })).toBe(15);
    expect(nextChunkSize({ chunkSize: 'auto', pace, remaining: 15, parallel: 2, held: { inAll: 15, here: 12 }, resplits: true })).toBe(3);
  });

  test('what a function took before stands for the first measurement', () => {
    expect(nextChunkSize({ chunkSize: 'auto', pace: new Pace(), remaining: 1000, parallel: 2 })).toBe(1);
    expect(nextChunkSize({ chunkSize: 'auto', pace: new Pace(1), remaining: 1000, parallel: 2 })).toBe(50);
  });
});
