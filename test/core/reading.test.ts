import { describe, expect, test } from 'vitest';
import type { JobRules, SchedulerEvent } from '../../src/core/events.ts';
import {
  allRead,
  chunkDone,
  itemsRead,
  jobAdded,
  jobCancelled,
  jobPaused,
  jobResumed,
  readFailed,
  resultsTaken,
  runs,
  said,
  slotUp,
  tell,
} from './story.ts';

const reads = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands, 'readItems');
const finishes = (...story: readonly SchedulerEvent[]): string[] => said(tell(...story).commands, 'finishJob');

describe('reading', () => {
  test('begins as soon as a job is added, before any slot is up', () => {
    expect(reads(jobAdded())).toEqual(['read 1:2']);
  });

  test('asks for a chunk to run and one to hold on every slot', () => {
    expect(reads(slotUp('a'), slotUp('b'), jobAdded({ chunkSize: 10 }))).toEqual(['read 1:40']);
  });

  test('stops where enough is asked for, and goes on as work is handed out', () => {
    const story = [slotUp('a', 2), jobAdded({ chunkSize: 10 }), itemsRead(20)];
    expect(reads(...story)).toEqual(['read 1:20']);
    expect(reads(...story, itemsRead(20))).toEqual([]);
    expect(reads(...story, itemsRead(20), chunkDone('a', 1, { ranMs: 100 }))).toEqual(['read 1:10']);
  });

  test('waits while the job is paused', () => {
    expect(reads(jobAdded(), itemsRead(2), jobPaused(), slotUp('a'))).toEqual([]);
    expect(reads(jobAdded(), itemsRead(2), jobPaused(), slotUp('a'), jobResumed())).toEqual(['read 1:2']);
  });

  test('ends with the last item', () => {
    expect(reads(jobAdded(), slotUp('a'), allRead(1))).toEqual([]);
    expect(reads(jobAdded(), slotUp('a'), allRead(1), chunkDone('a', 1))).toEqual([]);
  });

  test('of nothing finishes the job at once', () => {
    expect(finishes(jobAdded({ size: 0 }), allRead(0))).toEqual(['finish 1']);
  });

  test('that learns late that nothing follows finishes the job then', () => {
    const story = [jobAdded(), itemsRead(1), slotUp('a'), chunkDone('a', 1)];
    expect(finishes(...story)).toEqual([]);
    expect(finishes(...story, allRead(0))).toEqual(['finish 1']);
  });
});

