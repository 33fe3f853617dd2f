import { describe, expect, test } from 'vitest';
import type { SchedulerEvent } from '../../src/core/events.ts';
import {
  allRead,
  chunkDone,
  chunkPart,
  chunkShortened,
  itemsRead,
  jobAdded,
  jobCancelled,
  queued,
  runs,
  said,
  slotAsleep,
  slotDown,
  slotTired,
  slotUp,
  tell,
} from './story.ts';

const saidLast = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands);

describe('a slot with a number of tasks', () => {
  const story = [jobAdded({ chunkSize: 4 }), allRead(20), slotUp('a', 8, 6)];

  test('is given that many and no more', () => {
    expect(runs(tell(...story).all)).toEqual(['a 1:0-4', 'a 1:4-6']);
    expect(saidLast(...story, chunkDone('a', 1))).toEqual([]);
  });

  test('is retired when it has run them, and another takes its place', () => {
    const spent = [...story, chunkDone('a', 1), chunkDone('a', 2)];
    expect(saidLast(...spent)).toEqual(['retire a']);
    expect(tell(...spent).scheduler.slots.get('a')?.state).toBe('retiring');
    expect(saidLast(...spent, slotDown('a'), slotUp('b', 8, 6))).toEqual(['b 1:6-10', 'b 1:10-12']);
  });

  test('counts what it has given back', () => {
    expect(tell(...story, chunkShortened('a', 2, 5)).scheduler.slots.get('a')?.tasksLeft).toBe(1);
    const whole = [jobAdded({ chunkSize: 1 }), allRead(2), slotUp('a', 8, 2), slotUp('b'), chunkShortened('a', 2, 1)];
    expect(runs(tell(...whole).commands)).toEqual(['b 1:1-2']);
    expect(tell(...whole).scheduler.slots.get('a')?.tasksLeft).toBe(1);
  });

  test('counts what it has given back of a job that has ended', () => {
    const { scheduler } = tell(...story, jobCancelled(), chunkShortened('a', 1, 1), chunkShortened('a', 2, 4));
    expect(scheduler.slots.get('a')?.tasksLeft).toBe(5);
  });

  test('runs side by side no more than that', () => {
    const wide = [jobAdded({ lanes: 4, maxHeld: 8, chunkSize: 1 }), allRead(9), slotUp('a', 64, 3)];
    expect(runs(tell(...wide).all)).toEqual(['a 1:0-1', 'a 1:1-2', 'a 1:2-3']);
    expect(said(tell(...wide, chunkDone('a', 1), chunkDone('a', 3), chunkDone('a', 2)).all).at(-1)).toBe('retire a');
  });

  test('is retired although nothing waits', () => {
    expect(saidLast(jobAdded(), allRead(1), slotUp('a', 8, 1), chunkDone('a', 1))).toEqual(['finish 1', 'retire a']);
  });
});

describe('a tired slot', () => {
  const busy = [jobAdded({ chunkSize: 4 }), allRead(20), slotUp('a')];

  test('gets nothing more, and is asked for all that it has not started', () => {
    expect(saidLast(...busy, slotTired('a'))).toEqual(['takeBack a chunk 2 to 4', 'takeBack a chunk 1 to 0']);
    expect(saidLast(...busy, slotTired('a'), slotTired('a'))).toEqual([]);
  });

  test('is retired when it holds nothing, and its work runs elsewhere', () => {
    const story = [...busy, slotTired('a'), chunkShortened('a', 2, 4), chunkShortened('a', 1, 1), chunkDone('a', 1)];
    const state = tell(...story);
    expect(said(state.commands)).toEqual(['retire a']);
    expect(queued(state)).toEqual(['1-4', '4-8', '8-20']);
    expect(saidLast(...story, slotDown('a'), slotUp('b'))).toEqual(['b 1:1-4', 'b 1:4-8']);
  });

  test('that is idle is retired at once', () => {
    expect(saidLast(slotUp('a'), slotTired('a'))).toEqual(['retire a']);
  });

  test('that is not known, or is being killed or retired, is left alone', () => {
    expect(saidLast(slotUp('a'), slotTired('z'))).toEqual([]);
    expect(saidLast(slotUp('a'), slotTired('a'), slotTired('a'))).toEqual([]);
    expect(saidLast(slotUp('a'), slotDown('a'), slotTired('a'))).toEqual([]);
  });

  test('that dies first has what ran blamed, as any other', () => {
    const story = [...busy, slotTired('a'), slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 2 })];
    expect(saidLast(...story)).toEqual(['giveUp 1:1 lost']);
  });
});

