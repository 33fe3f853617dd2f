/** Every example is checked by TypeScript under the repository's strict rules. */
import { expect, test } from 'vitest';
import { AT_MOST_MS, runNode } from './program.ts';

test(
  'examples/tsconfig.json: no error',
  async () => {
    expect(await runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'examples/tsconfig.json'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  },
  AT_MOST_MS,
);
