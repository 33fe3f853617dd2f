/** Functions that vitest has rewritten: `(0, __vi_import_0__.mean)(…)`, `__vite_ssr_import_meta__`. */
import fs, { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { mean } from 'simple-statistics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as helpers from './fixtures/helper.ts';
import { Account, fails, ParseError, scaled } from './fixtures/helper.ts';
import { Remote } from './remote.native.mjs';

const K = 3;
let remote: Remote;
beforeAll(async () => {
  remote = await Remote.start();
});
afterAll(() => remote.close());

async function thrownBy(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('did not throw');
}

test('constants, packages and built-in modules', async () => {
  expect(await remote.run((x: number) => x * K + mean([1, 2, 3]), 2)).toBe(8);
  expect(await remote.run(() => [typeof fs.readFileSync, typeof readFileSync, path.basename('/a/b')])).toEqual([
    'function',
    'function',
    'b',
  ]);
});

test('own modules by value, with classes and instances', async () => {
  const account = new Account('ann', 5);
  const seen = await remote.run(() => [scaled(2), helpers.scaled(3), account.plus(2).balance, account instanceof Account]);
  expect(seen).toEqual([22, 32, 7, true]);
});

test('errors keep their class, and their place in the TypeScript source', async () => {
  const error = await thrownBy(remote.run(() => fails({ unit: 'row' })));
  expect(error).toBeInstanceOf(ParseError);
  expect(error.stack).toMatch(/helper\.ts:36:9/);
  const here = () => {
    throw new RangeError('here');
  };
  const place = /vitest\.test\.ts:\d+:\d+/;
  const remotely = await thrownBy(remote.run(here));
  let locally: unknown;
  try {
    here();
  } catch (caught) {
    locally = caught;
  }
  expect(place.exec(remotely.stack ?? '')?.[0]).toBe(place.exec((locally as Error).stack ?? '')?.[0]);
});

test('the this of an arrow', async () => {
  class Simulation {
    readonly k = 2;
    runner(): (x: number) => number {
      return (x) => this.k * x;
    }
  }
  expect(await remote.run(new Simulation().runner(), 4)).toBe(8);
});

test('import.meta and import()', async () => {
  expect(await remote.run(() => import.meta.url)).toBe(import.meta.url);
  expect(await remote.run(async () => (await import('simple-statistics')).min([3, 2]))).toBe(2);
  expect(await remote.run(async () => (await import('./fixtures/lib.cjs')).quad(3))).toBe(12);
});

test('shared variables, and a warning with the place in the source', async () => {
  let n = 0;
  const increment = () => {
    n++;
  };
  const count = () => {
    increment();
    increment();
    return n;
  };
  expect(await remote.run(count)).toBe(2);
  expect(remote.warnings[0]).toMatch(
    /^`n` is assigned by `increment` \(vitest\.test\.ts:\d+:\d+\); the worker's copy changes, yours does not$/,
  );
});

test('a refusal names the variable and the place in the source', () => {
  const pending = Promise.resolve(1);
  expect(() => remote.run(() => pending)).toThrow(
    /^Cannot ship `pending` \(captured by `anonymous function` at vitest\.test\.ts:\d+:\d+\): it is a Promise/,
  );
});
