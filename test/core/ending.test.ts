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
    expect(saidLast(...stopped)).toEqual(['giveUp 1:1 failed', 'takeBack a chunk 2 to 4', 'stop a chunk 2, grace undefined', 'finish 1']);
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
    expect(said(commands, 'giveUp', 'takeBack', 'finishJob')).toEqual([
      'giveUp 1:0 failed',
      'takeBack a chunk 1 to 0',
      'takeBack a chunk 2 to 4',
      'finish 1',
    ]);
  });

  test('tells what runs to stop, and kills nothing', () => {
    const story = [...twoHeld({ stopOnFailure: true, graceMs: 50 }), chunkPart('a', 1, 2, [0])];
    expect(said(tell(...story).commands, 'stopTask')).toEqual(['stop a chunk 1, grace undefined', 'stop a chunk 2, grace undefined']);
    expect(tell(...story).scheduler.timers.armed.size).toBe(0);
  });

  test('leaves the time limit of what runs as it is', () => {
    const story = [...twoHeld({ stopOnFailure: true, graceMs: 50, timeoutMs: 100 }), chunkPart('a', 1, 2, [0])];
    expect(saidLast(...story, timerFired(1, [2, 100]))).toEqual(['stop a chunk 1 at 2, grace 50', 'arm 2 grace 300']);
    expect(saidLast(...story, timerFired(1, [2, 100]), timerFired(2, [2, 400]))).toEqual(['kill a']);
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
    expect(saidLast(...twoHeld(), jobCancelled())).toEqual([
      'takeBack a chunk 1 to 0',
      'stop a chunk 1, grace undefined',
      'takeBack a chunk 2 to 4',
      'stop a chunk 2, grace undefined',
      'finish 1',
    ]);
  });

  test('tells nothing to chunks that have ended but for their last word', () => {
    expect(said(tell(...twoHeld(), chunkPart('a', 1, 4), jobCancelled()).commands, 'stopTask')).toEqual([
      'stop a chunk 2, grace undefined',
    ]);
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

  test('keeps the time limit of its tasks where no grace time is set', () => {
    const story = [...twoHeld({ timeoutMs: 100 }), jobCancelled()];
    expect(saidLast(...story, timerFired(1, [0, 30]))).toEqual(['arm 2 timeout 70']);
  });
});

describe('the grace time of a cancelled job', () => {
  const cancelled = [...twoHeld({ graceMs: 50 }), jobCancelled()];

  test('runs for what runs, and takes the place of the time limit', () => {
    expect(saidLast(...cancelled)).toEqual(expect.arrayContaining(['stop a chunk 1, grace 50', 'arm 1 grace 300']));
    const limited = saidLast(...twoHeld({ graceMs: 50, timeoutMs: 100 }), jobCancelled());
    expect(limited).toEqual(expect.arrayContaining(['disarm 1', 'arm 2 grace 300']));
  });

  test('ends with the slot being killed', () => {
    expect(saidLast(...cancelled, timerFired(1))).toEqual(['kill a']);
    expect(saidLast(...cancelled, timerFired(1, [3, 400]))).toEqual(['kill a']);
  });

  test('is over when the chunk ends or comes back', () => {
    expect(saidLast(...cancelled, chunkDone('a', 1))).toContain('disarm 1');
    expect(saidLast(...cancelled, chunkShortened('a', 1, 0))).toContain('disarm 1');
  });

  test('does not run where the job ends without killing, or slots cannot be killed', () => {
    for (const story of [
      [...twoHeld({ graceMs: 50 }), jobCancelled(1, false)],
      [...twoHeld({ graceMs: 50, kills: false }), jobCancelled()],
    ]) {
      expect(said(tell(...story).all, 'stopTask')).toHaveLength(2);
      expect(tell(...story).scheduler.timers.armed.size).toBe(0);
    }
  });

  test('does not run for a chunk that waits behind the task of another job', () => {
    const story = [jobAdded({ chunkSize: 1 }, 2), allRead(1, 2), slotUp('a'), jobAdded({ graceMs: 50 }, 1), allRead(1, 1), jobCancelled(1)];
    expect(saidLast(...story)).toEqual(['takeBack a chunk 2 to 0', 'stop a chunk 2, grace 50', 'finish 1']);
    // It begins when that chunk begins.
    expect(saidLast(...story, chunkDone('a', 1))).toContain('arm 1 grace 300');
  });
});

