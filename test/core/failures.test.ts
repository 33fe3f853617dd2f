import { describe, expect, test } from 'vitest';
import type { SchedulerEvent } from '../../src/core/events.ts';
import {
  allRead,
  chunkDone,
  chunkLost,
  chunkPart,
  chunkShortened,
  jobAdded,
  jobCancelled,
  queued,
  runs,
  said,
  slotDown,
  slotUp,
  tell,
  timerFired,
} from './story.ts';

const retries = (times: number, delayMs = 0, backoff = 1) => ({ retries: { times, delayMs, backoff } });
const saidLast = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands);

describe('a failed task', () => {
  const chunk = (rules = {}): SchedulerEvent[] => [jobAdded({ chunkSize: 4, ...rules }), allRead(4), slotUp('a')];

  test('is given up where no retry is allowed, and the others count', () => {
    expect(saidLast(...chunk(), chunkDone('a', 1, { failed: [2] }))).toEqual(['giveUp 1:2 failed', 'finish 1']);
  });

  test('runs again alone, before all that waits', () => {
    const { commands } = tell(jobAdded({ chunkSize: 4, ...retries(1) }), allRead(8), slotUp('a', 1), chunkDone('a', 1, { failed: [2] }));
    expect(runs(commands)).toEqual(['a 1:2-3 #2']);
  });

  test('runs again in the order of the items', () => {
    const state = tell(...chunk(retries(1)), slotUp('b'), slotDown('b'), chunkDone('a', 1, { failed: [0, 2, 3] }));
    expect(runs(state.commands)[0]).toBe('a 1:0-1 #2');
  });

  test('is given up after its last attempt', () => {
    const story = [...chunk(retries(1)), chunkDone('a', 1, { failed: [2] }), chunkDone('a', 2, { failed: [2] })];
    expect(saidLast(...story)).toEqual(['giveUp 1:2 failed', 'finish 1']);
  });

  test('of a chunk that goes on runs again while the chunk runs', () => {
    const state = tell(...chunk(retries(1)), slotUp('b'), chunkPart('a', 1, 2, [0]));
    expect(runs(state.commands)).toEqual(['b 1:0-1 #2']);
  });

  test('waits for its delay, which grows', () => {
    const story = [...chunk(retries(2, 100, 3)), chunkDone('a', 1, { failed: [2] })];
    expect(saidLast(...story)).toEqual(['arm 1 retry 100']);
    expect(saidLast(...story, timerFired(1))).toEqual(['a 1:2-3 #2']);
    expect(saidLast(...story, timerFired(1), chunkDone('a', 2, { failed: [2] }))).toEqual(['arm 2 retry 300']);
  });

  test('keeps its job open while it waits for its delay', () => {
    const { scheduler } = tell(...chunk(retries(1, 100)), chunkDone('a', 1, { failed: [0, 1] }));
    expect(scheduler.jobs.get(1)).toMatchObject({ delayed: 2, finished: 2 });
  });

  test('that is final is given up, whatever the rules allow', () => {
    const state = tell(...chunk(retries(3)), chunkDone('a', 1, { failed: [1, 2], final: [2] }));
    expect(said(state.commands)).toEqual(['giveUp 1:2 failed', 'a 1:1-2 #2']);
    const part = tell(...chunk(retries(3, 50)), chunkPart('a', 1, 3, [1, 2], [1]));
    expect(said(part.commands)).toEqual(['giveUp 1:1 failed', 'arm 1 retry 50']);
  });

  test('that is final ends a job that stops at a failure, and those behind it count no more', () => {
    const state = tell(...chunk({ ...retries(3), stopOnFailure: true }), chunkDone('a', 1, { failed: [0, 1, 2], final: [1, 2] }));
    expect(said(state.commands)).toEqual(['giveUp 1:1 failed', 'finish 1']);
  });

  test('waits no longer when its job ends', () => {
    const story = [...chunk({ ...retries(1, 100) }), chunkDone('a', 1, { failed: [2] })];
    expect(saidLast(...story, jobCancelled())).toEqual(['disarm 1', 'finish 1']);
    expect(saidLast(...story, jobCancelled(), timerFired(1))).toEqual([]);
  });
});

