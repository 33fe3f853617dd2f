/** multiprocessing.Pool's behaviour, as CPython tests it. README.md says which id is tested where, and which is not. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as api from '../../dist/index.js';
import { cases } from './cases.native.mjs';

type Case = [name: string, body: (api: unknown, options: { backend: string }) => Promise<void>, skips?: Record<string, string>];

for (const backend of ['threads', 'processes', 'inline'] as const) {
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

test('B32 200 workers, 1,000 tasks: the right sum, and nothing on stderr', () => {
  expect(run('large-pool.mjs', 'threads')).toEqual({ status: 0, stdout: '499500\n', stderr: '' });
}, 120_000);

function run(fixture: string, backend: string) {
  const file = fileURLToPath(new URL(`fixtures/${fixture}`, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '', ALLCORES_BACKEND: backend };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', env, timeout: 110_000 });
  return { status, stdout, stderr };
}
