/** The one line in every way users run code: it gives the right result, and the process ends by itself without close(). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bin, Project } from './project.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const body = `
const k = 3;
const helper = (x) => x * k;
(async () => {
  const ys = await map(range(100_000), (x) => x * k);
  const zs = await map([1, 2, 3], (x) => helper(x) + mean([x, x]));
  console.log(ys.length, ys[99_999], ys.every((y, i) => y === i * 3), zs.join());
})();
`;
const expected = '100000 299997 true 4,8,12\n';
const esm = `import { map, range } from 'allcores';\nimport { mean } from 'simple-statistics';\n${body}`;
const cjs = `const { map, range } = require('allcores');\nconst { mean } = require('simple-statistics');\n${body}`;
const typed = `${esm
  .replaceAll('(x) =>', '(x: number) =>')
  .replace('const k = 3;', 'const k: number = 3;\ninterface Row { readonly x: number }\nconst row: Row = { x: 0 };')}void row;\n`;

let project: Project;
beforeAll(() => {
  project = new Project();
});
afterAll(() => project.remove());

const right = { status: 0, stdout: expected, stderr: '' };
const result = ({ status, stdout, stderr }: { status: number | null; stdout: string; stderr: string }) => ({
  status,
  stdout,
  stderr: clean(stderr),
});
/** What Node itself says about running TypeScript or loading ES modules by require() is not ours. */
const clean = (stderr: string) =>
  stderr.replace(
    /^\(node:\d+\) ExperimentalWarning: (CommonJS module|Support for loading ES Module|Type Stripping)[^\n]*\n([^\n]*require[^\n]*\n)?|^\(Use `[^`]*` to show where the warning was created\)\n/gm,
    '',
  );

describe('the one line', () => {
  test('in a .mjs file, run by node', () => {
    project.write('script.mjs', esm);
    expect(result(project.run(['script.mjs']))).toEqual(right);
  });

  test('in CommonJS, by require()', () => {
    project.write('script.cjs', cjs);
    expect(result(project.run(['script.cjs']))).toEqual(right);
    project.write('script.js', cjs);
    expect(result(project.run(['script.js']))).toEqual(right);
  });

  test('in TypeScript, run by tsx, as CommonJS and as an ES module', () => {
    project.write('script.ts', typed);
    expect(result(project.run([bin('tsx/dist/cli.mjs'), 'script.ts']))).toEqual(right);
    expect(result(project.run(['--import', 'tsx', 'script.ts']))).toEqual(right);
    project.write('script.mts', typed);
    expect(result(project.run(['--import', 'tsx', 'script.mts']))).toEqual(right);
  });

  test.skipIf(major < 22 || (major === 22 && minor < 18))('in TypeScript, run by node itself (skipped where node strips no types)', () => {
    project.write('strip.mts', typed);
    expect(result(project.run(['strip.mts']))).toEqual(right);
  });

  test('in TypeScript, compiled by tsc to ES modules and to CommonJS', () => {
    for (const [file, out] of [
      ['compiled.mts', 'compiled.mjs'],
      ['compiled.cts', 'compiled.cjs'],
    ] as const) {
      project.write(file, typed);
      const tsc = project.run([
        bin('typescript/bin/tsc'),
        '--ignoreConfig',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        '',
        '--strict',
        '--skipLibCheck',
        file,
      ]);
      expect(tsc.stdout.replace(/.*console.*\n?/, '')).toBe('');
      expect(result(project.run([out]))).toEqual(right);
    }
  });

  test('in a vitest test', () => {
    const vitest = `import { expect, test } from 'vitest';\nimport { map, range } from 'allcores';\nimport { mean } from 'simple-statistics';\nimport { own } from './own.ts';
const k = 3;
const helper = (x: number) => x * k;
test('map', async () => {
  expect((await map(range(100_000), (x) => x * k))[99_999]).toBe(299_997);
  expect(await map([1, 2, 3], (x) => helper(x) + mean([x, x]) + own(x))).toEqual([6, 12, 18]);
  class Boom extends Error { code = 'BOOM'; }
  const error = await map([1], () => { throw new Boom('no'); }).catch((e: Error) => e);
  expect(error).toBeInstanceOf(Boom);
  expect(error).toMatchObject({ message: 'no', code: 'BOOM' });
  expect((error as unknown as Error).stack).toMatch(/map\\.test\\.ts:\\d+/);
});\n`;
    project.write('own.ts', 'const two: number = 2;\nexport const own = (x: number): number => x * two;\n');
    project.write('map.test.ts', vitest);
    for (const pool of ['forks', 'threads']) {
      const run = project.run([bin('vitest/vitest.mjs'), 'run', '--pool', pool, 'map.test.ts'], { NO_COLOR: '1' });
      expect(run.stdout + run.stderr).toMatch(/Tests {2}1 passed/);
      expect(run.status).toBe(0);
    }
  });

  test('with own modules beside it', () => {
    project.write(
      'lib.mjs',
      `let calls = 0;\nexport const scale = (x) => x * 10;\nexport class Vec { #x; constructor(x) { this.#x = x; } get x() { return this.#x; } }\nexport class Point { constructor(x) { this.x = x; } }\nexport const count = () => ++calls;\n`,
    );
    project.write(
      'own.mjs',
      `import { map } from 'allcores';\nimport { Point, scale, Vec } from './lib.mjs';\nimport * as lib from './lib.mjs';\nconst out = await map([1, 2], (x) => [scale(x), new Vec(x).x, lib.scale(x)].join());\nconsole.log(out.join(';'));\nconsole.log((await map([new Vec(4)], (vec) => [vec.x, new Vec(vec.x + 1).x])).join());\nconst [p] = await map([1], (x) => new Point(x));\nconsole.log(p instanceof Point, p.x);\nconst [v] = await map([7], (x) => new Vec(x));\nconsole.log(v instanceof Vec, v.x);\n`,
    );
    expect(result(project.run(['own.mjs']))).toEqual({
      status: 0,
      stdout: '10,1,10;20,2,20\n4,5\ntrue 1\ntrue 7\n',
      stderr: '',
    });
  });

  test('while a module is still in top-level await', () => {
    project.write(
      'inner.mjs',
      `import { map } from 'allcores';\nconst k = 2;\nconst times = (x) => x * k;\nexport const ready = await map([1, 2], (x) => times(x));\nconsole.log('inner', ready.join());\n`,
    );
    project.write('outer.mjs', `import { ready } from './inner.mjs';\nconsole.log('outer', ready.join());\n`);
    expect(result(project.run(['outer.mjs']))).toEqual({ status: 0, stdout: 'inner 2,4\nouter 2,4\n', stderr: '' });
  });

  test('under flags of V8 and of the whole process', () => {
    const flags = ['--max-old-space-size=2000', '--expose-gc', '--stack-size=900', '--title=mine'];
    expect(result(project.run([...flags, 'script.mjs']))).toEqual(right);
    expect(result(project.run([...flags, '--input-type=module', '-e', esm]))).toEqual(right);
  });

  test('from -e and from standard input', () => {
    expect(result(project.run(['--input-type=module', '-e', esm]))).toEqual(right);
    expect(result(project.run(['-e', cjs]))).toEqual(right);
  });
});

