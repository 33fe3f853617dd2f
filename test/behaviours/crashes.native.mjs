// Workers that die, at work and between. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { blockAt, mark, marks, until, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const failureOf = (promise) => promise.then(assert.fail, (error) => error);

/** What ends a worker at once, whatever it does: a process is killed, a thread can only end itself. */
const die = {
  threads: () => process.exit(9),
  processes: () => {
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  },
};
const HOW_IT_DIED = { threads: /code 9/, processes: /SIGKILL/ };
const FATAL = 'a signal reaches the process, and takes the host with it: docs/reliability.md';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J17 process.exit(1) in a task rejects that task, and its worker is replaced',
    async ({ Pool, context, whereFailed }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const before = await pool.apply(() => context.workerId);
      const error = await failureOf(pool.map((x) => (x === 5 ? process.exit(1) : x), [4, 5, 6], 1));
      assert.deepEqual([error.name, error.code, whereFailed(error)?.index], ['WorkerLostError', 'WORKER_LOST', 1]);
      assert.match(error.message, /items\[1\] \(5\).*code 1/s);
      assert.notEqual(await pool.apply(() => context.workerId), before);
      await pool.close();
    },
  ],
  [
    'B34 a killed worker: its task alone fails, what waits runs, and later calls work (in Python all of them fail)',
    async ({ Pool, mapSettled }, o) => {
      const kill = die[o.backend];
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const task = (x) => {
          mark(folder, `ran-${x}`);
          if (x === 7) kill();
          return x;
        };
        const other = pool.map(square, numbers(50), 1);
        const out = await mapSettled(numbers(30), task, { pool, chunkSize: 10 });
        for (const [i, { value, reason }] of out.entries()) {
          if (i !== 7) assert.equal(value, i);
          else assert.match(`${reason.name}: ${reason.message}`, HOW_IT_DIED[o.backend]);
          if (i > 7) assert.equal(marks(folder, `ran-${i}`), 1, `items[${i}] has run ${marks(folder, `ran-${i}`)} times`);
        }
        assert.equal(marks(folder, 'ran-7'), 1);
        assert.deepEqual(await other, numbers(50).map(square));
        assert.deepEqual(await pool.map(square, [3]), [9]);
        await pool.close();
      });
    },
  ],
  [
    'J20 a SIGKILLed worker: its task rejects with the signal, and the next call has a new worker',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const pid = await pool.apply(() => process.pid);
        const running = failureOf(
          pool.apply(() => {
            mark(folder, 'started');
            blockAt(folder, 'never opened');
          }),
        );
        await until(() => marks(folder, 'started') === 1);
        process.kill(pid, 'SIGKILL');
        const error = await running;
        assert.deepEqual([error.name, error.code, error.signal], ['WorkerLostError', 'WORKER_LOST', 'SIGKILL']);
        assert.match(error.message, /SIGKILL/);
        assert.notEqual(await pool.apply(() => process.pid), pid);
        await pool.close();
      });
    },
    { threads: FATAL },
  ],
  [
    'B71 an idle worker that is SIGKILLed is replaced, and the next call works',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      for (const _ of [1, 2, 3]) {
        const pid = await pool.apply(() => process.pid);
        process.kill(pid, 'SIGKILL');
        assert.notEqual(await pool.apply(() => process.pid), pid);
      }
      await pool.close();
    },
    { threads: FATAL },
  ],
  [
    'B71 an idle worker that ends is replaced, and the next call works',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      for (const _ of [1, 2, 3]) {
        const id = await pool.apply(() => {
          setImmediate(() => process.exit(3));
          return context.workerId;
        });
        // A call may come just before the worker ends: then it is that call's task that was running.
        let next = id;
        for (let tries = 0; next === id && tries < 1000; tries++) next = await pool.apply(() => context.workerId).catch(() => id);
        assert.notEqual(next, id);
      }
      await pool.close();
    },
  ],
  [
    'B47 a crash while a large message is in flight: an error, and no deadlock',
    async ({ Pool }, o) => {
      const kill = die[o.backend];
      const pool = new Pool({ workers: 2, ...o });
      const large = new Uint8Array(20_000_000).fill(7);
      // The item is on its way to a worker that dies of the one before it.
      const error = await failureOf(pool.map((x) => (x.length === 0 ? kill() : x.length), [new Uint8Array(0), large, large, large], 1));
      assert.equal(error.name, 'WorkerLostError');
      // The result is on its way from a worker that dies.
      const dying = await failureOf(
        pool.map((x) => (x === 1 ? kill() : new Uint8Array(20_000_000)), [0, 1], { chunkSize: 2, concurrency: 1 }),
      );
      assert.equal(dying.name, 'WorkerLostError');
      assert.deepEqual(await pool.map((bytes) => bytes[5], [large, large]), [7, 7]);
      await pool.close();
    },
  ],
  [
    'J18 an error after a task has ended is a warning, and no task fails of it',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const later = [
        () => {
          setImmediate(() => {
            throw new Error('thrown too late');
          });
          return context.workerId;
        },
        () => {
          void Promise.reject(new Error('rejected too late'));
          return context.workerId;
        },
      ];
      for (const task of later) {
        const warned = new Promise((resolve) => {
          process.on('warning', function hear(warning) {
            if (warning.code !== 'ALLCORES_LATE_ERROR') return;
            process.off('warning', hear);
            resolve(warning);
          });
        });
        const id = await pool.apply(task);
        // The very next tasks are innocent.
        assert.deepEqual(await pool.map(square, numbers(200), 1), numbers(200).map(square));
        assert.match((await warned).message, /(thrown|rejected) too late/);
        assert.equal(await pool.apply(() => context.workerId), id);
      }
      await pool.close();
    },
  ],
  [
    'J19 a task that fills the heap is rejected with what to try; its neighbours and the host live on',
    async ({ Pool, mapSettled }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, resourceLimits: { maxOldGenerationSizeMb: 48 }, ...o });
        const task = (x) => {
          mark(folder, `ran-${x}`);
          if (x !== 3) return x;
          const held = [];
          for (;;) held.push(new Array(10_000).fill(x));
        };
        const out = await mapSettled(numbers(10), task, { pool, chunkSize: 1 });
        for (const [i, { value, reason }] of out.entries()) {
          if (i !== 3) assert.equal(value, i);
          else {
            assert.deepEqual([reason.name, reason.code, reason.index], ['WorkerLostError', 'WORKER_LOST', 3]);
            assert.match(reason.message, /memory/);
          }
          assert.equal(marks(folder, `ran-${i}`), 1);
        }
        assert.deepEqual(await pool.map(square, [2]), [4]);
        await pool.close();
      });
    },
    { slow: true },
  ],
];
