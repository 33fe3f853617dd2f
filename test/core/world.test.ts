import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobRules } from '../../src/core/events.ts';
import { Random } from './random.ts';
import { RULES } from './story.ts';
import { World } from './world.ts';
import { comeToRest, step } from './world-actions.ts';
import type { JobPlan } from './world-jobs.ts';

const items = fc.oneof(fc.nat(12), fc.nat(60), fc.nat(200));
const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

function plans(rules: { [K in keyof JobRules]?: fc.Arbitrary<JobRules[K]> } = {}): fc.Arbitrary<JobPlan> {
  return fc
    .record({
      items,
      sizeIsKnown: fc.boolean(),
      failRate: fc.constantFrom(0, 0, 0.1, 0.6),
      taskMs: fc.constantFrom(0, 0.1, 1, 20),
      readFails: fc.constantFrom(false, false, false, true),
      rules: fc.record({
        chunkSize: fc.constantFrom<JobRules['chunkSize'][]>('auto', 'auto', 1, 7, 1000),
        resplits: fc.boolean(),
        taskMs: fc.constantFrom(undefined, undefined, 0, 1, 30),
        lanes: fc.constantFrom(1, 1, 2, 5),
        maxHeld: fc.constantFrom(1, 2, 3, 10, 1000),
        maxInFlight: fc.oneof(fc.constantFrom(1, 50, 50), fc.integer({ min: 1, max: 50 })),
        maxInFlightBytes: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 100, 1),
        retries: fc.record({ times: fc.constantFrom(0, 0, 1, 2), delayMs: fc.constantFrom(0, 10), backoff: fc.constantFrom(1, 2) }),
        timeoutMs: fc.constantFrom(undefined, undefined, 50),
        graceMs: fc.constantFrom(undefined, 20),
        kills: fc.constantFrom(true, true, false),
        stopOnFailure: fc.constantFrom(false, false, true),
        priority: fc.constantFrom(0, 0, 0, 1, -1),
        ...rules,
      }),
    })
    .map(({ items, sizeIsKnown, failRate, taskMs, readFails, rules }) => ({
      rules: { ...RULES, ...rules, size: sizeIsKnown ? items : undefined },
      items,
      failRate,
      taskMs,
      readFailsAt: readFails ? Math.floor(items / 2) : undefined,
    }));
}

/** Thousands of worlds take seconds, and longer on a machine that is busy. */
const PROPERTY_TIMEOUT_MS = 120_000;

function property(numRuns: number, knownStarts: boolean, plan: fc.Arbitrary<JobPlan>): void {
  const jobs = fc.array(plan, { minLength: 1, maxLength: 4 });
  const steps = fc.array(seed, { maxLength: 500, size: 'max' });
  fc.assert(
    fc.property(jobs, steps, seed, (plans, choices, last) => {
      const world = new World(plans, knownStarts, new Random(last));
      world.addJob();
      world.slotUp(4);
      for (const choice of choices) step(world, choice);
      comeToRest(world, new Random(last));
    }),
    { numRuns },
  );
}

test(
  'whatever happens, every job finishes once and every item gets one outcome',
  () => {
    property(5_000, false, plans());
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  'where started items are known, no item is started more often than its attempts allow',
  () => {
    property(4_000, true, plans());
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  'with no retries and known starts, only what had finished undelivered in a lost slot is started again',
  () => {
    property(3_000, true, plans({ retries: fc.constant({ times: 0, delayMs: 0, backoff: 1 }) }));
  },
  PROPERTY_TIMEOUT_MS,
);

test(
  'jobs with timeouts, grace and early ends leave no timer and no slot behind',
  () => {
    property(3_000, false, plans({ timeoutMs: fc.constant(50), graceMs: fc.constantFrom(undefined, 0, 20), stopOnFailure: fc.boolean() }));
  },
  PROPERTY_TIMEOUT_MS,
);

test('the same choices lead to the same commands', () => {
  const run = (): number[] => {
    const plan = {
      rules: { ...RULES, maxHeld: 4, retries: { times: 1, delayMs: 5, backoff: 2 } },
      items: 100,
      failRate: 0.2,
      taskMs: 1,
      readFailsAt: undefined,
    };
    const world = new World([plan, plan], false, new Random(7));
    world.addJob();
    world.slotUp(4);
    for (let i = 0; i < 300; i++) step(world, i * 7919);
    comeToRest(world, new Random(7));
    return [world.events, ...world.jobs.map(({ decided }) => decided)];
  };
  expect(run()).toEqual(run());
});