describe('slots that have gone for want of work', () => {
  const asleep = [slotUp('a'), slotUp('b'), slotUp('c'), slotAsleep('a'), slotAsleep('b'), slotAsleep('c')];

  test('are left asleep while there is none', () => {
    expect(tell(...asleep).all).toEqual([]);
    expect(saidLast(...asleep, jobAdded())).toEqual([]);
  });

  test('are woken as far as there is work for them', () => {
    expect(saidLast(...asleep, jobAdded(), allRead(1))).toEqual(['wake 1']);
    expect(saidLast(...asleep, jobAdded({ chunkSize: 1 }), allRead(50))).toEqual(['wake 3']);
    expect(saidLast(...asleep, jobAdded({ maxHeld: 2, chunkSize: 1 }), allRead(50))).toEqual(['wake 2']);
  });

  test('get the work when they are up', () => {
    const story = [...asleep, jobAdded(), allRead(1), slotUp('d')];
    expect(saidLast(...story)).toEqual(['d 1:0-1']);
    expect(tell(...story).scheduler.asleep).toBe(2);
  });

  test('are counted when chunks are cut: the first one up does not get all', () => {
    const rules = { taskMs: 1, resplits: true, size: 90 };
    expect(runs(tell(...asleep, jobAdded(rules), allRead(90), slotUp('d')).all)[0]).toBe('d 1:0-30');
  });

  test('are woken for what waits behind something that runs', () => {
    const story = [slotUp('a', 8), slotUp('b'), slotAsleep('b'), jobAdded({}, 1), allRead(1, 1), jobAdded({}, 2), allRead(1, 2)];
    expect(runs(tell(...story).all)).toEqual(['a 1:0-1', 'a 2:0-1']);
    expect(saidLast(...story)).toEqual(['a 2:0-1', 'wake 1']);
    expect(saidLast(...story, slotUp('c'))).toEqual(['takeBack a chunk 2 to 0']);
  });

  test('are not woken where another is idle', () => {
    expect(saidLast(slotUp('a'), slotUp('b'), slotUp('c'), slotAsleep('b'), jobAdded(), allRead(2))).toEqual(['a 1:0-1', 'c 1:1-2']);
  });

  test('are woken when the last one that is up goes with its work', () => {
    const story = [slotUp('a'), slotUp('b'), slotAsleep('b'), jobAdded(), allRead(1), slotAsleep('a')];
    expect(saidLast(...story)).toEqual(['wake 1']);
    expect(queued(tell(...story))).toEqual(['0-1']);
  });

  test('are counted once', () => {
    expect(tell(slotUp('a'), slotAsleep('a'), slotAsleep('a')).scheduler.asleep).toBe(1);
  });
});

describe('a job waits until one of its tasks starts', () => {
  const waiting = (...story: readonly SchedulerEvent[]): number => tell(...story).scheduler.waitingJobs;
  const first = [slotUp('a'), jobAdded({}, 1), allRead(1, 1)];

  test('for a slot, for its first item, or behind another', () => {
    expect(waiting(jobAdded(), allRead(1))).toBe(1);
    expect(waiting(slotUp('a'), jobAdded())).toBe(1);
    expect(waiting(...first)).toBe(0);
    expect(waiting(...first, jobAdded({}, 2), allRead(1, 2))).toBe(1);
    expect(waiting(...first, jobAdded({}, 2), allRead(1, 2), chunkDone('a', 1))).toBe(0);
  });

  test('or the word about its start arrives before that of the chunk ahead', () => {
    expect(waiting(...first, jobAdded({}, 2), itemsRead(3, { jobId: 2 }), chunkPart('a', 2, 1))).toBe(0);
  });

  test('or it ends', () => {
    expect(waiting(...first, jobAdded({}, 2), allRead(1, 2), jobCancelled(2))).toBe(0);
    expect(waiting(...first, jobCancelled(1))).toBe(0);
  });
});
