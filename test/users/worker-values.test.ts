/** What workers make and let go of, in whole programs: that they end, with which code, and what they have disposed by then. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from './project.ts';

let project: Project;
beforeAll(() => {
  project = new Project('module');
});
afterAll(() => project.remove());

/** Runs a program; gives its exit code, its output and the lines it wrote to `log`. */
function run(file: string, text: string, flags: readonly string[] = []) {
  project.write(file, text);
  const { status, stdout, stderr } = project.run([...flags, file]);
  let log: string[] = [];
  try {
    log = readFileSync(join(project.folder, 'log'), 'utf8').trim().split('\n');
    rmSync(join(project.folder, 'log'));
  } catch {}
  return { status, stdout, stderr, log };
}

const head = `import { appendFileSync } from 'node:fs';
import { map, mapStream, perWorker, Pool, shutdown, context } from 'allcores';
const tell = (text) => appendFileSync('log', text + '\\n');
`;

for (const backend of ['threads', 'inline']) {
  const first = `{ backend: '${backend}', workers: 1 }`;

  describe(`a program with perWorker values on ${backend}`, () => {
    test('disposes them when it has nothing left to do, the latest first, and exits with 0', () => {
      const program = `${head}
const one = perWorker(() => 'one', { dispose: async (v) => { await new Promise((r) => setTimeout(r, 20)); tell(v); } });
const two = perWorker(async () => 'two', { dispose: tell });
await map([1, 2], async () => [one.get(), await two.get()], ${first});
console.log('end');
`;
      expect(run('ends.mjs', program)).toEqual({ status: 0, stdout: 'end\n', stderr: '', log: ['two', 'one'] });
    });

    test('disposes them at close, once, and what is made after that at its own end', () => {
      const program = `${head}
const one = perWorker(() => 'one', { dispose: tell });
for (let i = 0; i < 2; i++) {
  const pool = new Pool(${first});
  await pool.map(() => one.get(), [1]);
  await pool.close();
  tell('closed');
}
await map([1], () => one.get(), ${first});
await shutdown();
tell('shut down');
await map([1], () => one.get(), ${first});
`;
      expect(run('closes.mjs', program)).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
        log: ['one', 'closed', 'one', 'closed', 'one', 'shut down', 'one'],
      });
    });

    test('is not kept for ever by a disposal that never ends', { timeout: 60_000 }, () => {
      const program = `${head}
const stuck = perWorker(() => 1, { dispose: () => new Promise(() => {}) });
const pool = new Pool(${first});
await pool.map(() => stuck.get(), [1]);
await pool.close();
console.log('closed');
await map([1], () => stuck.get(), ${first});
`;
      const { status, stdout, stderr } = run('stuck.mjs', program);
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'closed\n' });
      expect(stderr).toMatch(/was not disposed within 5 s/);
    });

    test('is told by a warning of a disposal that throws, and ends well', () => {
      const program = `${head}
const bad = perWorker(() => 1, { dispose: () => { throw new Error('stuck door'); } });
const good = perWorker(() => 2, { dispose: () => tell('good') });
await map([1], () => good.get() + bad.get(), ${first});
`;
      const { status, stderr, log } = run('throws.mjs', program);
      expect({ status, log }).toEqual({ status: 0, log: ['good'] });
      expect(stderr).toMatch(/ALLCORES_DISPOSE.*could not be disposed: stuck door/);
    });

    test('ends with the code of process.exit and disposes nothing then', () => {
      const program = `${head}
const one = perWorker(() => 'one', { dispose: tell });
await map([1], () => one.get(), ${first});
process.exit(5);
`;
      expect(run('exits.mjs', program)).toEqual({ status: 5, stdout: '', stderr: '', log: [] });
    });

    test('fails with the error of a task and still disposes', () => {
      const program = `${head}
const one = perWorker(() => 'one', { dispose: tell });
await map([1, 2], (x) => { one.get(); if (x === 2) throw new RangeError('no twos'); }, ${first}).catch((e) => console.log(e.message));
process.exitCode = 3;
`;
      expect(run('fails.mjs', program)).toEqual({ status: 3, stdout: 'no twos\n', stderr: '', log: ['one'] });
    });

    test('shares them between two copies of the package', () => {
      project.write('copy/package.json', '{ "type": "module" }');
      const program = `${head}
import { cpSync } from 'node:fs';
cpSync('node_modules/allcores', 'node_modules/allcores2', { recursive: true });
const copy = await import('allcores2');
const fromFirst = perWorker(() => ({ n: 0 }));
const fromCopy = copy.perWorker(() => ({ n: 0 }));
const task = () => [++fromFirst.get().n, ++fromCopy.get().n, context.index, copy.context.index];
const own = new Pool(${first});
console.log(JSON.stringify(await own.map(() => [++fromFirst.get().n, ++fromCopy.get().n, context.index], [1, 2])));
// The shared pools are those of the process, whichever copy has made them.
console.log(JSON.stringify([await map([1], (x) => [x]), await copy.map([1], (x) => [x])]));
const other = new copy.Pool(${first});
console.log(JSON.stringify(await other.map(() => [++fromCopy.get().n, context.index], [1, 2])));
await own.close();
await other.close();
`;
      const { status, stdout, stderr } = run('copies.mjs', program);
      const kept = backend === 'inline' ? '[[3,0],[4,1]]' : '[[1,0],[2,1]]';
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `[[1,1,0],[2,2,1]]\n[[[1]],[[1]]]\n${kept}\n`, stderr: '' });
    });
  });
}

