/** joblib.Parallel's behaviour, as joblib tests it. README.md says which id is tested where, and which is not. */
import { describe, test } from 'vitest';
import * as allcores from '../../dist/index.js';
import { cases } from './joblib.native.mjs';

type Case = [name: string, body: (api: unknown, options: { backend: string }) => Promise<void>, skips?: Record<string, string>];

for (const backend of ['threads', 'processes', 'inline'] as const) {
  describe.skipIf(!('Parallel' in allcores))(`Parallel on ${backend} (skipped where the package does not export it)`, () => {
    for (const [name, body, skips] of cases as Case[]) {
      const reason = skips?.[backend];
      if (reason) test.skip(`${name} (skipped: ${reason})`, () => {});
      else test(name, () => body(allcores, { backend }));
    }
  });
}
