/** The rule of the break-even, in numbers. */
import { describe, expect, test } from 'vitest';
import { isSoonerOnWorkers, type PlacingFacts } from '../../src/core/placing.ts';

const facts = (over: Partial<PlacingFacts>): PlacingFacts => ({
  ...{ left: 1_000_000, all: 1_000_000, itemMs: 0.00001, freight: 'number', workers: 8, areUp: true },
  ...over,
});

describe('isSoonerOnWorkers', () => {
  test('tiny work over numbers stays, whatever its length', () => {
    for (const left of [10, 1e4, 1e6, 1e9]) expect(isSoonerOnWorkers(facts({ left, all: left }))).toBe(false);
  });

  test('work of some microseconds goes, where there is enough of it', () => {
    expect(isSoonerOnWorkers(facts({ itemMs: 0.005 }))).toBe(true);
    expect(isSoonerOnWorkers(facts({ itemMs: 0.005, left: 100, all: 100 }))).toBe(false);
  });

  test('workers that must start first need more work to be worth it', () => {
    const some = { itemMs: 0.005, left: 5_000, all: 5_000 };
    expect(isSoonerOnWorkers(facts({ ...some, areUp: true }))).toBe(true);
    expect(isSoonerOnWorkers(facts({ ...some, areUp: false }))).toBe(false);
  });

  test('rows cost more to send than numbers', () => {
    const some = { itemMs: 0.0005 };
    expect(isSoonerOnWorkers(facts({ ...some, freight: 'number' }))).toBe(true);
    expect(isSoonerOnWorkers(facts({ ...some, freight: 'row' }))).toBe(false);
  });

  test('a list that is nearly done stays', () => {
    expect(isSoonerOnWorkers(facts({ itemMs: 0.005, left: 1_000, all: 1_000_000 }))).toBe(false);
  });

  test('one worker is never sooner', () => {
    for (const itemMs of [1e-5, 1e-3, 1, 100]) expect(isSoonerOnWorkers(facts({ itemMs, workers: 1 }))).toBe(false);
  });
});
