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
  jobPaused,
  queued,
  said,
  slotUp,
  tell,
  timerFired,
} from './story.ts';

const saidLast = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands);

/** Slot a runs ten tasks, [1, 11), since 1 and at a pace of 1 ms, and nothing else is left in the core. */
const runningTail = (rules: Partial<JobRules> = {}): SchedulerEvent[] => [
  jobAdded(rules),
  slotUp('a', 1),
  itemsRead(1),
  at(1, chunkDone('a', 1, { ranMs: 1 })),
  at(1, itemsRead(10)),
];

describe('an idle slot', () => {
  const twoHeld = [jobAdded({ chunkSize: 10 }), allRead(20), slotUp('a')];

  test('gets the chunk that waits on a busy one', () => {
    expect(saidLast(...twoHeld, slotUp('b'))).toEqual(['takeBack a chunk 2 to 10']);
    expect(saidLast(...twoHeld, slotUp('b'), chunkShortened('a', 2, 10))).toEqual(['b 1:10-20']);
  });

  test('gets a waiting chunk of a job that is at its limit of chunks: what comes back makes room', () => {
    const story = [jobAdded({ chunkSize: 10, maxHeld: 2 }), allRead(20), slotUp('a'), slotUp('b')];
    expect(saidLast(...story)).toEqual(['takeBack a chunk 2 to 10']);
    expect(saidLast(...story, chunkShortened('a', 2, 10))).toEqual(['b 1:10-20']);
  });

  test('asks for nothing while tasks wait in the core', () => {
    expect(saidLast(...twoHeld.slice(0, 1), allRead(40), slotUp('a'), slotUp('b'))).toEqual(['b 1:20-30', 'b 1:30-40']);
  });

  test('gets half of a tail that has not started', () => {
    const story = [...runningTail(), at(1, slotUp('b'))];
    expect(saidLast(...story)).toEqual(['takeBack a chunk 2 to 6']);
    expect(saidLast(...story, at(1, chunkShortened('a', 2, 6)))).toEqual(['b 1:6-11']);
  });

  test('asks for less of a tail that has run for a while', () => {
    expect(saidLast(...runningTail(), at(5, slotUp('b')))).toEqual(['takeBack a chunk 2 to 8']);
  });

  test('takes the word of the slot over the pace, where the slot is faster', () => {
    expect(saidLast(...runningTail(), at(1, chunkPart('a', 2, 9)), at(1, slotUp('b')))).toEqual(['takeBack a chunk 2 to 10']);
  });

  test('asks for half of what may be left of a chunk that takes longer than its pace promised', () => {
    expect(saidLast(...runningTail(), at(500, slotUp('b')))).toEqual(['takeBack a chunk 2 to 6']);
    expect(saidLast(...runningTail(), at(499, chunkPart('a', 2, 6)), at(500, slotUp('b')))).toEqual(['takeBack a chunk 2 to 9']);
  });

  test('leaves the tail of a chunk of a size that the caller has fixed', () => {
    expect(saidLast(jobAdded({ chunkSize: 50 }), allRead(50), slotUp('a'), slotUp('b'))).toEqual([]);
  });

  test('leaves the tail of a job that may hold no further chunk', () => {
    expect(saidLast(...runningTail({ maxHeld: 1 }), at(1, slotUp('b')))).toEqual([]);
  });

  test('leaves a chunk of a paused job', () => {
    expect(saidLast(...twoHeld, jobPaused(), slotUp('b'))).toEqual([]);
  });

  test('leaves the last task, which runs', () => {
    expect(saidLast(jobAdded(), allRead(1), slotUp('a'), slotUp('b'))).toEqual([]);
  });

  test('leaves work that is not worth a message, and looks again when it has waited', () => {
    const story = [jobAdded({ chunkSize: 1 }), allRead(3), slotUp('a', 2), chunkDone('a', 1, { ranMs: 0.01 }), slotUp('b')];
    expect(saidLast(...story)).toEqual(['arm 1 look 10']);
    expect(saidLast(...story, at(10, timerFired(1)))).toEqual(['takeBack a chunk 3 to 2']);
    expect(saidLast(...story, at(10, timerFired(1)), chunkShortened('a', 3, 2))).toEqual(['b 1:2-3']);
  });

  test('does not look again for what is done by then', () => {
    const story = [jobAdded({ chunkSize: 1 }), allRead(3), slotUp('a', 2), chunkDone('a', 1, { ranMs: 0.01 }), slotUp('b')];
    expect(saidLast(...story, chunkDone('a', 2, { ranMs: 0.01 }))).toEqual(['disarm 1']);
  });
});

describe('an answer', () => {
  const asked = [jobAdded({ chunkSize: 10 }), allRead(20), slotUp('a'), slotUp('b')];

  test('is not asked for twice', () => {
    expect(saidLast(...asked, at(1, chunkPart('a', 1, 1)))).toEqual([]);
  });

  test('that brings nothing is the last', () => {
    expect(saidLast(...asked, chunkShortened('a', 2, 20))).toEqual([]);
    expect(saidLast(...asked, chunkShortened('a', 2, 20), at(9, chunkPart('a', 1, 3)))).toEqual([]);
  });

  test('that brings part of a chunk leaves the rest where it is', () => {
    const state = tell(...asked, chunkShortened('a', 2, 14));
    expect(said(state.commands)).toEqual(['b 1:14-20']);
    expect(state.scheduler.slots.get('a')?.held.get(2)?.chunk).toMatchObject({ from: 10, to: 14 });
  });

  test('that comes after the chunk has ended changes nothing', () => {
    expect(saidLast(...asked, chunkDone('a', 1), chunkDone('a', 2), chunkShortened('a', 2, 10))).toEqual([]);
  });

  test('that was not asked for is taken all the same', () => {
    const state = tell(jobAdded({ chunkSize: 10 }), allRead(10), slotUp('a'), jobPaused(), chunkShortened('a', 1, 4));
    expect(queued(state)).toEqual(['4-10']);
  });

  test('brings items that are then finished by two slots', () => {
    const story = [...asked, chunkShortened('a', 2, 14), chunkDone('a', 1), chunkDone('a', 2), chunkDone('b', 3)];
    expect(saidLast(...story)).toEqual(['finish 1']);
  });
});
