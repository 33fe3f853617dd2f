/** Helpers of other modules, in a program without a test runner: a runner has rewritten them, and they are not proved then. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { map } from '../../dist/index.js';
import { square } from './fixtures/calculations.native.mjs';

test('imported helpers stay, and long lists where no module assigns them', { timeout: 60_000 }, () => {
  const { VITEST: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const program = fileURLToPath(new URL('fixtures/imports.native.mjs', import.meta.url));
  const told = execFileSync(process.execPath, [program], { env, encoding: 'utf8' });
  expect(JSON.parse(told)).toEqual({
    named: true,
    byDefault: true,
    renamed: true,
    changing: true,
    changingLong: false,
    changed: true,
  });
});

test('what a test runner has made of an import gives the same', async () => {
  expect(await map([1, 2, 3], (x) => square(x) + 1, { placing: 'auto' })).toEqual([2, 5, 10]);
});