describe('back-pressure', () => {
  const wide: Partial<JobRules> = { chunkSize: 100, maxInFlight: 10 };

  test('asks for no more items than may be in flight', () => {
    expect(reads(jobAdded(wide))).toEqual(['read 1:10']);
  });

  test('does not read while results are not taken, though slots are idle', () => {
    expect(reads(jobAdded(wide), slotUp('a'), itemsRead(10), chunkDone('a', 1))).toEqual([]);
  });

  test('reads as many items as results were taken', () => {
    expect(reads(jobAdded(wide), slotUp('a'), itemsRead(10), chunkDone('a', 1), resultsTaken(4))).toEqual(['read 1:4']);
  });

  test('of one item in flight reads one by one', () => {
    const story = [jobAdded({ maxInFlight: 1 }), slotUp('a'), itemsRead(1), chunkDone('a', 1)];
    expect(reads(jobAdded({ maxInFlight: 1 }))).toEqual(['read 1:1']);
    expect(reads(...story)).toEqual([]);
    expect(reads(...story, resultsTaken(1))).toEqual(['read 1:1']);
  });

  test('does not read while the bytes in flight reach the limit', () => {
    const rules = { maxInFlightBytes: 100, chunkSize: 1 };
    expect(reads(jobAdded(rules), slotUp('a'), itemsRead(2, { bytes: 99 }))).toEqual(['read 1:2 of 1 bytes']);
    expect(reads(jobAdded(rules), slotUp('a'), itemsRead(2, { bytes: 100 }))).toEqual([]);
  });

  test('tells the reader how much there is room for, also of a function known to be quick, whose first reading is long', () => {
    const quick: Partial<JobRules> = { maxInFlightBytes: 100, taskMs: 0.001 };
    expect(reads(jobAdded({ ...quick, size: 1000 }), slotUp('a'))).toEqual([]);
    expect(reads(slotUp('a'), jobAdded({ ...quick, size: 1000 }))).toEqual(['read 1:1000 of 100 bytes']);
  });

  test('what the reader has left for want of room is asked for again when there is room', () => {
    const story = [slotUp('a'), jobAdded({ maxInFlightBytes: 100, taskMs: 1, size: 50 }), itemsRead(2, { bytes: 110, left: 48 })];
    const done = [chunkDone('a', 1, { ranMs: 2 })];
    expect(runs(tell(...story).all)).toEqual(['a 1:0-2']);
    expect(reads(...story, ...done)).toEqual([]);
    expect(reads(...story, ...done, resultsTaken(1))).toEqual(['read 1:48 of 45 bytes']);
    expect(reads(...story, ...done, resultsTaken(2))).toEqual(['read 1:48 of 100 bytes']);
  });

  test('of items that grow, what is taken makes no more room than the first of them took', () => {
    const story = [
      slotUp('a'),
      jobAdded({ maxInFlightBytes: 100, chunkSize: 8 }),
      itemsRead(4, { bytes: 4 }),
      itemsRead(2, { bytes: 100, left: 10 }),
    ];
    expect(reads(...story)).toEqual([]);
    expect(reads(...story, chunkDone('a', 1), resultsTaken(4))).toEqual([]);
    expect(reads(...story, chunkDone('a', 1), resultsTaken(5))).toEqual(['read 1:16 of 50 bytes']);
  });

  test('reads on when enough bytes were taken', () => {
    const story = [
      jobAdded({ maxInFlightBytes: 100, chunkSize: 1 }),
      slotUp('a'),
      itemsRead(2, { bytes: 180 }),
      chunkDone('a', 1, { ranMs: 100 }),
    ];
    expect(reads(...story)).toEqual([]);
    expect(reads(...story, resultsTaken(1))).toEqual(['read 1:2 of 10 bytes']);
  });

  test('lets a single item larger than the limit travel, and then reads on', () => {
    const story = [jobAdded({ maxInFlightBytes: 100, maxInFlight: 1 }), itemsRead(1, { bytes: 5_000 }), slotUp('a')];
    expect(said(tell(...story).commands)).toEqual(['a 1:0-1']);
    expect(reads(...story, chunkDone('a', 1), resultsTaken(1))).toEqual(['read 1:1 of 100 bytes']);
  });
});

describe('an input that fails', () => {
  test('ends the job at once where failures stop it', () => {
    const { commands } = tell(jobAdded({ stopOnFailure: true }), itemsRead(2), slotUp('a'), readFailed());
    expect(said(commands, 'takeBack', 'finishJob')).toEqual(['takeBack a chunk 1 to 0', 'takeBack a chunk 2 to 1', 'finish 1']);
  });

  test('ends the job after what was read where failures do not stop it', () => {
    const story = [jobAdded(), itemsRead(2), slotUp('a'), readFailed()];
    expect(tell(...story).commands).toEqual([]);
    expect(finishes(...story, chunkDone('a', 1), chunkDone('a', 2))).toEqual(['finish 1']);
  });

  test('before its first item finishes the job', () => {
    expect(finishes(jobAdded(), readFailed())).toEqual(['finish 1']);
  });
});

test('a reader, a consumer or a signal that speaks after the end is not heard', () => {
  for (const late of [itemsRead(2), readFailed(), resultsTaken(1), jobPaused(), jobResumed(), jobCancelled()]) {
    expect(tell(jobAdded(), jobCancelled(), late).commands).toEqual([]);
  }
});
