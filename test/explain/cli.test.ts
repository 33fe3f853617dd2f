/** The command `allcores explain`, run as users run it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'allcores-explain-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'allcores'));
  symlinkSync(join(root, 'node_modules/tsx'), join(folder, 'node_modules', 'tsx'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "version": "1.0.0", "type": "module" }\n');
  writeFileSync(
    join(folder, 'work.ts'),
    `interface Config { readonly table: Float64Array; readonly k: number }

const config: Config = { table: new Float64Array(1000), k: 3 };
const half = (x: number): number => x / config.k;
export const scale = (x: number): number => half(x) * config.table.length;

const pending: Promise<number> = Promise.resolve(1);
export const waits = async (): Promise<number> => pending;
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function allcores(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(env)) if (/^(NODE_OPTIONS|VITEST.*|ALLCORES_.*|NODE_V8_COVERAGE)$/.test(name)) delete env[name];
  return spawnSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 });
}

test('it prints the captures of a TypeScript function, with their places in the TypeScript source', () => {
  const { status, stdout, stderr } = allcores('explain', 'work.ts#scale');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\nscale \(work\.ts:5:\d+\)\n/);
  expect(stdout).toMatch(/config\.table +by value +8\.\d kB/);
  expect(stdout).toMatch(/half +a function/);
  expect(stdout).toMatch(/\n {2}half \(work\.ts:4:\d+\)\n/);
});

test('--json prints the data', () => {
  const { status, stdout } = allcores('explain', 'work.ts#scale', '--json');
  const data = JSON.parse(stdout) as { name: string; functions: { name: string }[]; bytes: number };
  expect([status, data.name, data.functions.map(({ name }) => name).filter((name) => name === 'scale' || name === 'half')]).toEqual([
    0,
    'scale',
    ['scale', 'half'],
  ]);
  expect(data.bytes).toBeGreaterThan(8000);
});

test('what cannot travel is told, and the exit code is 1', () => {
  const { status, stdout } = allcores('explain', 'work.ts#waits');
  expect(status).toBe(1);
  expect(stdout).toMatch(/It cannot travel\. Cannot ship `pending` \(captured by `waits` at work\.ts:8:\d+\): it is a Promise/);
});

test('a wrong command has the exit code 2', () => {
  expect(allcores('explain', 'work.ts#nothing')).toMatchObject({ status: 2, stdout: '' });
});
