import { Worker } from 'node:worker_threads';
import { afterEach, expect, test } from 'vitest';
import { ThreadsBackend } from '../../src/backends/threads.ts';
import { WorkerSlot } from '../../src/backends/worker-slot.ts';
import { mapSettled, Pool } from '../../src/index.ts';
import type { FromWorker } from '../../src/protocol.ts';
import { hostCodec } from '../../src/run/host-codec.ts';
import { ship } from '../../src/ship/ship.ts';
import { Ear } from '../contract/ear.ts';

const open: ThreadsBackend[] = [];
afterEach(async () => {
  for (const backend of open.splice(0)) await backend.close({ force: true });
});

test('a chunk asked back twice before the first answer ends where it did end', () => {
  let hear: (message: FromWorker) => void = () => {};
  const told: unknown[] = [];
  const line = {
    post() {},
    run: () => ({ started: 0, ranMs: 0, shorten: () => undefined }),
    stop() {},
    keepAlive() {},
    terminate() {},
  };
  const events = new Proxy({} as never, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        told.push([name, ...args]),
  });
  const slot = new WorkerSlot(
    's1',
    (e) => {
      hear = (message) => e.message(message);
      return line;
    },
    events,
    undefined,
    {},
  );
  const shipped = ship((x: number) => x);
  const chunk = {
    chunkId: 1,
    jobId: 1,
    functions: [shipped.id],
    from: 0,
    to: 100,
    attempt: 1,
    depth: 1,
    heard: false,
    items: { values: [] },
  };
  slot.run({ ...chunk, skip: [], call: 'item', lanes: 1, handOverMs: 1, timed: false }, [shipped], true);
  slot.takeBack(1, 50);
  slot.takeBack(1, 10);
  const values = Array.from({ length: 10 }, (_, i) => i);
  hear({ type: 'done', chunkId: 1, from: 0, results: { values }, failed: [], ranMs: 1 });
  expect(told.map((t) => (t as unknown[]).slice(0, 3))).toEqual([
    ['shortened', 1, 10],
    ['done', 1, expect.anything()],
  ]);
});

test('a message of a task by the port of its thread is not taken for ours', async () => {
  const backend = new ThreadsBackend({ workers: 1, codec: hostCodec });
  open.push(backend);
  const ear = new Ear(backend);
  backend.open(ear);
  const { slot } = await ear.heard('slotUp');
  const fn = ship((x: number) => {
    const { parentPort } = process.getBuiltinModule('node:worker_threads');
    for (const message of [{ said: 1 }, { said: 1, message: null }, null, 'said', { said: 'x', message: { type: 'done' } }])
      parentPort!.postMessage(message);
    return x;
  });
  backend.define(fn);
  const chunk = { chunkId: 7, jobId: 1, functions: [fn.id], from: 0, to: 2, attempt: 1, depth: 1, heard: false, items: { values: [1, 2] } };
  backend.run(slot, { ...chunk, skip: [], call: 'item', lanes: 1, handOverMs: 1, timed: false });
  expect(await ear.results(7)).toEqual([1, 2]);
});

test('where the workers that could be started have gone, others are tried again', async () => {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  // The second to fourth start fail.
  const fn = ship((starts: Int32Array) => {
    const n = Atomics.add(starts, 0, 1) + 1;
    if (n >= 2 && n <= 4) throw new Error('no database');
  });
  const backend = new ThreadsBackend({ workers: 2, codec: hostCodec, setup: { type: 'function', fn, args: [cell] } });
  open.push(backend);
  const ear = new Ear(backend);
  backend.open(ear);
  await ear.heard('fewer');
  const up = ear.told.find((t) => t.type === 'slotReady');
  backend.retire(up!.slot);
  await ear.heard('slotReady', (t) => t.slot !== up!.slot);
  expect(ear.told.some((t) => t.type === 'broken')).toBe(false);
});

test('a process whose task has closed its ear or its mouth is ended, and the call goes on', async () => {
  for (const descriptor of [3, 4]) {
    const pool = new Pool({ workers: 2, backend: 'processes' });
    const outcomes = await mapSettled(
      [0, 1, 2, 3, 4, 5, 6, 7],
      (x) => {
        const { closeSync, openSync } = process.getBuiltinModule('node:fs');
        if (x === 3) closeSync(descriptor);
        // Whatever is opened next takes its number.
        if (x === 3) openSync('/dev/null', 'w');
        return x;
      },
      { pool, chunkSize: 1 },
    );
    expect(outcomes).toHaveLength(8);
    expect(await pool.map((x) => x * 2, [1, 2, 3])).toEqual([2, 4, 6]);
    await pool.terminate();
  }
});

test('a message of a worker that cannot be read costs that worker, and nobody waits for ever', async () => {
  const pool = new Pool({ workers: 1 });
  const outcomes = await mapSettled(
    [1, 2],
    (x: number) => {
      if (x !== 2) return [x];
      const { workerData } = process.getBuiltinModule('node:worker_threads');
      const { mail } = workerData as { mail: InstanceType<typeof MessagePort> };
      const gone = new Uint8Array(8);
      structuredClone(gone, { transfer: [gone.buffer] });
      // In the place of its result. A view without its memory among what moves is what no message can be made of again.
      mail.postMessage = () => MessagePort.prototype.postMessage.call(mail, gone, [gone.buffer]);
      return [x];
    },
    { pool, chunkSize: 1 },
  );
  const told = outcomes.map((o) => (o.status === 'fulfilled' ? o.value : o.reason));
  expect(told[0]).toEqual([1]);
  expect(told[1]).toMatchObject({ name: 'WorkerLostError', message: expect.stringContaining('could not be read') });
  expect(await pool.map((x: number) => [x], [4])).toEqual([[4]]);
  await pool.close();
});

test('a message that a worker cannot read costs that worker, and its tasks run elsewhere', async () => {
  const pool = new Pool({ workers: 1 });
  expect(await pool.map((x: number) => [x], [0])).toEqual([[0]]);
  const told: string[] = [];
  const hear = ({ message }: Error) => told.push(message);
  process.on('warning', hear);
  const { postMessage } = Worker.prototype;
  const gone = new Uint8Array(8);
  structuredClone(gone, { transfer: [gone.buffer] });
  Worker.prototype.postMessage = function () {
    Worker.prototype.postMessage = postMessage;
    // The function that the next chunks call.
    postMessage.call(this, gone, [gone.buffer]);
  };
  try {
    expect(await pool.map((x: number) => [x * 2], [1, 2, 3], { chunkSize: 1 })).toEqual([[2], [4], [6]]);
  } finally {
    Worker.prototype.postMessage = postMessage;
  }
  await pool.close();
  process.off('warning', hear);
  expect(told.join()).toContain('a message of the host could not be read');
});
