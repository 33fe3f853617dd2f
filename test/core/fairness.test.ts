/** Short calls beside long ones, in virtual time: what a short call waits for is one chunk, however long the long call and however many are short. */
import { describe, expect, test } from 'vitest';
import type { Millis } from '../../src/core/events.ts';
import { Random } from './random.ts';
import { type Call, play } from './virtual-time.ts';

const SHORT_MS = 1;
const TASK_MS = 5;
/** Of a long call that has been alone: what the first short ones wait for. */
const CHUNK_MS = 150;

/** Calls of one short task, at random, in the mean every `everyMs`, of a function that is known. */
function shortCalls(count: number, everyMs: Millis, seed: number): Call[] {
  const random = new Random(seed);
  let at = 1000;
  return Array.from({ length: count }, () => {
    // Exponential, as of people who know nothing of each other.
    at += -Math.log((random.below(1_000_000) + 1) / 1_000_001) * everyMs;
    return { at, durations: [SHORT_MS], rules: { taskMs: SHORT_MS, resplits: true } };
  });
}

function longCalls(count: number, seconds: number, slots: number): Call[] {
  const durations = new Array<Millis>(Math.ceil((seconds * 1000 * slots) / TASK_MS / count)).fill(TASK_MS);
  return Array.from({ length: count }, () => ({ at: 0, durations, rules: { resplits: true } }));
}

/** How long each short call took beside the long ones, from the shortest to the longest. */
function latencies(long: readonly Call[], short: readonly Call[], slots: number): Millis[] {
  const { finishedAt } = play([...long, ...short], slots);
  return short.map(({ at }, i) => finishedAt[long.length + i]! - at).sort((a, b) => a - b);
}

const p99 = (sorted: readonly Millis[]): Millis => sorted[Math.ceil(sorted.length * 0.99) - 1]!;

describe.each([1, 2, 8])('on %i slots', (slots) => {
  // A fifth of all that the slots can do, and two thirds.
  test.each([
    { everyMs: 5, longs: [1, 2, 3] },
    { everyMs: 1.5, longs: [1, 2].slice(0, slots) },
  ])('99 of 100 short calls, one every $everyMs ms a slot, take at most twice what they take alone and a chunk', ({ everyMs, longs }) => {
    const short = shortCalls(2000, everyMs / slots, 1);
    const alone = p99(latencies([], short, slots));
    for (const long of longs) {
      const beside = latencies(longCalls(long, 10, slots), short, slots);
      expect(p99(beside), `beside ${long} long calls`).toBeLessThanOrEqual(2 * alone + CHUNK_MS);
    }
  });
});

test('a long call cuts small chunks while short ones come, and large ones again when none has come for a second', () => {
  const long = (shorts: Call[]) => play([longCalls(1, 10, 2)[0]!, ...shorts], 2).chunks;
  expect(long([])).toBeLessThan(150);
  expect(long(shortCalls(10, 50, 1))).toBeGreaterThan(190);
  expect(long(shortCalls(1, 50, 1))).toBeLessThan(long(shortCalls(2, 2000, 1)));
});
