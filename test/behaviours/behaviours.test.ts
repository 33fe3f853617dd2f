/** What other pools promise about failure, closing, timeouts, recycling and back-pressure, on every backend with workers: inventory.ts. */
import { describe, test } from 'vitest';
import * as api from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { skipped, THEMES } from './cases.ts';

const SLOW_MS = 120_000;

for (const backend of WORKER_BACKENDS) {
  for (const [theme, cases] of Object.entries(THEMES)) {
    describe(`${theme} on ${backend}`, () => {
      for (const [name, body, skips] of cases) {
        const reason = skipped(skips, backend);
        if (reason !== undefined) test.skip(`${name} (skipped: ${reason})`, () => {});
        else test(name, () => body(api, { backend }), skips?.slow ? SLOW_MS : undefined);
      }
    });
  }
}
