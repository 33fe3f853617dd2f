import { describe, expect, test } from 'vitest';
import type { JobRules, SchedulerEvent } from '../../src/core/events.ts';
import {
  allRead,
  at,
  chunkDone,
  chunkPart,
  chunkShortened,
  itemsRead,
  jobAdded,
  jobCancelled,
  said,
  slotDown,
  slotUp,
  tell,
  timerFired,
} from './story.ts';

const saidLast = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands);
/** One slot runs chunk 1, [0, 4), and holds chunk 2, [4, 8). */
const twoHeld = (rules: Partial<JobRules> = {}): SchedulerEvent[] => [jobAdded({ chunkSize: 4, ...rules }), allRead(12), slotUp('a')];

describe('a failure that stops its job', () => {
  const stopped = [...twoHeld({ stopOnFailure: true }), chunkDone('a', 1, { failed: [1, 3] })];

  test('finishes it at once, with the first failure only, and asks back what slots hold', () => {
    expect(saidLast(...stopped)).toEqual(['giveUp 1:1 failed', 'takeBack a chunk 2 to 4', 'finish 1']);
  });

  test('lets nothing start that was queued', () => {
    expect(saidLast(...stopped, chunkShortened('a', 2, 4))).toEqual([]);
    expect(saidLast(...stopped, slotUp('b'))).toEqual([]);
  });

  test('makes all later answers of its chunks count for nothing', () => {
    expect(saidLast(...stopped, chunkPart('a', 2, 6, [5]), chunkDone('a', 2, { failed: [7] }))).toEqual([]);
    expect(saidLast(...stopped, slotDown('a', { chunkId: 2, finishedTo: 4, startedTo: 5 }))).toEqual([]);
  });

  test('in the middle of a chunk asks back the rest of that chunk', () => {
    const { commands } = tell(...twoHeld({ stopOnFailure: true }), chunkPart('a', 1, 2, [0]));
    expect(said(commands)).toEqual(['giveUp 1:0 failed', 'takeBack a chunk 1 to 0', 'takeBack a chunk 2 to 4', 'finish 1']);
  });

  test('is only a failure while retries are left', () => {
    const rules = { stopOnFailure: true, retries: { times: 1, delayMs: 10, backoff: 1 } };
    expect(saidLast(...twoHeld(rules), chunkDone('a', 1, { failed: [1] }))).toEqual(['arm 1 retry 10', 'a 1:8-12']);
  });

  test('leaves other jobs alone', () => {
    const other = [jobAdded({ chunkSize: 4 }, 2), allRead(4, 2)];
    const story = [...twoHeld({ stopOnFailure: true }), ...other, chunkDone('a', 1, { failed: [1] }), chunkShortened('a', 2, 4)];
    expect(said(tell(...story).all, 'runChunk')).toContain('a 2:0-4');
  });
});

describe('a cancelled job', () => {
  test('finishes at once, without its results', () => {
    expect(saidLast(...twoHeld(), jobCancelled())).toEqual(['takeBack a chunk 1 to 0', 'takeBack a chunk 2 to 4', 'finish 1']);
  });

  test('is asked back whole, though an idle slot has just asked for half of a tail', () => {
    const tail = [jobAdded(), slotUp('a', 1), itemsRead(1), at(1, chunkDone('a', 1, { ranMs: 1 })), at(1, itemsRead(10))];
    const story = [...tail, at(1, slotUp('b')), at(1, jobCancelled()), at(2, chunkShortened('a', 2, 6))];
    expect(said(tell(...story).all, 'takeBack')).toEqual(['takeBack a chunk 2 to 6', 'takeBack a chunk 2 to 1']);
  });

  test('has what runs go on to its end where no grace time is set', () => {
    const story = [...twoHeld(), jobCancelled(), chunkShortened('a', 1, 2)];
    expect(tell(...story).scheduler.timers.armed.size).toBe(0);
    expect(saidLast(...story, chunkDone('a', 1))).toEqual([]);
  });

  test('keeps the time limit of its tasks, and no task is killed before it', () => {
    const story = [...twoHeld({ timeoutMs: 100 }), jobCancelled()];
    expect(saidLast(...story, timerFired(1, 30))).toEqual(['arm 2 timeout 70']);
    expect(saidLast(...story, timerFired(1, 100))).toEqual(['kill a']);
  });
});

