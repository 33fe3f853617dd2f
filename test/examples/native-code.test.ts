/** The programs that use native packages: those are installed into their own folder, from its lock file. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AT_MOST_MS, promised, root, run, runNode } from './program.ts';

const folder = join(root, 'examples/first-week/native-code');
const INSTALL = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];

const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** What is there is what package.json asks for. */
function installed(): boolean {
  const { dependencies } = json('package.json') as { dependencies: Record<string, string> };
  return Object.entries(dependencies).every(([name, version]) => {
    const file = join('node_modules', name, 'package.json');
    return existsSync(join(folder, file)) && (version.startsWith('file:') || json(file).version === version);
  });
}

describe('examples/first-week/native-code', { timeout: AT_MOST_MS }, () => {
  let problem = '';
  beforeAll(() => {
    if (installed()) return;
    // Without scripts: the packages need none, and the repository, which is one of them, would build itself under the other tests.
    const npm = spawnSync('npm', INSTALL, { cwd: folder, encoding: 'utf8', timeout: 120_000, shell: process.platform === 'win32' });
    if (npm.status === 0) return;
    problem = `npm ${INSTALL.join(' ')} in examples/first-week/native-code failed; is the registry reachable?\n${npm.stderr}`;
    if (process.env.CI) throw new Error(problem);
  }, 120_000);

  test('tsconfig.json: no error', async (context) => {
    if (problem) return context.skip(problem);
    const tsc = await runNode([join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', folder]);
    expect(tsc).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('thumbnails.ts: pictures made smaller with sharp', async (context) => {
    if (problem) return context.skip(problem);
    const { status, stdout, stderr } = await run('first-week/native-code/thumbnails.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: promised('first-week/native-code/thumbnails.ts') });
    expect(stderr).toMatch(/^thumbnails: 12\/12 \(100 %\)/m);
  });

  test('passwords.ts: a native addon in each worker', async (context) => {
    if (problem) return context.skip(problem);
    const expected = promised('first-week/native-code/passwords.ts');
    expect(await run('first-week/native-code/passwords.ts')).toEqual({ status: 0, stdout: expected, stderr: '' });
  });
});
