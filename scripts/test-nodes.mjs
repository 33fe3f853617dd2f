// Runs the tests on other Node versions: node scripts/test-nodes.mjs [22 24 26] [-- vitest arguments]
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { binary } from './nodes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const split = process.argv.indexOf('--');
const own = process.argv.slice(2, split < 0 ? undefined : split);
const versions = own.length > 0 ? own : ['22', '24', '26'];
const rest = split < 0 ? [] : process.argv.slice(split + 1);

execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
const failed = [];
for (const version of versions) {
  const node = binary(version);
  console.log(`\n=== Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()} ===`);
  const env = { ...process.env, ALLCORES_TEST_BUILT: '1' };
  const { status } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run', ...rest], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) failed.push(version);
}
console.log(failed.length === 0 ? `\npassed on Node ${versions.join(', ')}` : `\nfailed on Node ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
