import { describe, expect, test } from 'vitest';
import type { SchedulerEvent } from '../../src/core/events.ts';
import { allRead, at, chunkDone, chunkPart, itemsRead, jobAdded, jobPaused, jobResumed, runs, slotDown, slotUp, tell } from './story.ts';

describe('a slot', () => {
  test('gets one task to run and one to hold until the pace is known', () => {
    expect(runs(tell(jobAdded(), allRead(8), slotUp('a')).all)).toEqual(['a 1:0-1', 'a 1:1-2']);
  });

  test('gets its chunks in the order of the items', () => {
    const { all } = tell(jobAdded({ chunkSize: 3 }), allRead(8), slotUp('a', 2), chunkDone('a', 1), chunkDone('a', 2));
    expect(runs(all)).toEqual(['a 1:0-3', 'a 1:3-6', 'a 1:6-8']);
  });

  test('holds no more chunks than its depth', () => {
    expect(runs(tell(jobAdded({ chunkSize: 1 }), allRead(8), slotUp('a', 1)).all)).toEqual(['a 1:0-1']);
  });

  test('holds several short chunks ahead once they are known to be short', () => {
    const { commands } = tell(jobAdded({ chunkSize: 1 }), allRead(50), slotUp('a', 30), chunkDone('a', 1, { ranMs: 0.01 }));
    expect(runs(commands)).toHaveLength(29);
  });

  test('that is idle comes before one that only has room', () => {
    const { commands } = tell(jobAdded({ chunkSize: 1 }), allRead(9), slotUp('a', 1), slotUp('b', 1), chunkDone('b', 2));
    expect(runs(commands)).toEqual(['b 1:2-3']);
    expect(runs(tell(slotUp('a'), slotUp('b'), jobAdded({ chunkSize: 1 }), allRead(3)).all)).toEqual(['a 1:0-1', 'b 1:1-2', 'a 1:2-3']);
  });

  test('may start its next chunk before the word about the one ahead arrives', () => {
    const { scheduler } = tell(jobAdded({ chunkSize: 4 }), allRead(8), slotUp('a'), chunkPart('a', 2, 5), chunkDone('a', 1));
    expect(scheduler.slots.get('a')?.held.get(2)).toMatchObject({ state: 'running', finishedTo: 5 });
  });

  test('that is not known, or not any more, changes nothing', () => {
    expect(tell(jobAdded(), allRead(2), slotDown('z'), chunkDone('z', 1)).commands).toEqual([]);
    expect(tell(jobAdded(), allRead(2), slotUp('a'), slotDown('a'), chunkDone('a', 1)).commands).toEqual([]);
  });
});

describe('sizes', () => {
  test('follow the measured pace', () => {
    const { commands } = tell(jobAdded({ size: 10_000 }), allRead(10_000), slotUp('a'), chunkDone('a', 1, { ranMs: 5 }));
    expect(runs(commands)).toEqual(['a 1:2-12']);
  });

  test('are guided by what is left once an input of unknown size has ended', () => {
    const { commands } = tell(jobAdded(), allRead(22), slotUp('a', 2), slotUp('b', 2), chunkDone('a', 1, { ranMs: 0 }));
    expect(runs(commands)).toEqual(['a 1:4-9']);
  });
});

describe('jobs', () => {
  const twoJobs = [jobAdded({ chunkSize: 2 }, 1), jobAdded({ chunkSize: 2 }, 2), allRead(8, 1), allRead(8, 2)];

  test('take turns by chunk', () => {
    const { all } = tell(...twoJobs, slotUp('a', 1), chunkDone('a', 1), chunkDone('a', 2), chunkDone('a', 3));
    expect(runs(all)).toEqual(['a 1:0-2', 'a 2:0-2', 'a 1:2-4', 'a 2:2-4']);
  });

  test('of higher priority go first', () => {
    const rules = { chunkSize: 2, priority: 1 };
    const { all } = tell(...twoJobs, jobAdded(rules, 3), allRead(3, 3), slotUp('a', 1), chunkDone('a', 1), chunkDone('a', 2));
    expect(runs(all)).toEqual(['a 3:0-2', 'a 3:2-3', 'a 1:0-2']);
  });

  test('of lower priority get what is left over', () => {
    const { all } = tell(...twoJobs, jobAdded({ maxHeld: 1, priority: 1 }, 3), allRead(9, 3), slotUp('a', 1), slotUp('b', 1));
    expect(runs(all)).toEqual(['a 3:0-1', 'b 1:0-2']);
  });

  test('that are paused get nothing until they are resumed', () => {
    const story = [jobAdded(), allRead(4), jobPaused(), slotUp('a', 1)];
    expect(runs(tell(...story).all)).toEqual([]);
    expect(runs(tell(...story, jobResumed()).commands)).toEqual(['a 1:0-1']);
  });
});

