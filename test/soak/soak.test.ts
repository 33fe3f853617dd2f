/** A short soak on each backend, always of the same seed. The long one: `npm run soak -- --minutes 10`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WORKER_BACKENDS } from '../backends.native.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** A promise that takes longer counts as one that never settles; the soak names it. */
const PATIENCE_SECONDS = 60;

for (const backend of WORKER_BACKENDS) {
  test(
    `random jobs and faults on ${backend}: every item has one outcome, that of a plain loop`,
    () => {
      const args = ['scripts/soak.mjs', '--json', '--rounds', '12', '--seed', '20261123', '--backend', backend];
      const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--patience', String(PATIENCE_SECONDS)], {
        cwd: root,
        encoding: 'utf8',
        timeout: 4 * PATIENCE_SECONDS * 1000,
      });
      expect(status, stderr).toBe(0);
      const [figures] = (JSON.parse(stdout) as { backends: { rounds: number; items: number; wrong: number }[] }).backends;
      expect(figures).toMatchObject({ rounds: 12, wrong: 0 });
      expect(figures!.items).toBeGreaterThan(100);
    },
    5 * PATIENCE_SECONDS * 1000,
  );
}
