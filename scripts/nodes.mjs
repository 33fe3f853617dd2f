// Binaries of other Node versions: from the npm package `node`, fetched on demand into .cache/nodes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

export function binary(version) {
  const folder = `${root}.cache/nodes/${version}`;
  const file = `${folder}/node_modules/node/bin/node`;
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
    console.log(`fetching node@${version} …`);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `node@${version}`], { stdio: 'inherit' });
    // The package links its binary in an install script, which npm may hold back.
    if (!existsSync(file))
      execFileSync(process.execPath, ['installArchSpecificPackage'], { cwd: `${folder}/node_modules/node`, stdio: 'inherit' });
  }
  return file;
}
