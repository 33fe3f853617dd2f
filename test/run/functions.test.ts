/** The functions of a `Parallel` call: each sent once, and forgotten when nobody calls it any more. */
import { describe, expect, test } from 'vitest';
import { FunctionTable } from '../../src/run/functions.ts';

const closure = (i: number) => () => i;
/** Not to be told from another by what it captures. */
const withState = (i: number) => {
  const seen = [i];
  return () => seen.push(i);
};

describe('a table of functions', () => {
  test('knows a function by identity, and one that captures nothing by its content', () => {
    const table = new FunctionTable({ workers: 2, runsHere: false });
    const fn = closure(1);
    table.enter(0, fn);
    table.enter(1, fn);
    expect(table.of(1)).toBe(table.of(0));
    for (let i = 2; i < 4; i++) table.enter(i, (x: number) => x);
    expect(table.of(3)).toBe(table.of(2));
    table.enter(4, closure(4));
    table.enter(5, closure(5));
    expect(table.of(5).id).not.toBe(table.of(4).id);
  });

  test('forgets what nobody calls any more, tells each once, and keeps what is called', () => {
    const table = new FunctionTable({ workers: 2, runsHere: false });
    const often = closure(-1);
    const told: string[] = [];
    let entered = 0;
    for (let i = 0; i < 2000; i++) {
      table.enter(entered++, often);
      table.enter(entered++, closure(i));
      const own = table.of(entered - 1).id;
      expect(told).not.toContain(own);
      table.release(entered - 1);
      if (i > 0) table.release(entered - 4);
      told.push(...table.forgotten().map(({ id }) => id));
    }
    expect(new Set(told).size).toBe(told.length);
    expect(told.length).toBeGreaterThanOrEqual(2000 - 64);
    expect(told).not.toContain(table.of(entered - 2).id);
    expect(table.forgotten()).toEqual([]);
  });

  test('a function that was forgotten and is called again is sent again, as it is then', () => {
    const table = new FunctionTable({ workers: 2, runsHere: false });
    const fns = Array.from({ length: 100 }, (_, i) => withState(i));
    fns.forEach((fn, i) => {
      table.enter(i, fn);
    });
    const first = table.of(0).id;
    for (let i = 0; i < fns.length; i++) table.release(i);
    const told = table.forgotten().map(({ id }) => id);
    expect(told).toContain(first);
    table.enter(100, fns[0]!);
    expect(told).not.toContain(table.of(100).id);
    // Still there: released last.
    table.enter(101, fns[99]!);
    expect(told).not.toContain(table.of(101).id);
  });

  test('a task released twice counts once', () => {
    const table = new FunctionTable({ workers: 2, runsHere: false });
    const fn = closure(1);
    table.enter(0, fn);
    table.enter(1, fn);
    table.release(0);
    table.release(0);
    for (let i = 2; i < 200; i++) {
      table.enter(i, closure(i));
      table.release(i);
    }
    const told = table.forgotten().map(({ id }) => id);
    expect(told.length).toBeGreaterThan(0);
    expect(told).not.toContain(table.of(1).id);
  });

  test('a function that cannot travel is refused when it is entered', () => {
    const pending = Promise.resolve();
    const table = new FunctionTable({ workers: 2, runsHere: false });
    expect(() => table.enter(0, () => pending)).toThrowError(/pending/);
    expect(() => table.learn(() => pending)).toThrowError(/pending/);
    table.learn(closure(1));
    expect(table.forgotten()).toEqual([]);
  });
});
