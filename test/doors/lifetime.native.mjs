// The life of pools and of their workers.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const k = 3;
const triple = (x) => x * k;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'close finishes what is in progress and refuses what comes after',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const running = pool.map(
        async (x) => {
          await wait(20);
          return x;
        },
        [1, 2, 3],
      );
      const closing = pool.close();
      const refused = await rejects(pool.map(triple, [1]));
      assert.deepEqual([refused.name, refused.code], ['PoolClosedError', 'POOL_CLOSED']);
      assert.match(refused.message, /closed.*new Pool/);
      assert.deepEqual(await running, [1, 2, 3]);
      await closing;
      await pool.join();
      await pool.close();
    },
  ],
  [
    'close lets streams run to their end, read or not',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const stream = pool.imap(
        triple,
        Array.from({ length: 100 }, (_, i) => i),
        { maxInFlight: 5 },
      );
      await pool.close();
      const all = [];
      for await (const y of stream) all.push(y);
      assert.equal(all.length, 100);
    },
  ],
  [
    'join before close is refused',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.match((await rejects(pool.join())).message, /still open.*close\(\)/);
      await pool.close();
    },
  ],
  [
    'shutdown ends the shared pools, and the next map starts anew',
    async ({ map, shutdown }, o) => {
      assert.deepEqual(await map([1], triple, o), [3]);
      await shutdown();
      assert.deepEqual(await map([1], triple, o), [3]);
    },
  ],
  [
    'a task that ends its worker is blamed alone, and the pool works on',
    async ({ mapSettled, map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const out = await mapSettled([1, 2, 3, 4], (x) => (x === 2 ? process.exit(7) : x * k), { pool, chunkSize: 1 });
      assert.deepEqual(
        out.map((r) => r.value ?? r.reason.name),
        [3, 'WorkerLostError', 9, 12],
      );
      const { message, code, index, preview, worker, exitCode } = out[1].reason;
      assert.match(message, /^items\[1\] \(2\) was lost: .*code 7 while it ran ".*retries: 1/);
      assert.deepEqual([code, index, preview, exitCode], ['WORKER_LOST', 1, '2', 7]);
      assert.match(worker, /^\w\d+$/);
      assert.deepEqual(await map([1], triple, { pool }), [3]);
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
  [
    'ready is answered also when the pool ends first',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ready = pool.ready().then(
        () => 'up',
        (e) => e.code,
      );
      await pool.close();
      assert.match(await ready, /^(up|POOL_CLOSED)$/);
    },
  ],
];
