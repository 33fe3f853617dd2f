import { describe, expect, test } from 'vitest';
import type { Command, JobRules, SchedulerEvent } from '../../src/core/events.ts';
import { checkInvariants } from '../../src/core/invariants.ts';
import { Scheduler } from '../../src/core/scheduler.ts';
import { jobAdded, slotUp } from './story.ts';

type Counts = Record<Command['type'], number>;

/** Answers every command in order, in no time, until nothing is left; each job has `items` items. */
function runAll(
  jobs: number,
  items: number,
  rules: Partial<JobRules>,
  failures = 0,
): { counts: Counts; events: number; scheduler: Scheduler } {
  const scheduler = new Scheduler();
  const counts: Counts = {
    readItems: 0,
    runChunk: 0,
    takeBack: 0,
    stopTask: 0,
    killSlot: 0,
    armTimer: 0,
    disarmTimer: 0,
    giveUp: 0,
    finishJob: 0,
  };
  const left = new Map<number, number>();
  const events: SchedulerEvent[] = [];
  for (let jobId = 1; jobId <= jobs; jobId++) {
    left.set(jobId, items);
    events.push(jobAdded({ size: items, ...rules }, jobId));
  }
  events.push(slotUp('a'), slotUp('b'));
  let next = 0;
  for (; next < events.length; next++) {
    for (const command of scheduler.handle({ ...events[next]!, at: next })) {
      counts[command.type]++;
      if (command.type === 'readItems') {
        const { jobId } = command;
        const count = Math.min(command.count, left.get(jobId)!);
        left.set(jobId, left.get(jobId)! - count);
        events.push({ at: 0, type: 'itemsRead', jobId, count, bytes: 0, last: left.get(jobId) === 0 });
      } else if (command.type === 'runChunk') {
        const { id, jobId, from, to, attempt } = command.chunk;
        const failed = Array.from({ length: attempt === 1 ? Math.min(failures, to - from) : 0 }, (_, i) => from + i);
        events.push({ at: 0, type: 'chunkDone', slot: command.slot, chunkId: id, ranMs: (to - from) * 0.001, failed });
        events.push({ at: 0, type: 'resultsTaken', jobId, count: to - from - failed.length });
      } else if (command.type === 'takeBack') {
        const held = scheduler.slots.get(command.slot)!.held.get(command.chunkId)!;
        events.push({ at: 0, type: 'chunkShortened', slot: command.slot, chunkId: command.chunkId, to: held.chunk.to });
      }
    }
  }
  checkInvariants(scheduler);
  return { counts, events: next, scheduler };
}

describe('70,000 jobs of one item on two slots', () => {
  const { counts, events, scheduler } = runAll(70_000, 1, {});

  test('all finish', () => {
    expect(counts.finishJob).toBe(70_000);
    expect([scheduler.jobs.size, scheduler.timers.armed.size]).toEqual([0, 0]);
  });

  test('cost a read or two, one chunk and one end each, and nothing else', () => {
    expect(counts).toMatchObject({ runChunk: 70_000, armTimer: 0, giveUp: 0, stopTask: 0, killSlot: 0 });
    expect(counts.readItems).toBeLessThanOrEqual(140_000);
    expect(counts.takeBack).toBeLessThan(10);
    expect(events).toBeLessThan(70_000 * 5 + 20);
  });
});

describe('a million items in one job', () => {
  test('travel in few chunks and few reads', () => {
    const { counts } = runAll(1, 1_000_000, {});
    expect(counts.finishJob).toBe(1);
    expect(counts.runChunk).toBeLessThan(200);
    expect(counts.readItems).toBeLessThan(200);
  });

  test('travel in chunks of a fixed size too', () => {
    const { counts } = runAll(1, 1_000_000, { chunkSize: 100 });
    expect([counts.finishJob, counts.runChunk]).toEqual([1, 10_000]);
  });

  test('are read inside a narrow window', () => {
    const { counts } = runAll(1, 1_000_000, { chunkSize: 1000, maxInFlight: 1000 });
    expect(counts.finishJob).toBe(1);
    expect(counts.runChunk).toBeLessThan(5_000);
  });
});

test('60,000 failures in one chunk all run again', () => {
  const { counts } = runAll(1, 60_000, { chunkSize: 60_000, retries: { times: 1, delayMs: 0, backoff: 1 } }, 60_000);
  expect([counts.finishJob, counts.giveUp]).toEqual([1, 0]);
});