describe('the grace time', () => {
  const cancelled = [...twoHeld({ graceMs: 50 }), jobCancelled()];

  test('runs for what runs, and takes the place of the time limit', () => {
    expect(saidLast(...cancelled)).toContain('arm 1 grace 50');
    const limited = saidLast(...twoHeld({ graceMs: 50, timeoutMs: 100 }), jobCancelled());
    expect(limited).toEqual(expect.arrayContaining(['disarm 1', 'arm 2 grace 50']));
  });

  test('ends with the slot being killed', () => {
    expect(saidLast(...cancelled, timerFired(1))).toEqual(['kill a']);
  });

  test('is over when the chunk ends or comes back', () => {
    expect(saidLast(...cancelled, chunkDone('a', 1))).toContain('disarm 1');
    expect(saidLast(...cancelled, chunkShortened('a', 1, 0))).toContain('disarm 1');
  });

  test('does not run for a chunk that waits behind the task of another job', () => {
    const story = [jobAdded({ chunkSize: 1 }, 2), allRead(1, 2), slotUp('a'), jobAdded({ graceMs: 50 }, 1), allRead(1, 1), jobCancelled(1)];
    expect(saidLast(...story)).toEqual(['takeBack a chunk 2 to 0', 'finish 1']);
    // It begins when that chunk begins.
    expect(saidLast(...story, chunkDone('a', 1))).toContain('arm 1 grace 50');
  });
});

describe('the time limit of a task', () => {
  const limited = twoHeld({ timeoutMs: 100 });

  test('is watched from the moment its chunk can run', () => {
    expect(said(tell(...limited).all, 'armTimer')).toEqual(['arm 1 timeout 100']);
    expect(saidLast(...limited, chunkDone('a', 1))).toEqual(['disarm 1', 'arm 2 timeout 100', 'a 1:8-12']);
  });

  test('is watched in each lane', () => {
    const { all } = tell(jobAdded({ lanes: 2, timeoutMs: 100 }), allRead(9), slotUp('a'));
    expect(said(all, 'armTimer')).toEqual(['arm 1 timeout 100', 'arm 2 timeout 100']);
  });

  test('is watched in a chunk that started before the word about the one ahead arrived', () => {
    expect(saidLast(...limited, chunkPart('a', 2, 5))).toContain('arm 2 timeout 100');
  });

  test('is measured again when a younger task runs', () => {
    const story = [...limited, at(100, timerFired(1, 40))];
    expect(saidLast(...story)).toEqual(['arm 2 timeout 60']);
    expect(saidLast(...story, at(160, timerFired(2, 100)))).toEqual(['kill a']);
  });

  test('ends with the slot being killed, where the age of the task is unknown too', () => {
    expect(saidLast(...limited, timerFired(1))).toEqual(['kill a']);
  });

  test('blames the task that ran as timed out, and returns the rest', () => {
    const story = [...limited, timerFired(1, 100), slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 2 })];
    expect(saidLast(...story)).toEqual(['giveUp 1:1 timedOut']);
    expect(saidLast(...story, slotUp('b', 1))).toEqual(['b 1:2-4', 'arm 2 timeout 100']);
  });

  test('gives a task that ran out of time its retries', () => {
    const rules = { timeoutMs: 100, retries: { times: 1, delayMs: 0, backoff: 1 } };
    const story = [...twoHeld(rules), timerFired(1, 100), slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 2 })];
    expect(saidLast(...story, slotUp('b', 1))).toEqual(['b 1:1-2 #2', 'arm 2 timeout 100']);
  });

  test('that is reached twice kills once', () => {
    const story = [jobAdded({ lanes: 2, timeoutMs: 100 }), allRead(9), slotUp('a'), timerFired(1, 100)];
    expect(saidLast(...story, timerFired(2, 100))).toEqual([]);
  });

  test('means nothing when its chunk ended first', () => {
    expect(saidLast(...limited, chunkDone('a', 1), timerFired(1, 100))).toEqual([]);
  });
});

describe('a slot that was ordered to be killed', () => {
  const dying = [...twoHeld({ timeoutMs: 100 }), timerFired(1, 100)];

  test('gets nothing new', () => {
    expect(said(tell(...dying, chunkDone('a', 1)).commands, 'runChunk')).toEqual([]);
  });

  test('may still deliver what it has finished', () => {
    const { scheduler } = tell(...dying, chunkDone('a', 1));
    expect(scheduler.jobs.get(1)?.finished).toBe(4);
  });

  test('is not asked to give work to an idle slot', () => {
    expect(said(tell(...dying, slotUp('b', 1), chunkDone('b', 3)).all, 'takeBack')).toEqual([]);
  });
});
