/** The cases of the doors, on a backend. */
import { describe, test } from 'vitest';
import * as api from '../../dist/index.js';
import { cases } from './cases.native.mjs';

type Case = [name: string, body: (api: unknown, options: object) => Promise<void>, skips?: Record<string, string | boolean>];

export function describeDoors(backend: 'threads' | 'processes' | 'inline'): void {
  describe(`doors on ${backend}`, () => {
    for (const [name, body, skips] of cases as Case[]) {
      const reason = skips?.[backend];
      if (reason) test.skip(`${name} (skipped: ${reason})`, () => {});
      else test(name, () => body(api, { backend }), skips?.slow ? 120_000 : undefined);
    }
  });
}
