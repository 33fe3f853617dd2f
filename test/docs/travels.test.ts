/** Each row of the table in docs/what-travels.md, in each direction. */
import { afterAll, expect, test } from 'vitest';
import { run, shutdown } from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { textOf } from './pages.ts';
import { proofs, table } from './travels.native.mjs';

afterAll(() => shutdown());

test('the page has the table whose rows are tested here', () => {
  expect(textOf('docs/what-travels.md')).toContain(table());
});

for (const backend of WORKER_BACKENDS) {
  for (const { name, prove } of proofs(backend)) {
    const runThere = (fn: () => unknown, args: readonly unknown[] = []) => run(fn as (...args: unknown[]) => unknown, args, { backend });
    test(`${name}, on ${backend}`, async () => expect(await prove(runThere)).toMatch(/^it (arrived|was refused)$/));
  }
}
