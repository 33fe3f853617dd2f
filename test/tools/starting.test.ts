/** Every way to start a program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installBuilt, Project } from '../users/project.ts';
import { lateModule, ownModule, placeOfThrow, printedBy, program, worksEverywhere } from './program.ts';

const major = Number(process.versions.node.split('.')[0]);
const esm = program({ module: 'esm', typed: false, own: './own.mjs' });
const cjs = program({ module: 'cjs', typed: false, own: './own.cjs' });

let project: Project;
beforeAll(() => {
  project = new Project('commonjs', installBuilt);
  project.write('own.mjs', ownModule({ module: 'esm', typed: false }));
  project.write('own.cjs', ownModule({ module: 'cjs', typed: false }));
  project.write('late.mjs', lateModule);
  project.write('program.mjs', esm);
  project.write('program.cjs', cjs);
});
afterAll(() => project.remove());

function works(args: readonly string[], place: string, input?: string): void {
  const printed = printedBy(project.run(args, {}, input));
  expect(printed).toEqual(worksEverywhere);
  expect(printed.error.stack).toContain(`${place}:22:20`);
}

test('a file, as ES module and as CommonJS', () => {
  expect([placeOfThrow(esm), placeOfThrow(cjs)]).toEqual(['22:20', '22:20']);
  works(['program.mjs'], 'program.mjs');
  works(['program.cjs'], 'program.cjs');
});

test('code on the command line, as module and as script', () => {
  works(['--input-type=module', '-e', esm], '[eval1]');
  works(['-e', cjs], '[eval]');
});

test('code from standard input, as module and as script', () => {
  works(['--input-type=module', '-'], '[eval1]', esm);
  works(['-'], '[stdin]', cjs);
});

test('a module preloaded by --require is one in workers, too; one preloaded by --import stays on the main thread', () => {
  project.write('preload.mjs', 'globalThis.preloaded = (globalThis.preloaded ?? 0) + 1;\n');
  project.write('preload.cjs', 'globalThis.preloaded = (globalThis.preloaded ?? 0) + 1;\n');
  works(['--import', './preload.mjs', '--require', './preload.cjs', 'program.mjs'], 'program.mjs');
  project.write('preloaded.mjs', `import { run } from 'allcores';\nconsole.log(await run(() => globalThis.preloaded));\n`);
  expect(project.run(['--require', './preload.cjs', 'preloaded.mjs']).stdout).toBe('1\n');
  expect(project.run(['--import', './preload.mjs', 'preloaded.mjs']).stdout).toBe('undefined\n');
});

test('lines typed at the prompt', async () => {
  const lines = [
    "const { map } = require('allcores')",
    'const k = 3; class Point { constructor(x) { this.x = x } }',
    'const tripled = (x) => x * k',
    '(await map([1, 2], (x) => tripled(x))).join()',
    '(await map([1], (x) => new Point(x)))[0] instanceof Point',
    "await map([1], () => { throw new RangeError('no') }).catch((error) => error.stack)",
  ];
  const prompt = spawn(process.execPath, ['-i'], { cwd: project.folder, stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of prompt.stdout.setEncoding('utf8')) {
    printed += text;
    if (!printed.endsWith('> ')) continue;
    const line = lines.shift();
    if (line === undefined) prompt.stdin.end();
    else prompt.stdin.write(`${line}\n`);
  }
  expect(printed).toMatch(/'3,6'\n> true\n> 'RangeError: no\\n +at REPL6:1:\d+'\n/);
});

test('node --test, with mocked timers', () => {
  project.write(
    'some.test.mjs',
    `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { map } from 'allcores';\nimport { added } from './own.mjs';
const k = 3;
test('map', async (t) => {
  t.mock.timers.enable();
  assert.deepEqual(await map([1, 2], (x) => added(x * k)), [13, 16]);
});\n`,
  );
  const { status, stdout } = project.run(['--no-warnings', '--test', 'some.test.mjs']);
  expect(stdout).toMatch(/pass 1\b/);
  expect(status).toBe(0);
});

test('node --watch', async () => {
  const watched = spawn(process.execPath, ['--watch', 'program.mjs'], { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const text of watched.stdout.setEncoding('utf8')) {
    printed += text;
    if (printed.includes("Completed running 'program.mjs'")) break;
  }
  const ended = once(watched, 'exit');
  watched.kill();
  await ended;
  expect(JSON.parse(/^\{.*\}$/m.exec(printed)?.[0] ?? '')).toEqual(worksEverywhere);
});

test('where Node may make no code from strings', () => {
  works(['--disallow-code-generation-from-strings', 'program.mjs'], 'program.mjs');
  works(['--disallow-code-generation-from-strings', 'program.cjs'], 'program.cjs');
});

const permission = [major < 22 ? '--experimental-permission' : '--permission', '--allow-fs-read=*', '--no-warnings'];

test('under --permission, the message says what to add', () => {
  const { status, stderr } = project.run([...permission, 'program.mjs']);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /NotShippableError: .*node:inspector.*with: \{ Point \}.*--allow-inspector beside --permission \(Node 24 and later\)/,
  );
});

test.skipIf(major < 24)('under --permission with the inspector and workers allowed (skipped where Node cannot allow the inspector)', () => {
  works([...permission, '--allow-inspector', '--allow-worker', 'program.mjs'], 'program.mjs');
  const { status, stderr } = project.run([...permission, '--allow-inspector', 'program.mjs']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/WorkerLostError: no worker can be started: .* add --allow-worker/);
});
