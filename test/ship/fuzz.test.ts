/** Random graphs there and back. More of them: `node test/ship/fuzz/main.mjs`. */
import { afterAll, beforeAll, test } from 'vitest';
import { Pool } from '../../dist/index.js';
import { comesBack, fuzz, goesThere, passesDoor, ways } from './fuzz/fuzz.native.mjs';
import { Remote } from './remote.native.mjs';

const seed = 20_261_122;
let remote: Remote;

beforeAll(async () => {
  remote = await Remote.start();
  console.log(`fuzz: seed ${seed}`);
});
afterAll(() => remote.close());

for (const [name, way] of Object.entries(ways)) {
  test(`random graphs are alike on the other side, ${name}`, () => fuzz((recipe) => goesThere(recipe, way), { cases: 100, seed }));
}

test('random graphs with shared variables and lexical this are alike on the other side', () =>
  fuzz((recipe) => goesThere(recipe, ways['cloned to a thread']), { cases: 40, seed, slow: true }));

test('random graphs come back from a worker as they went', () => fuzz((recipe) => comesBack(recipe, remote), { cases: 100, seed }));

test('random graphs are items and results of a pool', async () => {
  await using pool = new Pool(1);
  await fuzz((recipe) => passesDoor(recipe, pool), { cases: 60, seed });
});
