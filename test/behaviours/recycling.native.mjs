// Workers that are replaced by plan: after so many tasks, for memory, for want of work. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { blockAt, mark, marks, meet, note, notes, openGate, until, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const MB = 1024 * 1024;
const countOf = (ids) => {
  const counts = new Map();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B29 ten tasks a worker, 100 tasks: all right, and no worker has run more than ten',
    async ({ Pool, context }, o) => {
      for (const chunkSize of [undefined, 1, 7, 100]) {
        const pool = new Pool({ workers: 2, maxTasksPerWorker: 10, ...o });
        const out = await pool.map((x) => [x * x, context.workerId], numbers(100), chunkSize);
        assert.deepEqual(
          out.map(([y]) => y),
          numbers(100).map(square),
        );
        const counts = countOf(out.map(([, id]) => id));
        assert.ok(counts.size >= 10, `${counts.size} workers`);
        assert.ok(Math.max(...counts.values()) <= 10, `${[...counts]}`);
        await pool.close();
      }
    },
    { slow: true },
  ],
  [
    'B30 one task a worker, closed before it is done: all results arrive',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 2, maxTasksPerWorker: 1, ...o });
      const results = pool.map((x) => [x, context.workerId], numbers(6), 1);
      await pool.close();
      const out = await results;
      assert.deepEqual(
        out.map(([x]) => x),
        numbers(6),
      );
      assert.equal(new Set(out.map(([, id]) => id)).size, 6);
    },
    { slow: true },
  ],
  [
    'B31 0, -1, 0.5 and "12" tasks a worker are refused',
    async ({ Pool }, o) => {
      for (const maxTasksPerWorker of [0, -1, 0.5, '12'])
        assert.throws(() => new Pool({ maxTasksPerWorker, ...o }), {
          name: 'UsageError',
          code: 'BAD_OPTION',
          message: /"maxTasksPerWorker" is/,
        });
    },
  ],
  [
    'B39 three tasks a worker: the same worker three times, another the fourth, and one at a time',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 1, maxTasksPerWorker: 3, ...o });
      const ids = [];
      for (const _ of numbers(7)) ids.push(await pool.apply(() => context.workerId));
      assert.deepEqual([new Set(ids.slice(0, 3)).size, new Set(ids.slice(3, 6)).size, new Set(ids).size], [1, 1, 3], `${ids}`);
      assert.equal(pool.workers, 1);
      await pool.close();
    },
  ],
  [
    'J23 workers are replaced while the pool closes, with calls inside tasks',
    async ({ Pool, map }, o) => {
      const pool = new Pool({ workers: 2, maxTasksPerWorker: 1, ...o });
      const nested = async (x) => {
        const inner = await map([x, x + 1], (y) => y * y);
        return inner[0] + inner[1];
      };
      const results = pool.map(nested, numbers(6), 1);
      await pool.close();
      assert.deepEqual(
        await results,
        numbers(6).map((x) => x * x + (x + 1) ** 2),
      );
    },
    { slow: true },
  ],
  [
    'J24 what a worker has made with perWorker is disposed before it is replaced',
    async ({ Pool, perWorker, context }, o) => {
      await withFolder(async (folder) => {
        const connection = perWorker(
          () => {
            mark(folder, 'opened');
            return { folder };
          },
          { dispose: ({ folder: where }) => mark(where, 'disposed') },
        );
        const pool = new Pool({ workers: 1, maxTasksPerWorker: 2, ...o });
        const ids = await pool.map(() => connection.get() && context.workerId, numbers(6), 1);
        assert.equal(new Set(ids).size, 3);
        assert.equal(marks(folder, 'opened'), 3);
        await until(() => marks(folder, 'disposed') >= 2);
        await pool.close();
        assert.equal(marks(folder, 'disposed'), 3);
      });
    },
    { slow: true },
  ],
  [
    'B74 idle workers leave at their time and come back with the next call',
    async ({ Pool, context }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, idleTimeoutMs: 50, ...o });
        const round = async (table) => {
          const task = () => {
            meet(folder, table, 2);
            return context.workerId;
          };
          return pool.map(task, [1, 2], 1);
        };
        const first = await round('first');
        await until(() => pool.stats().up === 0, 'both have left');
        const second = await round('second');
        assert.equal(new Set([...first, ...second]).size, 4);
        assert.deepEqual([pool.workers, pool.stats().up], [2, 2]);
        await pool.close();
      });
    },
  ],
  [
    'J27 idle workers leave at the timeout, a busy one does not, and without the option they stay',
    async ({ Pool, context }, o) => {
      await withFolder(async (folder) => {
        const brief = new Pool({ workers: 2, idleTimeoutMs: 50, ...o });
        const staying = new Pool({ workers: 1, ...o });
        const before = await staying.apply(() => context.workerId);
        const busy = brief.apply(() => {
          blockAt(folder, 'go');
          return context.workerId;
        });
        await until(() => brief.stats().up === 1, 'the idle one has left');
        openGate(folder, 'go');
        await busy;
        await until(() => brief.stats().up === 0, 'the other has left too');
        assert.equal(await staying.apply(() => context.workerId), before);
        await Promise.all([brief.close(), staying.close()]);
      });
    },
  ],
  [
    'B75 a worker that leaks 3 MB a task is replaced before it holds too much, and all 300 results are right',
    async ({ Pool, context }, o) => {
      await withFolder(async (folder) => {
        const limit = 200 * MB;
        const pool = new Pool({ workers: 2, maxMemoryBytes: limit, ...o });
        const leak = (x) => {
          globalThis.leaked ??= [];
          globalThis.leaked.push(new Array(400_000).fill(x + 0.5));
          note(folder, context.workerId, String(globalThis.leaked.length));
          return context.workerId;
        };
        const ids = await pool.map(leak, numbers(300), 1);
        const workers = new Set(ids);
        assert.ok(workers.size >= 4, `${workers.size} workers`);
        // Measured after chunks: one that is full runs at most what it holds already.
        for (const id of workers) assert.ok(notes(folder, id).length < 120, `${id} has leaked ${notes(folder, id).length} times`);
        await pool.close();
      });
    },
    { slow: true },
  ],
  [
    'R06 a call that finds the queue full is refused at once, and one more fits when a place is free',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, maxQueue: 2, ...o });
        const busy = pool.apply(() => {
          mark(folder, 'busy');
          blockAt(folder, 'go');
        });
        await until(() => marks(folder, 'busy') === 1);
        // A worker may hold some already: those do not wait.
        const waiting = [];
        let refused;
        for (let i = 0; i < 5000 && !refused; i++) {
          const call = pool.apply(square, [i]);
          const error = await Promise.race([call.catch((e) => e), new Promise((resolve) => setImmediate(resolve))]);
          if (error) refused = error;
          else waiting.push(call);
        }
        assert.deepEqual([refused?.name, refused?.code], ['QueueFullError', 'QUEUE_FULL']);
        assert.ok(waiting.length >= 2);
        openGate(folder, 'go');
        await busy;
        assert.deepEqual(await Promise.all(waiting), numbers(waiting.length).map(square));
        assert.equal(await pool.apply(square, [3]), 9);
        await pool.close();
      });
    },
  ],
];
