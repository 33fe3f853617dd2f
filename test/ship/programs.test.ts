/** Whole programs under other loaders: tsx, CommonJS, `node -e`. Their worker, a thread or a process, is a plain one, without the loader. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Place } from './remote.native.mjs';

const folder = new URL('.', import.meta.url);

async function outputTo(place: Place, ...args: string[]): Promise<string> {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  const options = { cwd: fileURLToPath(folder), env: { ...env, PLACE: place, REMOTE: new URL('remote.native.mjs', folder).href } };
  return (await promisify(execFile)(process.execPath, args, options)).stdout;
}

describe.each<Place>(['thread', 'process'])('to a %s', (place) => {
  const output = (...args: string[]) => outputTo(place, ...args);

  test('TypeScript under tsx: own modules travel by value, places are those of the source', async () => {
    expect(JSON.parse(await output('--import', 'tsx', 'fixtures/typescript-program.ts'))).toEqual({
      captures: 9,
      package: [2, 5],
      builtin: ['function', 'b'],
      own: [22, 32, 7, true],
      enum: 'm',
      class: 3,
      error: [true, 'ParseError', 'bad row', 7, 'helper.ts:36:9'],
      place: 'typescript-program.ts:51:13',
      refusal:
        'Cannot ship `pending` (captured by `anonymous function` at typescript-program.ts:58:22): ' +
        'it is a Promise, which settles in this thread only. Await it first and capture its value.',
    });
  });

  test('TypeScript that tsx compiles to CommonJS', async () => {
    expect(JSON.parse(await output('--import', 'tsx', 'fixtures/compiled-to-commonjs.cts'))).toEqual({
      values: [6, 8, 1, 3],
      place: 'compiled-to-commonjs.cts:28:13',
    });
  });

  test('a CommonJS program: sloppy functions, require, __filename', async () => {
    expect(JSON.parse(await output('fixtures/commonjs-program.cjs'))).toEqual({
      values: [9, 0, 8, 2, 'function', true],
      sloppy: 'object',
      require: 5,
      later: 5,
    });
  });

  test('code given on the command line, as script and as module', async () => {
    const program =
      'const K = 3, h = (x) => x * K; import(process.env.REMOTE).then(async ({ Remote }) => ' +
      '{ const r = await Remote.start(); console.log(await r.run((x) => h(x), 2)); await r.close(); })';
    expect(await output('-e', program)).toBe('6\n');
    expect(await output('--input-type=module', '-e', program)).toBe('6\n');
  });

  test('a program in the middle of its top level, and a module that imports it back, do not run again', async () => {
    expect(await output('fixtures/cyclic-program.mjs')).toBe('[ 6, 7, 0 ]\n');
  });
});

test.each(['functions', 'instances', 'values', 'refusals'])('packing %s leaves the heap as it was', async (kind) => {
  const { grown, packs } = JSON.parse(await outputTo('thread', '--expose-gc', 'fixtures/packs-in-a-row.mjs', kind, '3000'));
  expect(packs).toBe(3000);
  // Less than a hundred bytes for each.
  expect(grown).toBeLessThan(300_000);
});

test('console.log retains nothing after a function has been shipped', async () => {
  const lines = (await outputTo('thread', '--expose-gc', 'fixtures/logs-after-shipping.mjs')).trimEnd().split('\n');
  const { grown, logged } = JSON.parse(lines.at(-1)!);
  expect(logged).toBeGreaterThan(20_000_000);
  expect(grown).toBeLessThan(logged / 4);
});
