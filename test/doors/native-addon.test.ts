/** Native addons that Node loads in no thread but the main one. The smallest of them is compiled here, where there is a compiler. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { map, shutdown } from '../../dist/index.js';

const folder = mkdtempSync(join(tmpdir(), 'allcores-addon-'));
const addon = join(folder, 'addon.node');
afterAll(async () => {
  await shutdown();
  rmSync(folder, { recursive: true });
});

const problem = compile();

const answer = (path: string) => {
  const { createRequire } = process.getBuiltinModule('node:module');
  return (createRequire(path)(path) as { answer: number }).answer;
};

test('an addon that does not load in threads works in processes', async (context) => {
  if (problem) return context.skip(problem);
  const paths = [addon, addon, addon];
  expect(await map(paths, answer, { workers: 2, chunkSize: 1, backend: 'processes' })).toEqual([42, 42, 42]);
  await expect(map(paths, answer, { workers: 2, backend: 'threads' })).rejects.toMatchObject({ code: 'ERR_DLOPEN_FAILED' });
});

/** Why there is no addon; undefined where there is one. */
function compile(): string | undefined {
  const headers = join(dirname(dirname(process.execPath)), 'include/node');
  const version = join(headers, 'node_version.h');
  if (!existsSync(version)) return `Node's headers are not at ${headers}`;
  const modules = /define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(version, 'utf8'))?.[1];
  if (modules !== process.versions.modules) return `the headers at ${headers} are of another Node.js`;
  const source = fileURLToPath(new URL('fixtures/main-thread-only.cc', import.meta.url));
  const standard = Number(modules) >= 131 ? 'c++20' : 'c++17';
  const { status, error, stderr } = spawnSync('c++', ['-shared', '-fPIC', `-std=${standard}`, '-I', headers, source, '-o', addon], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `the addon was not compiled: ${error?.message ?? stderr.slice(0, 500)}`;
}
