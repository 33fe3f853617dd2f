/** Every behaviour of the lists has a test of its name, on every backend with workers, and every such test is on the lists. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { cases as pool } from '../python/cases.native.mjs';
import { cases as joblib } from '../python/joblib.native.mjs';
import { type Case, THEMES } from './cases.ts';
import { INVENTORY } from './inventory.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const ID = /^[BJR]\d\d /;
const all = [...Object.values(THEMES).flat(), ...(pool as Case[]), ...(joblib as Case[])];
const casesOf = (id: string) => all.filter(([name]) => name.startsWith(`${id} `));
const pathOf = (file: string) => join(root, file.endsWith('.ts') ? file : `${file}.native.mjs`);
/** The names of tests in a file, by its text. */
const namesIn = (file: string) => [...readFileSync(pathOf(file), 'utf8').matchAll(/['"`]([BJR]\d\d .*?)['"`],/g)].map(([, name]) => name!);

describe('the inventory of behaviours', () => {
  test('has the ids of the lists, each once and in order', () => {
    const ids = INVENTORY.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    expect(ids.filter((id) => id.startsWith('B'))).toHaveLength(66);
    const numbered = (letter: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);
    expect(ids.filter((id) => !id.startsWith('B'))).toEqual([...numbered('J', 37), ...numbered('R', 6)]);
  });

  test('says where each behaviour is tested, or why it is not', () => {
    for (const { id, files = [], none } of INVENTORY) expect([id, files.length > 0], none).toEqual([id, none === undefined]);
  });

  for (const { id, words, files = [], on, none } of INVENTORY) {
    if (none !== undefined) continue;
    test(`${id} ${words}`, () => {
      for (const file of files)
        expect(
          namesIn(file).some((name) => name.startsWith(`${id} `)),
          file,
        ).toBe(true);
      // Those that run programs of their own, or have nothing to do with workers, are in files of tests.
      if (files.some((file) => file.endsWith('.test.ts'))) return;
      for (const backend of on ? [on] : WORKER_BACKENDS) {
        const reasons = casesOf(id).map(([, , skips]) => skips?.[backend]);
        expect(reasons.length, 'it is in a list of cases that is run').toBeGreaterThan(0);
        expect(reasons, `on ${backend}`).toContain(undefined);
      }
    });
  }

  test('knows every test that is named after a behaviour', () => {
    for (const folder of ['behaviours', 'python']) {
      for (const name of readdirSync(join(root, folder)).filter((file) => /\.native\.mjs$|\.test\.ts$/.test(file))) {
        const file = `${folder}/${name.replace('.native.mjs', '')}`;
        for (const title of namesIn(file)) {
          expect(title).toMatch(ID);
          expect(INVENTORY.find(({ id }) => title.startsWith(id))?.files, title).toContain(file);
        }
      }
    }
  });
});
