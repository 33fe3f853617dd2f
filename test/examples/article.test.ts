/** Every listing of the article runs as it stands, gives the right results, and ends by itself. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AT_MOST_MS, promised, root, run } from './program.ts';

const PRINTS = {
  '01-square-loop.ts': 'the loop over 100,000 numbers',
  '02-pool-map.ts': 'the same by a pool of 8',
  '05-two-parameters-wrapper.ts': 'two parameters by a wrapper',
  '06-starmap.ts': 'two parameters by starmap',
  '07-joblib-one-parameter.ts': 'Parallel and delayed with one parameter',
  '09-joblib-two-parameters.ts': 'Parallel and delayed with two parameters',
};
const COMPARES = {
  '03-squares-compared.ts': {
    what: 'squares',
    unit: 'numbers',
    sizes: ['1', '10', '100', '1,000', '10,000', '100,000'],
    shows: /the loop is the right tool/i,
  },
  '04-slow-function-compared.ts': {
    what: 'a slow function',
    unit: 'items',
    sizes: ['1', '2', '4', '8', '9'],
    shows: /^ +8 +1\.\d+ s +.* new Pool \d/m,
  },
  '08-joblib-against-pool.ts': {
    what: 'Parallel against a pool',
    unit: 'items',
    sizes: ['1', '4', '8', '15'],
    shows: /Parallel +Pool\.map/,
  },
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'allcores-article-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('examples/article', () => {
  test('every file there is tested here', () => {
    const files = readdirSync(join(root, 'examples/article')).filter((file) => file !== 'model-runner.ts');
    expect(files.toSorted()).toEqual([...Object.keys(PRINTS), ...Object.keys(COMPARES)].toSorted());
  });

  for (const [file, what] of Object.entries(PRINTS)) {
    test(
      `${file}: ${what}`,
      async () => {
        expect(promised(`article/${file}`)).not.toBe('');
        expect(await run(`article/${file}`)).toEqual({ status: 0, stdout: promised(`article/${file}`), stderr: '' });
      },
      AT_MOST_MS,
    );
  }

  for (const [file, { what, unit, sizes, shows }] of Object.entries(COMPARES)) {
    test(
      `${file}: ${what}, as a table and as a page of charts`,
      async () => {
        const page = join(folder, `${file}.html`);
        const { status, stdout, stderr } = await run(`article/${file}`, { args: ['--page', page] });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toMatch(new RegExp(`^ *${unit} `, 'm'));
        // compare itself refuses to end well when a method gives other results than the loop.
        for (const size of sizes) expect(stdout).toMatch(new RegExp(`^ +${size} .*[mµ]?s`, 'm'));
        expect(stdout).toMatch(shows);
        expect(readFileSync(page, 'utf8')).toMatch(/<svg|<script/);
      },
      AT_MOST_MS,
    );
  }
});