describe('a slot that goes down', () => {
  const held = (rules = {}): SchedulerEvent[] => [jobAdded({ chunkSize: 8, ...rules }), allRead(16), slotUp('a')];

  test('keeps what finished, has what ran blamed and the rest sent elsewhere', () => {
    const story = [...held(), slotDown('a', { chunkId: 1, finishedTo: 3, startedTo: 4 })];
    const state = tell(...story);
    expect(said(state.commands)).toEqual(['giveUp 1:3 lost']);
    expect(queued(state)).toEqual(['4-8', '8-16']);
    expect(state.scheduler.jobs.get(1)?.finished).toBe(4);
    expect(saidLast(...story, slotUp('b'))).toEqual(['b 1:4-8', 'b 1:8-16']);
  });

  test('costs only the item that ran an attempt', () => {
    const state = tell(...held(retries(1)), slotDown('a', { chunkId: 1, finishedTo: 3, startedTo: 4 }));
    expect(queued(state)).toEqual(['3-4 #2', '4-8', '8-16']);
  });

  test('blames the last it has started, and runs again what had finished without being delivered, with no attempt counted', () => {
    const state = tell(...held(retries(1)), slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 4 }));
    expect(queued(state)).toEqual(['3-4 #2', '1-3', '4-8', '8-16']);
  });

  test('gives the item it is blamed for up at once where that is final', () => {
    const state = tell(...held(retries(1)), slotDown('a', { chunkId: 1, finishedTo: 3, startedTo: 4, isFinal: true }));
    expect(said(state.commands)).toEqual(['giveUp 1:3 lost']);
    expect(queued(state)).toEqual(['4-8', '8-16']);
  });

  test('keeps what its parts have told, though its last report is older', () => {
    const state = tell(...held(), chunkPart('a', 1, 5), slotDown('a', { chunkId: 1, finishedTo: 3, startedTo: 6 }));
    expect(said(state.commands)).toEqual(['giveUp 1:5 lost']);
    expect(queued(state)).toEqual(['6-8', '8-16']);
  });

  test('returns chunks it does not list with no attempt counted', () => {
    expect(queued(tell(...held(), slotDown('a')))).toEqual(['0-8', '8-16']);
  });

  test('has its chunks handed to a slot that is up', () => {
    expect(saidLast(...held(), slotUp('b', 1), slotDown('a'))).toEqual(['b 1:0-8']);
  });

  test('has a chunk halved again and again where no started index is known, until one item is blamed', () => {
    const story = [jobAdded({ chunkSize: 8 }), allRead(8), slotUp('s1')];
    const tried: string[] = [];
    for (let i = 1; i <= 4; i++) {
      const chunkId = tell(...story)
        .scheduler.slots.get(`s${i}`)!
        .held.keys()
        .next().value!;
      story.push(slotDown(`s${i}`, { chunkId, finishedTo: 0, startedTo: undefined }));
      tried.push(...queued(tell(...story)));
      story.push(slotUp(`s${i + 1}`));
    }
    expect(tried.filter((range) => range.startsWith('0-'))).toEqual(['0-4', '0-2', '0-1']);
    expect(said(tell(...story).all, 'giveUp')).toEqual(['giveUp 1:0 lost']);
  });

  test('that is named twice went down once', () => {
    expect(tell(...held(), slotDown('a'), slotDown('a')).commands).toEqual([]);
  });
});

describe('a lost chunk', () => {
  test('is halved, and its slot goes on', () => {
    const { commands } = tell(jobAdded({ chunkSize: 8 }), allRead(8), slotUp('a'), chunkLost('a', 1));
    expect(runs(commands)).toEqual(['a 1:0-4', 'a 1:4-8']);
  });

  test('keeps what its parts have told', () => {
    const { commands } = tell(jobAdded({ chunkSize: 8 }), allRead(8), slotUp('a'), chunkPart('a', 1, 6), chunkLost('a', 1));
    expect(runs(commands)).toEqual(['a 1:6-7', 'a 1:7-8']);
  });

  test('of one item is tried again while attempts are left', () => {
    const story = [jobAdded({ chunkSize: 1, ...retries(1) }), allRead(1), slotUp('a'), chunkLost('a', 1)];
    expect(saidLast(...story)).toEqual(['a 1:0-1 #2']);
    expect(saidLast(...story, chunkLost('a', 2))).toEqual(['giveUp 1:0 lost', 'finish 1']);
  });

  test('has its late answers ignored', () => {
    const story = [jobAdded({ chunkSize: 1 }), allRead(2), slotUp('a'), chunkLost('a', 1)];
    for (const late of [chunkDone('a', 1), chunkPart('a', 1, 1), chunkShortened('a', 1, 0), chunkLost('a', 1)]) {
      expect(tell(...story, late).commands).toEqual([]);
    }
  });
});
