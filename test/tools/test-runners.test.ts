/** Tests of the user's own, under the test runners, and what they count as covered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, installBuilt, Project } from '../users/project.ts';
import { lateModule, ownModule, program } from './program.ts';

const major = Number(process.versions.node.split('.')[0]);

/** Where `throw` stands in the line of the failing test. */
const failing = "const error = await map([1], () => { throw new TooLarge('no'); }).catch((e) => e);";

const tests = (fake: string, real: string, here: string) => `
const k = 3;
class Point { constructor(x) { this.x = x; } double() { return this.x * 2; } times() { return (y) => this.x * y; } }
class TooLarge extends Error {}
test('constants', async () => { expect(await map([1, 2], (x) => x * k)).toEqual([3, 6]); });
test('an own module', async () => { expect(await map([1, 2], (x) => added(x))).toEqual([11, 12]); });
test('an instance', async () => { const point = new Point(5); expect(await map([1], () => point.double())).toEqual([10]); });
test('an instance comes back', async () => { const [point] = await map([1], (x) => new Point(x)); expect(point).toBeInstanceOf(Point); });
test('the this of an arrow', async () => { expect(await map([2], new Point(4).times())).toEqual([8]); });
test('nested', async () => { expect(await map([1, 2], async (x) => (await map([x], (y) => y * k))[0])).toEqual([3, 6]); });
test('where it is', async () => { expect(await run(() => ${here})).toBe(${here}); });
test('import()', async () => { expect(await run(async () => (await import('./late.mjs')).seven)).toBe(7); });
test('typed arrays', async () => { const b = new Float64Array([1, 2]); expect(await map(b, (x) => x + b[0])).toEqual(new Float64Array([2, 3])); });
test('collections', async () => { const m = new Map([[1, 2]]); expect((await map([1], () => m.get(1)))).toEqual([2]); });
test('shared variables', async () => { let n = 0; const up = () => ++n; const down = () => --n; expect(await run(() => { up(); up(); return down(); })).toBe(1); });
test('a refusal', async () => { const p = Promise.resolve(1); await expect(map([1], () => p)).rejects.toThrow(/\`p\` .*Promise/); });
test('fake timers', async () => { ${fake} try { expect(await map([1, 2], (x) => x * k)).toEqual([3, 6]); } finally { ${real} } });
test('errors', async () => {
  ${failing}
  expect(error).toBeInstanceOf(TooLarge);
  expect(error.message).toBe('no');
  expect(error.stack).toMatch(/some[.-]test\\.[cm]?[jt]s:${'LINE'}:${3 + failing.indexOf('new TooLarge')}/);
  await expect(map([1], () => { throw new TypeError('no'); })).rejects.toThrow(TypeError);
});
`;
const placed = (text: string) => text.replace('LINE', String(text.split('\n').findIndex((line) => line.includes(failing)) + 1));
const COUNT = tests('', '', '').match(/^test\(/gm)!.length;

const vitestFile = placed(
  `import { expect, test, vi } from 'vitest';\nimport { map, run } from 'allcores';\nimport { added } from './own.mjs';\n` +
    tests('vi.useFakeTimers();', 'vi.useRealTimers();', 'import.meta.url'),
);
const jestModule = placed(
  `import { jest } from '@jest/globals';\nimport { map, run } from 'allcores';\nimport { added } from './own.mjs';\n` +
    tests('jest.useFakeTimers();', 'jest.useRealTimers();', 'import.meta.url'),
);
const jestScript = (getDoors: string) =>
  placed(
    `const { added } = require('./own.cjs');\nlet map, run;\nbeforeAll(async () => { ({ map, run } = ${getDoors}); });\n` +
      tests('jest.useFakeTimers();', 'jest.useRealTimers();', '__filename'),
  );

let project: Project;
beforeAll(() => {
  project = new Project('commonjs', installBuilt);
  for (const name of ['@vitest/coverage-istanbul', 'jest', '@jest/globals']) project.link(name);
  project.write('own.mjs', ownModule({ module: 'esm', typed: false }));
  project.write('own.cjs', ownModule({ module: 'cjs', typed: false }));
  project.write('late.mjs', lateModule);
  project.write('vitest/some.test.ts', vitestFile.replaceAll('./own.mjs', '../own.mjs').replaceAll('./late.mjs', '../late.mjs'));
  project.write('jest/module/some.test.mjs', jestModule.replaceAll('./own.mjs', './own.mjs'));
  for (const folder of ['module', 'script']) {
    project.write(`jest/${folder}/own.mjs`, ownModule({ module: 'esm', typed: false }));
    project.write(`jest/${folder}/own.cjs`, ownModule({ module: 'cjs', typed: false }));
    project.write(`jest/${folder}/late.mjs`, lateModule);
    project.write(`jest/${folder}/package.json`, `{ "jest": { "testMatch": ["**/some.test.*"] } }`);
  }
  project.write('jest/script/some.test.cjs', jestScript("await import('allcores')"));
});
afterAll(() => project.remove());

describe('vitest', () => {
  const run = (...flags: string[]) => project.run([bin('vitest/vitest.mjs'), 'run', '--root', 'vitest', ...flags], { NO_COLOR: '1' });

  for (const pool of ['forks', 'threads', 'vmThreads']) {
    test(`the pool ${pool}`, () => {
      const { stdout, stderr, status } = run('--pool', pool);
      expect(stdout + stderr).toMatch(new RegExp(`Tests {2}${COUNT} passed`));
      expect(status).toBe(0);
    });
  }

  test('istanbul counts nothing wrong and breaks nothing', () => {
    const { stdout, stderr } = run('--coverage.enabled', '--coverage.provider=istanbul', '--coverage.allowExternal');
    expect(stdout + stderr).toMatch(new RegExp(`Tests {2}${COUNT} passed`));
  });
});

describe('jest, with --experimental-vm-modules', () => {
  const run = (folder: string, ...flags: string[]) =>
    project.run(['--experimental-vm-modules', bin('jest/bin/jest.js'), '--rootDir', `jest/${folder}`, ...flags], { NO_COLOR: '1' });

  test('ES modules', () => {
    const { stderr, status } = run('module', '--transform={}');
    expect(stderr).toMatch(new RegExp(`Tests: +${COUNT} passed, ${COUNT} total`));
    expect(status).toBe(0);
  });

  test('CommonJS, where the package is imported by import()', () => {
    const { stderr, status } = run('script', '--transform={}');
    expect(stderr).toMatch(new RegExp(`Tests: +${COUNT} passed, ${COUNT} total`));
    expect(status).toBe(0);
  });

  test.skipIf(major < 24)('CommonJS by require() (skipped where Jest cannot require ES modules)', () => {
    project.write('jest/script/some.test.cjs', jestScript("require('allcores')"));
    expect(run('script', '--transform={}').stderr).toMatch(new RegExp(`Tests: +${COUNT} passed, ${COUNT} total`));
  });

  test("istanbul's counters, by Jest's own transform, stay behind", () => {
    const { stdout, stderr } = run('module', '--coverage', '--transform={"\\\\.m?js$":["babel-jest",{}]}');
    expect(stderr).toMatch(new RegExp(`Tests: +${COUNT} passed, ${COUNT} total`));
    expect(stdout).toMatch(/own\.mjs/);
  });
});

test("NODE_V8_COVERAGE has nothing of rebuilt code under the user's file", () => {
  project.write('program.mjs', program({ module: 'esm', typed: false, own: './own.mjs' }));
  const { status } = project.run(['program.mjs'], { NODE_V8_COVERAGE: 'covered' });
  expect(status).toBe(0);
  const folder = join(project.folder, 'covered');
  const scripts = readdirSync(folder).flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')).result as { url: string; functions: { functionName: string }[] }[],
  );
  const own = scripts.filter(({ url }) => url === pathToFileURL(join(project.folder, 'program.mjs')).href);
  expect(own.map(({ functions }) => functions.some(({ functionName }) => functionName === 'main'))).toEqual([true]);
});
