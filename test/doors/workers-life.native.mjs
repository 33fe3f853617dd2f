// How long workers live: tasks they run, and time without work.
import assert from 'node:assert/strict';

const double = (x) => x * 2;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
/** Turns of the event loop until it is so: what is waited for has no other sign. */
async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
const inline = 'there is no worker that could be replaced';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a worker runs no more than maxTasksPerWorker tasks, whatever the chunks',
    async ({ Pool, context }, o) => {
      for (const chunkSize of ['auto', 1, 10]) {
        const pool = new Pool({ workers: 2, maxTasksPerWorker: 3, ...o });
        const ran = await pool.map((i) => [i, context.workerId], numbers(20), chunkSize === 'auto' ? undefined : chunkSize);
        assert.deepEqual(
          ran.map(([i]) => i),
          numbers(20),
        );
        const tasks = {};
        for (const [, worker] of ran) tasks[worker] = (tasks[worker] ?? 0) + 1;
        assert.ok(
          Object.values(tasks).every((n) => n <= 3),
          JSON.stringify(tasks),
        );
        const { workersLost, tasks: all } = pool.stats();
        assert.deepEqual([workersLost, all.retried, all.done], [0, 0, 20]);
        await pool.close();
      }
    },
    { inline },
  ],
  [
    'with maxTasksPerWorker 1 each task has a worker of its own',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 2, maxTasksPerWorker: 1, ...o });
      const workers = await pool.map(() => context.workerId, numbers(5));
      assert.equal(new Set(workers).size, 5);
      await pool.close();
    },
    { inline },
  ],
  [
    'what a worker has made with perWorker is disposed when another takes its place',
    async ({ Pool, perWorker }, o) => {
      const told = [];
      const pool = new Pool({ workers: 1, maxTasksPerWorker: 2, logs: (line) => told.push(line), ...o });
      const thing = perWorker(() => ({ close: () => console.log('closed') }), { dispose: (it) => it.close() });
      await pool.map(() => thing.get() !== undefined, numbers(4), 1);
      await pool.close();
      assert.deepEqual(told, ['closed', 'closed']);
    },
    { inline },
  ],
  [
    'idle workers go, and come back when there is work, as many as there is work for',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, idleTimeoutMs: 1, ...o });
      await pool.ready();
      await until(() => pool.stats().up === 0);
      const started = pool.stats().workersStarted;
      const result = pool.apply(double, [4]);
      assert.equal(pool.stats().workersStarted, started + 1);
      assert.equal(await result, 8);
      await until(() => pool.stats().up === 0);
      const { workersStarted } = pool.stats();
      const results = pool.map(double, numbers(100));
      assert.equal(pool.stats().workersStarted, workersStarted + 2);
      assert.deepEqual(
        await results,
        numbers(100).map((x) => x * 2),
      );
      assert.equal(pool.stats().workersLost, 0);
      await pool.close();
    },
    { inline },
  ],
  [
    'a pool whose workers have gone for want of work closes, and refuses calls',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, idleTimeoutMs: 1, ...o });
      await pool.ready();
      await until(() => pool.stats().up === 0);
      await pool.close();
      await assert.rejects(pool.apply(double, [1]), { code: 'POOL_CLOSED' });
    },
    { inline },
  ],
];