describe('concurrency', () => {
  const most = (rules: { lanes: number; maxHeld: number }, ...slots: string[]): string[] =>
    runs(tell(jobAdded({ ...rules, chunkSize: 1 }), allRead(100), ...slots.map((slot) => slotUp(slot, 64))).all);

  test('of 1 is one chunk at a time, on two slots too', () => {
    expect(most({ lanes: 1, maxHeld: 1 }, 'a', 'b')).toEqual(['a 1:0-1']);
    const next = tell(jobAdded({ maxHeld: 1, chunkSize: 1 }), allRead(3), slotUp('a'), slotUp('b'), chunkDone('a', 1), chunkDone('a', 2));
    expect(runs(next.all)).toHaveLength(3);
  });

  test('of 3 on two slots is three chunks', () => {
    const story = [slotUp('a', 64), slotUp('b', 64), jobAdded({ lanes: 2, maxHeld: 3, chunkSize: 1 }), allRead(100)];
    expect(runs(tell(...story).all)).toEqual(['a 1:0-1', 'b 1:1-2', 'a 1:2-3']);
    expect(runs(tell(...story, chunkDone('a', 1)).commands)).toHaveLength(1);
  });

  test('of 50 on two slots is 25 chunks side by side on each', () => {
    const handed = most({ lanes: 25, maxHeld: 50 }, 'a', 'b');
    expect([handed.filter((run) => run.startsWith('a')).length, handed.filter((run) => run.startsWith('b')).length]).toEqual([25, 25]);
  });

  test('lets all lanes run at once, and has nothing wait behind them', () => {
    const { scheduler } = tell(jobAdded({ lanes: 3, maxHeld: 100 }), allRead(9), slotUp('a', 64));
    expect(scheduler.slots.get('a')?.running()).toHaveLength(3);
  });

  test('of several jobs shares a slot, each within its own lanes', () => {
    const wide = { lanes: 2, maxHeld: 2 };
    const { all } = tell(jobAdded(wide, 1), jobAdded(wide, 2), allRead(9, 1), allRead(9, 2), slotUp('a', 64));
    expect(runs(all)).toEqual(['a 1:0-1', 'a 2:0-1', 'a 1:1-2', 'a 2:1-2']);
  });
});

describe('a job that queues and a job with lanes', () => {
  /** Ends the oldest chunk again and again, and tells how many chunks each job got. */
  function shares(wide: { lanes: number; maxHeld: number }, rounds = 60): { queues: number; hasLanes: number } {
    const story: SchedulerEvent[] = [jobAdded({ chunkSize: 1 }, 1), jobAdded({ ...wide, chunkSize: 1 }, 2)];
    story.push(allRead(500, 1), allRead(500, 2), slotUp('a', 64));
    for (let round = 0; round < rounds; round++) {
      const oldest = [
        ...tell(...story)
          .scheduler.slots.get('a')!
          .held.keys(),
      ][0]!;
      story.push(at(round, chunkDone('a', oldest, { ranMs: 10 })));
    }
    const count = (job: string): number => runs(tell(...story).all).filter((run) => run.startsWith(`a ${job}:`)).length;
    return { queues: count('1'), hasLanes: count('2') };
  }

  test.each([
    { lanes: 3, maxHeld: 3 },
    { lanes: 5, maxHeld: 1 },
    { lanes: 3, maxHeld: 1000 },
    { lanes: 2, maxHeld: 2 },
  ])('both progress on one slot, with $lanes lanes and at most $maxHeld chunks', (wide) => {
    const { queues, hasLanes } = shares(wide);
    expect(queues).toBeGreaterThanOrEqual(8);
    expect(hasLanes).toBeGreaterThanOrEqual(20);
  });

  test('do not mix on a slot', () => {
    const { all } = tell(jobAdded({}, 1), jobAdded({ lanes: 4 }, 2), itemsRead(9, { jobId: 2 }), slotUp('a', 64), allRead(9, 1));
    expect(runs(all)).toEqual(['a 2:0-1', 'a 2:1-2', 'a 2:2-3', 'a 2:3-4']);
  });
});
