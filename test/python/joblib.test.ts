/** joblib.Parallel's behaviour, as joblib tests it. ../behaviours/inventory.ts says which id is tested where. */
import { describe, test } from 'vitest';
import * as allcores from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { cases } from './joblib.native.mjs';

type Case = [name: string, body: (api: unknown, options: { backend: string }) => Promise<void>, skips?: Record<string, string>];

for (const backend of [...WORKER_BACKENDS, 'inline'] as const) {
  describe.skipIf(!('Parallel' in allcores))(`Parallel on ${backend} (skipped where the package does not export it)`, () => {
    for (const [name, body, skips] of cases as Case[]) {
      const reason = skips?.[backend];
      if (reason) test.skip(`${name} (skipped: ${reason})`, () => {});
      else test(name, () => body(allcores, { backend }));
    }
  });
}