describe('a setup', () => {
  test('is a TypeScript module under tsx', () => {
    project.write(
      'setup.ts',
      `declare global { var ready: number | undefined; }\nexport default function (): void { globalThis.ready = (globalThis.ready ?? 0) + 1; }\n`,
    );
    const program = `import { Pool } from 'allcores';
const pool: Pool = new Pool({ workers: 2, setup: new URL('./setup.ts', import.meta.url) });
console.log((await pool.map((x: number) => x + (globalThis as { ready?: number }).ready!, [1, 2])).join());
await pool.close();
`;
    expect(run('typed.mts', program, ['--import', 'tsx'])).toEqual({ status: 0, stdout: '2,3\n', stderr: '', log: [] });
  });

  test('that fails ends the program with its cause, and with code 1', () => {
    const program = `import { Pool } from 'allcores';
const pool = new Pool({ workers: 2, setup: () => { throw new RangeError('no database'); } });
await pool.map((x) => x, [1]);
`;
    const { status, stderr } = run('fails-to-start.mjs', program);
    expect(status).toBe(1);
    expect(stderr).toMatch(/WorkerLostError: no worker can be started: its setup failed with RangeError: no database/);
    expect(stderr).toMatch(/\[cause\]: RangeError: no database/);
    expect(stderr.match(/no worker can be started/g)).toHaveLength(1);
  });

  test('that fails in a pool nobody waits for is no unhandled rejection, and does not keep the program', () => {
    const program = `import { map, Pool } from 'allcores';
const pool = new Pool({ workers: 1, setup: () => { throw new RangeError('no database'); } });
pool.map((x) => x, [1]).catch((e) => console.log(e.code));
console.log((await map([1], (x) => x + 1)).join());
`;
    const { status, stdout, stderr } = run('unwaited.mjs', program);
    expect({ status, stderr, lines: stdout.trim().split('\n').sort() }).toEqual({
      status: 0,
      stderr: '',
      lines: ['2', 'WORKER_START_FAILED'],
    });
  });

  test('prints, and its lines are passed on', () => {
    const program = `import { Pool } from 'allcores';
const pool = new Pool({ workers: 1, setup: () => console.log('setting up') });
console.log((await pool.map((x) => x, [1])).join());
await pool.close();
`;
    expect(run('prints.mjs', program)).toEqual({ status: 0, stdout: 'setting up\n1\n', stderr: '', log: [] });
  });
});

describe('a program with Parallel', () => {
  test('that leaves a stream half read ends', () => {
    const program = `import { delayed, Parallel } from 'allcores';
function* calls() { for (let i = 0; ; i++) yield delayed((x) => x * 2)(i); }
const results = Parallel({ nJobs: 2, returnAs: 'generator', preDispatch: 20 })(calls());
console.log((await results.next()).value, (await results.next()).value);
`;
    expect(run('left.mjs', program)).toEqual({ status: 0, stdout: '0 2\n', stderr: '', log: [] });
  });

  test('that is written as in Joblib gives what Joblib gives', () => {
    const program = `import { delayed, Parallel, range } from 'allcores';
const sqrt = Math.sqrt;
console.log((await Parallel({ nJobs: 2, verbose: 1 })(range(10).map((i) => delayed(sqrt)(i ** 2)))).join());
`;
    const { status, stdout, stderr } = run('joblib.mjs', program);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '0,1,2,3,4,5,6,7,8,9\n' });
    expect(stderr).toMatch(/^Parallel\(nJobs=2\).*10/m);
  });

  test('whose calls reject without anybody waiting dies as any program would, and names the error', () => {
    const program = `import { delayed, Parallel } from 'allcores';
Parallel({ nJobs: 2 })([delayed(() => { throw new RangeError('unheard'); })()]);
`;
    const { status, stderr } = run('unheard.mjs', program);
    expect(status).toBe(1);
    expect(stderr).toMatch(/RangeError: unheard/);
  });
});
