/** Programs that some tests drive: a browser and a terminal. Installed where that is possible; elsewhere those tests name the command. */
import { spawnSync } from 'node:child_process';

/** Program and the Debian package that has it. */
const NEEDED = { chromium: 'chromium', tmux: 'tmux' };

export function installSystemPackages(): void {
  const missing = Object.entries(NEEDED).filter(([program]) => !has(program));
  if (missing.length === 0 || process.getuid?.() !== 0 || !has('apt-get')) return;
  const packages = missing.map(([, name]) => name);
  console.log(`installing ${packages.join(', ')} …`);
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
