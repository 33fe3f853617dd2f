// Everything before a commit that matters: node scripts/check.mjs [--full]
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const steps = [
  ['format and lint', 'biome check'],
  ['build', 'node scripts/build.mjs'],
  ['types and type tests', 'tsc --noEmit -p tsconfig.json'],
  ['types of the page of comparisons', 'tsc --noEmit -p page/tsconfig.json'],
  ['tests: unit, contract, architecture, examples, docs', 'vitest run'],
  ['package: publint', 'publint --strict'],
  ['package: are the types wrong', 'attw --pack . --profile esm-only'],
];
if (process.argv.includes('--full')) {
  steps.push(
    ['100,000 random graphs there and back', 'node test/ship/fuzz/main.mjs'],
    ['nothing stays behind', 'node --expose-gc test/leaks/main.mjs'],
    ['two minutes of soak', 'node scripts/soak.mjs --minutes 2'],
    ['the same tests on Node 22, 24 and 26', 'node scripts/test-nodes.mjs'],
    ['quick bench', 'node bench/main.mjs --quick'],
  );
}

const path = `${root}node_modules/.bin:${process.env.PATH}`;
for (const [name, command] of steps) {
  console.log(`\n— ${name}: ${command}`);
  const from = performance.now();
  const { status } = spawnSync(command, {
    cwd: root,
    stdio: 'inherit',
    shell: true,
    env: { ...process.env, PATH: path, ALLCORES_TEST_BUILT: '1', ...(process.argv.includes('--full') && { ALLCORES_FULL: '1' }) },
  });
  console.log(`  ${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - from) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exit(1);
}
console.log('\nall checks passed');
