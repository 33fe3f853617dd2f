// Many random graphs: node test/ship/fuzz/main.mjs. ALLCORES_FUZZ_CASES (default 100000) and ALLCORES_FUZZ_SEED (default: a new one).
import { Remote } from '../remote.native.mjs';
import { comesBack, fuzz, goesThere, ways } from './fuzz.native.mjs';

const cases = Number(process.env.ALLCORES_FUZZ_CASES ?? 100_000);
const seed = Number(process.env.ALLCORES_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const remote = await Remote.start();
const rounds = {
  'cloned to a thread': [0.6, (recipe) => goesThere(recipe, ways['cloned to a thread'])],
  'as bytes': [0.2, (recipe) => goesThere(recipe, ways['as bytes'])],
  'to a worker and back': [0.19, (recipe) => comesBack(recipe, remote)],
  'with shared variables and lexical this': [0.01, (recipe) => goesThere(recipe, ways['cloned to a thread']), true],
};
console.log(`fuzz: ${cases} cases, ALLCORES_FUZZ_SEED=${seed}`);
for (const [name, [share, test, slow]] of Object.entries(rounds)) {
  const from = performance.now();
  await fuzz(test, { cases: Math.ceil(share * cases), seed, slow });
  console.log(`  ${Math.ceil(share * cases)} ${name}: alike, ${((performance.now() - from) / 1000).toFixed(1)} s`);
}
await remote.close();
