/** Which functions stay defined in workers from job to job. */
import { describe, expect, test } from 'vitest';
import { DefinedFunctions } from '../../src/backends/defined-functions.ts';
import { ship } from '../../src/ship/ship.ts';

const adding = (k: number) => (x: number) => x + k;
const counting = () => {
  const seen: number[] = [];
  return (x: number) => seen.push(x);
};

describe('the id of a shipped function', () => {
  test('is that of all that cannot be told apart, where it keeps no state', () => {
    expect(ship(adding(1)).id).toBe(ship(adding(1)).id);
    expect(ship(adding(1)).id).not.toBe(ship(adding(2)).id);
    expect(ship(adding(1)).id).not.toBe(ship(adding(1), { carrier: 'bytes' }).id);
  });

  test('is its own where it may keep state, runs here, or captures much', () => {
    const count = counting();
    expect(ship(count).isLasting).toBe(false);
    expect(ship(count).id).not.toBe(ship(count).id);
    const counts = function count() {
      (count as { calls?: number }).calls = 1;
    };
    expect(ship(counts).isLasting).toBe(false);
    const here = adding(1);
    expect(ship(here, { runsHere: true }).id).not.toBe(ship(here, { runsHere: true }).id);
    const text = 'x'.repeat(20_000);
    expect(ship(() => text).isLasting).toBe(false);
  });

  test('follows the value of a variable', () => {
    let k = 1;
    const fn = () => k;
    const first = ship(fn).id;
    k = 2;
    expect(ship(fn).id).not.toBe(first);
    k = 1;
    expect(ship(fn).id).toBe(first);
  });
});

describe('defined functions', () => {
  test('a lasting one stays with the workers when its jobs have ended, but is not in use', () => {
    const defined = new DefinedFunctions();
    const fn = ship(adding(1));
    expect(defined.define(fn)).toBe(false);
    expect(defined.define(ship(adding(1)))).toBe(false);
    expect(defined.release(fn.id)).toBeUndefined();
    expect(defined.get(fn.id)?.id).toBe(fn.id);
    expect(defined.release(fn.id)).toBeUndefined();
    expect([defined.get(fn.id), defined.inUse]).toEqual([undefined, 0]);
    expect(defined.define(fn)).toBe(false);
  });

  test('others are forgotten at once, and one defined again has become another', () => {
    const defined = new DefinedFunctions();
    const fn = ship(counting());
    defined.define(fn);
    expect(defined.define(fn)).toBe(true);
    expect(defined.release(fn.id)).toBe(fn.id);
  });

  test('of many lasting ones, the one unused for longest is forgotten', () => {
    const defined = new DefinedFunctions();
    const fns = Array.from({ length: 201 }, (_, k) => ship(adding(k)));
    for (const fn of fns) defined.define(fn);
    const told = fns.map(({ id }) => defined.release(id)).filter((id) => id !== undefined);
    expect(told).toEqual([fns[0]!.id]);
  });
});
