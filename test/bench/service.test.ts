/** The service of `npm run bench -- service` does what it is measured at. Its figures are not looked at: other tests run beside it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WORKER_BACKENDS } from '../backends.native.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SHORT = ['--seconds', '1', '--per-second', '20', '--map-minutes', '1', '--workers', '2', '--json'];

interface Figures {
  readonly alone: { readonly count: number; readonly failed: number };
  readonly beside: { readonly count: number; readonly failed: number };
  readonly mapTasks: number;
  readonly freedMs: number;
  readonly answered: number;
  readonly code: number | null;
}

for (const backend of WORKER_BACKENDS) {
  test(`on ${backend} short calls are answered beside a long map, an aborted request frees its workers, and SIGTERM ends what was begun`, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['bench/main.mjs', 'service', ...SHORT, '--backend', backend], {
      cwd: root,
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stdout, stderr).not.toBe('');
    const { alone, beside, mapTasks, freedMs, answered, code } = JSON.parse(stdout) as Figures;
    expect([alone, beside].map(({ count, failed }) => [count, failed])).toEqual([
      [20, 0],
      [20, 0],
    ]);
    expect(mapTasks).toBeGreaterThan(0);
    // The map had a minute of work left for each worker.
    expect(freedMs).toBeLessThan(30_000);
    expect({ answered, code }).toEqual({ answered: 20, code: 0 });
  }, 120_000);
}
