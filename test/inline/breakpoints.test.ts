/** Breakpoints in a task, set and hit through the Chrome DevTools protocol as an editor does it. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Debugged, fixture } from './debugged.ts';
import type { WorkerSession } from './worker-session.ts';

const tsx = fileURLToPath(import.meta.resolve('tsx'));
let program: Debugged | undefined;
afterEach(() => program?.kill());

const start = async (name: string, backend: string, flags: readonly string[] = []) => {
  program = await Debugged.start(fixture(name).file, { flags, env: { ALLCORES_BACKEND: backend } });
  return program;
};

describe('under ALLCORES_BACKEND=inline', () => {
  for (const [name, flags] of [
    ['task.mjs', []],
    ['task.mts', ['--import', tsx]],
  ] as const) {
    test(`a breakpoint in the task of ${name} stops there for each item, with its variables`, async () => {
      const { line } = fixture(name);
      const debugged = await start(name, 'inline', flags);
      await debugged.begin([line]);
      for (const x of [10, 20]) {
        await debugged.resume();
        const stop = await debugged.stopped();
        expect([stop.functionName, stop.line]).toEqual(['task', line]);
        expect(await stop.evaluate('({ x, k, product })')).toEqual({ x, k: 3, product: x * 3 });
      }
      await debugged.resume();
      expect(await debugged.end()).toEqual({ status: 0, stdout: '31,61\n', warnings: '', unexpectedStops: 0 });
    });
  }

  test('a task can be stepped through, and its variables can be changed', async () => {
    const { line } = fixture('task.mjs');
    const debugged = await start('task.mjs', 'inline');
    await debugged.begin([line - 1]);
    await debugged.resume();
    const stop = await debugged.stopped();
    await stop.evaluate('x = 100');
    await debugged.stepOver();
    const next = await debugged.stopped();
    expect([next.line, await next.evaluate('product')]).toEqual([line, 300]);
    await debugged.resume();
    await debugged.stopped();
    await debugged.resume();
    expect(await debugged.end()).toMatchObject({ status: 0, stdout: '301,61\n' });
  });

  test('what shipping reads with the inspector stops nobody, and an arrow keeps its this', async () => {
    const debugged = await start('shipping.mjs', 'inline');
    await debugged.begin([]);
    await debugged.resume();
    const { warnings, ...end } = await debugged.end();
    expect(end).toEqual({ status: 0, stdout: '3,6\n2,4\n1\n', unexpectedStops: 0 });
    expect(warnings).toMatch(/`n` is assigned by `up`.*; in a worker only the worker's copy would change\n/);
    expect(warnings).not.toMatch(/taken to share/);
  });
});

test('on threads, an attached debugger is not stopped either, and nothing is refused', async () => {
  const debugged = await start('shipping.mjs', 'threads');
  await debugged.begin([]);
  await debugged.resume();
  const { stdout, status, unexpectedStops } = await debugged.end();
  expect({ status, stdout, unexpectedStops }).toEqual({ status: 0, stdout: '3,6\n2,4\n1\n', unexpectedStops: 0 });
});

test('results with private members stop nobody who is attached', async () => {
  const debugged = await start('accounts.mjs', 'threads');
  await debugged.begin([]);
  await debugged.resume();
  expect(await debugged.end()).toEqual({ status: 0, stdout: '1 EUR,2 EUR\n', warnings: '', unexpectedStops: 0 });
});

describe('in a worker', () => {
  const startThreads = async (name: string, flags: readonly string[] = []) => {
    const env = { ALLCORES_BACKEND: 'threads', ALLCORES_WORKERS: '1' };
    program = await Debugged.start(fixture(name).file, { flags, env });
    await program.begin([]);
    await program.watchWorkers();
    await program.resume();
    return program;
  };
  const stopsForEachItem = async (debugged: Debugged, worker: WorkerSession, line: number) => {
    for (const x of [10, 20]) {
      const stop = await worker.stopped();
      expect([stop.functionName, stop.line]).toEqual(['task', line]);
      expect(await stop.evaluate('({ x, k, product })')).toEqual({ x, k: 3, product: x * 3 });
      if (x === 10) await worker.resume();
    }
    await worker.leave();
    expect(await debugged.end()).toEqual({ status: 0, stdout: '31,61\n', warnings: '', unexpectedStops: 0 });
  };

  test('a breakpoint in the task of task.mjs, set before there is a worker, stops there for each item', async () => {
    const { file, line } = fixture('task.mjs');
    const debugged = await startThreads('task.mjs');
    const worker = await debugged.nextWorker();
    await worker.breakAt(pathToFileURL(file).href, line);
    await worker.run();
    await stopsForEachItem(debugged, worker, line);
  });

  test('a breakpoint in the task of task.mts under tsx is found by the source map of what arrives', async () => {
    const { file, line } = fixture('task.mts');
    const debugged = await startThreads('task.mts', ['--import', tsx]);
    const worker = await debugged.nextWorker();
    await worker.stopAtMappedScripts();
    await worker.run();
    await worker.breakInMapped(pathToFileURL(file).href, line);
    await stopsForEachItem(debugged, worker, line);
  });
});