describe('at the end of a program', () => {
  test('twenty lines logged by the last task are all there, in order, before its result', () => {
    const program = `import { map } from 'allcores';\nawait map([1, 2, 3], (x) => { if (x === 3) for (let i = 0; i < 20; i++) console.log('line', i); });\nconsole.log('end');\n`;
    project.write('lines.mjs', program);
    const lines = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');
    expect(result(project.run(['lines.mjs']))).toEqual({ status: 0, stdout: `${lines}end\n`, stderr: '' });
  });

  test('a pool that nobody closed does not keep the process alive', () => {
    project.write(
      'open.mjs',
      `import { Pool } from 'allcores';\nconst pool = new Pool(3);\nconsole.log((await pool.map((x) => x + 1, [1, 2])).join());\n`,
    );
    expect(result(project.run(['open.mjs']))).toEqual({ status: 0, stdout: '2,3\n', stderr: '' });
  });

  test('closing a pool whose workers are still starting ends well, also on a busy machine', async () => {
    project.write(
      'closing.mjs',
      `import { map, Pool, shutdown } from 'allcores';\nconst pool = new Pool(4);\nawait pool.map((x) => x, [1]);\nawait pool.close();\nawait map([1], (x) => x);\nawait shutdown();\nconsole.log('closed');\n`,
    );
    const runs = Array.from({ length: 16 }, () => project.start(['closing.mjs']));
    expect(await Promise.all(runs)).toEqual(runs.map(() => ({ status: 0, stdout: 'closed\n' })));
  });

  test('work in progress does', () => {
    project.write(
      'busy.mjs',
      `import { map } from 'allcores';\nmap([200], async (ms) => { await new Promise((r) => setTimeout(r, ms)); return 'done'; }).then(console.log);\n`,
    );
    expect(result(project.run(['busy.mjs']))).toEqual({ status: 0, stdout: "[ 'done' ]\n", stderr: '' });
  });
});

describe('with a mistake in it', () => {
  test('a captured promise is refused with variable, function, place and advice', () => {
    project.write(
      'mistake.mjs',
      `import { map } from 'allcores';\nconst config = Promise.resolve({ k: 2 });\nconst scale = async (x) => x * (await config).k;\nawait map([1, 2], scale);\n`,
    );
    const { status, stderr } = project.run(['mistake.mjs']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/NotShippableError: .*`config`.*`scale`.*mistake\.mjs:3:15/);
  });

  test("a task that throws names the user's file and line", () => {
    project.write(
      'throws.mjs',
      `import { map } from 'allcores';\nconst parse = (text) => {\n  return JSON.parse(text).a.b;\n};\nawait map(['{"a":{"b":1}}', '{}'], (text) => parse(text));\n`,
    );
    const { status, stderr } = project.run(['throws.mjs']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/TypeError: Cannot read properties of undefined \(reading 'b'\)/);
    expect(stderr).not.toMatch(/node_modules.allcores/);
    expect(stderr).toMatch(/at parse \(file:.*throws\.mjs:3:\d+\)/);
  });

  test('a task that throws in TypeScript names the line the user wrote', () => {
    project.write(
      'throws.mts',
      `import { map } from 'allcores';\n\ninterface Row { readonly a: number }\n\nconst check = (row: Row): number => {\n  if (row.a > 1) throw new Error('too large');\n  return row.a;\n};\nawait map([{ a: 1 }, { a: 2 }], (row: Row) => check(row));\n`,
    );
    const { status, stderr } = project.run(['--import', 'tsx', 'throws.mts']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/throws\.mts:6:/);
  });
});
