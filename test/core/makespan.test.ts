import { describe, expect, test } from 'vitest';
import type { Millis } from '../../src/core/events.ts';
import { makespan } from './virtual-time.ts';

const tasks = (...groups: readonly (readonly [count: number, ms: Millis])[]): Millis[] =>
  groups.flatMap(([count, ms]) => Array.from({ length: count }, () => ms));

const cases = [
  { name: '64 tasks of 5 ms', durations: tasks([64, 5]), within: 1.03 },
  { name: '100 heavy tasks, then 700 light ones', durations: tasks([100, 10], [700, 0.1]), within: 1.1 },
  { name: '100 very heavy tasks, then 700 light ones', durations: tasks([100, 50], [700, 0.5]), within: 1.1 },
  { name: '20,000 light tasks, then 40 heavy ones', durations: tasks([20_000, 0.01], [40, 10]), within: 1.1 },
  { name: '20,000 light tasks, then 40 very heavy ones', durations: tasks([20_000, 0.005], [40, 50]), within: 1.1 },
];

describe.each([2, 4])('on %i slots', (slots) => {
  describe.each([
    { input: 'a list', sizeOf: (n: number) => n },
    { input: 'an input of unknown size', sizeOf: () => undefined },
  ])('from $input', ({ sizeOf }) => {
    test.each(cases)('$name end within $within of the ideal', ({ durations, within }) => {
      const { ms, idealMs } = makespan(durations, slots, { size: sizeOf(durations.length) });
      expect(ms / idealMs).toBeLessThanOrEqual(within);
    });

    // As on threads, with what an earlier call has taught, be it right or badly wrong.
    test.each(cases.flatMap((c) => [undefined, 0.01, 5, 100].map((taskMs) => ({ ...c, taskMs }))))(
      '$name in whole shares, expected to take $taskMs ms, end within $within of the ideal',
      ({ durations, within, taskMs }) => {
        const { ms, idealMs } = makespan(durations, slots, { size: sizeOf(durations.length), resplits: true, taskMs });
        expect(ms / idealMs).toBeLessThanOrEqual(within);
      },
    );
  });
});

test('light tasks travel in few chunks', () => {
  expect(makespan(tasks([100_000, 0.01]), 2).chunks).toBeLessThan(100);
});
