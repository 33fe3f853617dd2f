// Runs the bench on this Node and on others: node scripts/bench-nodes.mjs [22 24 26] [-- bench arguments]
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { binary } from './nodes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const split = process.argv.indexOf('--');
const own = process.argv.slice(2, split < 0 ? undefined : split);
const rest = split < 0 ? [] : process.argv.slice(split + 1);

execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
for (const node of [process.execPath, ...(own.length > 0 ? own : ['22', '24', '26']).map(binary)]) {
  const { status } = spawnSync(node, ['bench/main.mjs', ...rest], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
