import { expect, test } from 'vitest';
import type { SchedulerEvent } from '../../src/core/events.ts';
import { Counts } from '../../src/run/stats.ts';
import { allRead, chunkDone, chunkPart, jobAdded, jobCancelled, slotAsleep, slotUp, tell } from '../core/story.ts';

const counts = (...story: readonly SchedulerEvent[]) => new Counts(tell(...story).scheduler);
const busy = [slotUp('a'), jobAdded({ chunkSize: 3 }), allRead(10)];

test('tasks are queued or run, also those that a worker holds', () => {
  expect(counts(...busy).stats().tasks).toMatchObject({ queued: 9, running: 1 });
  expect(counts(...busy, chunkPart('a', 1, 2)).stats().tasks).toMatchObject({ queued: 7, running: 1 });
  expect(counts(...busy, chunkDone('a', 1), chunkDone('a', 2), chunkDone('a', 3)).stats().tasks).toMatchObject({ queued: 0, running: 1 });
});

test('what a call has left behind runs, and is queued no more', () => {
  const stats = counts(...busy, jobCancelled()).stats();
  expect(stats).toMatchObject({ busy: 1, calls: { running: 0, waiting: 0 }, tasks: { queued: 0, running: 1 } });
});

test('a worker whose results have arrived is idle, although its chunk is not done', () => {
  const story = [slotUp('a'), jobAdded(), allRead(1), chunkPart('a', 1, 1)];
  expect(counts(...story).stats()).toMatchObject({ busy: 0, idle: 1, calls: { running: 0, waiting: 0 }, tasks: { queued: 0, running: 0 } });
  expect(counts(...story).isFull(0)).toBe(false);
});

test('it is full when as many calls wait as may, and nobody is there for one more', () => {
  expect(counts(slotUp('a')).isFull(0)).toBe(false);
  expect(counts(...busy).isFull(0)).toBe(true);
  expect(counts(...busy).isFull(1)).toBe(false);
  expect(counts(...busy, jobAdded({}, 2), allRead(1, 2)).isFull(1)).toBe(true);
  expect(counts(slotUp('a'), slotAsleep('a')).isFull(0)).toBe(false);
});
