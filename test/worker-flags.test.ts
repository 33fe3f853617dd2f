import { expect, test } from 'vitest';
import { inheritedFlags } from '../src/backends/worker-flags.ts';

test('flags are left to Node, so that those of V8 and of the whole process are no obstacle', () => {
  expect(inheritedFlags([])).toEqual({});
  expect(inheritedFlags(['--max-old-space-size=4096', '--expose-gc', '--import', 'tsx'])).toEqual({});
});

test('beside flags that concern the main program alone, only loaders and preloads are passed on', () => {
  const flags = [
    '--max-old-space-size=4096',
    '--import',
    'tsx',
    '--input-type=module',
    '-r',
    './pre.cjs',
    '--loader=./l.mjs',
    '-e',
    'code',
  ];
  expect(inheritedFlags(flags)).toEqual({ execArgv: ['--import', 'tsx', '-r', './pre.cjs', '--loader=./l.mjs'] });
  expect(inheritedFlags(['--inspect-brk=0', '--conditions', 'dev'])).toEqual({ execArgv: ['--conditions', 'dev'] });
});