describe('the time limit of a task', () => {
  const limited = twoHeld({ timeoutMs: 100, graceMs: 50 });
  const told = [...limited, timerFired(1, [1, 100])];

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
    const story = [...limited, at(100, timerFired(1, [2, 40]))];
    expect(saidLast(...story)).toEqual(['arm 2 timeout 60']);
    expect(saidLast(...story, at(160, timerFired(2, [2, 100])))).toEqual(['stop a chunk 1 at 2, grace 50', 'arm 3 grace 300']);
  });

  test('does not run while nothing of the chunk does: its worker is still starting', () => {
    expect(saidLast(...limited, timerFired(1))).toEqual(['arm 2 timeout 100']);
  });

  test('tells the task to stop first', () => {
    expect(saidLast(...told)).toEqual(['stop a chunk 1 at 1, grace 50', 'arm 2 grace 300']);
  });

  test('ends with the slot being killed when the grace time is over and the same task runs', () => {
    expect(saidLast(...told, timerFired(2, [1, 400]))).toEqual(['kill a']);
  });

  test('goes on with the next task when the first has stopped', () => {
    expect(saidLast(...told, timerFired(2, [2, 30]))).toEqual(['arm 3 timeout 70']);
    expect(saidLast(...told, timerFired(2, [2, 130]))).toEqual(['stop a chunk 1 at 2, grace 50', 'arm 3 grace 300']);
    expect(saidLast(...told, timerFired(2, [2, 130]), timerFired(3, [2, 430]))).toEqual(['kill a']);
  });

  test('only tells where nothing can be killed, or no grace time is set, and tells once', () => {
    for (const rules of [{ kills: false, graceMs: 50 }, { graceMs: undefined }]) {
      const story = [...twoHeld({ timeoutMs: 100, ...rules }), timerFired(1, [1, 100])];
      expect(said(tell(...story).commands, 'stopTask')).toEqual([`stop a chunk 1 at 1, grace ${rules.graceMs}`]);
      expect(saidLast(...story, timerFired(2, [1, 200]))).toEqual(['arm 3 timeout 100']);
      expect(saidLast(...story, timerFired(2, [1, 200]), timerFired(3, [2, 100]))).toContain(`stop a chunk 1 at 2, grace ${rules.graceMs}`);
    }
  });

  test('blames the task that ran as timed out, and returns the rest', () => {
    const story = [...told, timerFired(2, [1, 400]), slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 2 })];
    expect(saidLast(...story)).toEqual(['giveUp 1:1 timedOut']);
    expect(saidLast(...story, slotUp('b', 1))).toEqual(['b 1:2-4', 'arm 3 timeout 100']);
  });

  test('blames what ran beside it in the same slot as lost', () => {
    const wide = [jobAdded({ lanes: 2, timeoutMs: 100, graceMs: 50, chunkSize: 1 }), allRead(2), slotUp('a')];
    const killed = [...wide, timerFired(1, [0, 100]), timerFired(3, [0, 400])];
    const down = slotDown('a', { chunkId: 1, finishedTo: 0, startedTo: 1 }, { chunkId: 2, finishedTo: 1, startedTo: 2 });
    expect(said(tell(...killed, down).commands, 'giveUp').sort()).toEqual(['giveUp 1:0 timedOut', 'giveUp 1:1 lost']);
  });

  test('gives a task that ran out of time its retries', () => {
    const rules = { timeoutMs: 100, graceMs: 50, retries: { times: 1, delayMs: 0, backoff: 1 } };
    const story = [
      ...twoHeld(rules),
      timerFired(1, [1, 100]),
      timerFired(2, [1, 400]),
      slotDown('a', { chunkId: 1, finishedTo: 1, startedTo: 2 }),
    ];
    expect(saidLast(...story, slotUp('b', 1))).toEqual(['b 1:1-2 #2', 'arm 3 timeout 100']);
  });

  test('that is reached twice kills once', () => {
    const wide = [jobAdded({ lanes: 2, timeoutMs: 100, graceMs: 50, chunkSize: 1 }), allRead(2), slotUp('a')];
    const story = [...wide, timerFired(1, [0, 100]), timerFired(2, [1, 100]), timerFired(3, [0, 400])];
    expect(saidLast(...story)).toEqual(['kill a']);
    expect(saidLast(...story, timerFired(4, [1, 400]))).toEqual([]);
  });

  test('means nothing when its chunk ended first', () => {
    expect(saidLast(...limited, chunkDone('a', 1), timerFired(1, [3, 100]))).toEqual([]);
    expect(saidLast(...told, chunkDone('a', 1), timerFired(2, [1, 400]))).toEqual([]);
  });
});

describe('a slot that was ordered to be killed', () => {
  const dying = [...twoHeld({ timeoutMs: 100, graceMs: 50 }), timerFired(1, [1, 100]), timerFired(2, [1, 400])];

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
