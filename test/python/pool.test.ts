/** multiprocessing.Pool's behaviour, as CPython tests it. ../behaviours/inventory.ts says which id is tested where. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as api from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { cases } from './cases.native.mjs';

type Case = [name: string, body: (api: unknown, options: { backend: string }) => Promise<void>, skips?: Record<string, string>];

for (const backend of [...WORKER_BACKENDS, 'inline'] as const) {
  describe(`Pool on ${backend}`, () => {
    for (const [name, body, skips] of cases as Case[]) {
      const reason = skips?.[backend];
      if (reason) test.skip(`${name} (skipped: ${reason})`, () => {});
      else test(name, () => body(api, { backend }));
    }

    test('B26 a forgotten open pool: the process ends by itself with 0, and prints nothing', () => {
      expect(run('forgotten.mjs', backend)).toEqual({ status: 0, stdout: 'done\n', stderr: '' });
    });
  });
}

for (const [backend, workers] of [
  ['threads', 200],
  // Node takes 40 MB a process.
  ['processes', 50],
] as const) {
  test(`B32 ${workers} workers, 1,000 tasks: the right sum, and nothing on stderr, on ${backend}`, () => {
    expect(run('large-pool.mjs', backend, workers)).toEqual({ status: 0, stdout: '499500\n', stderr: '' });
  }, 120_000);
}

function run(fixture: string, backend: string, ...args: readonly number[]) {
  const file = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '', ALLCORES_BACKEND: backend };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args.map(String)], { encoding: 'utf8', env, timeout: 110_000 });
  return { status, stdout, stderr };
}
