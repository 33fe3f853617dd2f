/** Coverage of tasks, and the places that stack traces name: both are the user's, because the function itself runs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { map } from '../../dist/index.js';

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly functionName: string; readonly ranges: readonly { readonly count: number }[] }[];
}

const tsx = ['--import', fileURLToPath(import.meta.resolve('tsx'))];
const folder = mkdtempSync(join(tmpdir(), 'allcores-coverage-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(name: string, flags: readonly string[], env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  const options = { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ALLCORES_BACKEND: 'inline', ...env } } as const;
  return { ...spawnSync(process.execPath, [...flags, file], options), url: pathToFileURL(file).href };
}

const countsIn = ({ functions }: Script) =>
  Object.fromEntries(functions.map(({ functionName, ranges: [whole] }) => [functionName, whole?.count]));

describe('coverage', () => {
  for (const [name, flags] of [
    ['covered.mjs', []],
    ['covered.mts', tsx],
  ] as const) {
    test(`NODE_V8_COVERAGE counts one call of a task of ${name} for each item`, () => {
      const { status, stdout, stderr, url } = run(name, flags, { NODE_V8_COVERAGE: folder });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '3,6,9,12,15\n3,7\n', stderr: '' });
      const scripts = readdirSync(folder)
        .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).result as Script[])
        .filter((script) => script.url === url);
      expect(scripts.map(countsIn)).toEqual([expect.objectContaining({ task: 5, scaled: 5, never: 0, added: 2 })]);
    });
  }

  test("vitest's own way, a profiler in the same process, counts them too", async () => {
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    const profiledTask = (x: number) => x + 1;
    expect(await map([1, 2, 3], profiledTask, { backend: 'inline' })).toEqual([2, 3, 4]);
    const { result } = (await session.post('Profiler.takePreciseCoverage')) as { result: readonly Script[] };
    session.disconnect();
    const counts = result.filter(({ url }) => url.endsWith('coverage.test.ts')).map(countsIn);
    expect(counts).toEqual([expect.objectContaining({ profiledTask: 3 })]);
  });
});

describe('stack traces', () => {
  for (const [name, flags, traced] of [
    ['failing.mjs', [], 4],
    ['failing.mts', tsx, 8],
  ] as const) {
    test(`an error of a task of ${name}, and console.trace in it, name the file and line that the user wrote`, () => {
      const { status, stderr } = run(name, flags);
      expect(status).toBe(1);
      const places = (line: number) => new RegExp(`at check \\(.*${name.replace('.', '\\.')}:${line}:\\d+\\)`, 'g');
      expect(stderr.match(places(traced))).toHaveLength(2);
      expect(stderr).toMatch(/RangeError: too large/);
      expect(stderr.match(places(traced + 1))).toHaveLength(1);
    });
  }
});
