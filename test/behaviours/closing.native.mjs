// The end of pools: close, terminate, and what comes after. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { blockAt, mark, marks, openGate, until, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const failureOf = (promise) => promise.then(assert.fail, (error) => error);
const TEN_MINUTES = 600_000;

/** Every way to make a call on a pool, as promises. */
const callsOn = (pool, map) => [
  pool.map(square, [1]),
  pool.starmap(square, [[1]]),
  pool.apply(square, [1]),
  map([1], square, { pool }),
  (async () => pool.imap(square, [1]).next())(),
  (async () => pool.imapUnordered(square, [1]).next())(),
  pool.ready(),
];

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J05 close finishes what runs and what waits, and rejects new calls',
    async ({ Pool, map }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const task = (x) => {
          mark(folder, 'started');
          blockAt(folder, 'go');
          return x * x;
        };
        const running = pool.map(task, numbers(10), 1);
        const waiting = pool.map(square, numbers(100));
        await until(() => marks(folder, 'started') === 2);
        const closed = pool.close();
        for (const call of callsOn(pool, map)) assert.equal((await failureOf(call)).code, 'POOL_CLOSED');
        openGate(folder, 'go');
        assert.deepEqual(await running, numbers(10).map(square));
        assert.deepEqual(await waiting, numbers(100).map(square));
        await closed;
      });
    },
  ],
  [
    'B40 a call after the pool was closed is refused, of every kind, and closing again is not',
    async ({ Pool, map }, o) => {
      for (const end of ['close', 'terminate']) {
        const pool = new Pool({ workers: 1, ...o });
        assert.deepEqual(await pool.map(square, [2]), [4]);
        await pool[end]();
        for (const call of callsOn(pool, map)) {
          const error = await failureOf(call);
          assert.deepEqual([error.name, error.code], ['PoolClosedError', end === 'close' ? 'POOL_CLOSED' : 'POOL_TERMINATED']);
          assert.match(error.message, /new Pool/);
        }
        await pool.close();
        await pool.terminate();
      }
    },
  ],
  [
    'B42 close that nobody waits for returns at once, and the results still arrive',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const results = pool.map(
          (x) => {
            blockAt(folder, 'go');
            return x;
          },
          [1, 2, 3, 4],
          1,
        );
        const closed = pool.close();
        openGate(folder, 'go');
        assert.deepEqual(await results, [1, 2, 3, 4]);
        await closed;
      });
    },
  ],
  [
    'J06 terminate rejects all that is outstanding, of every kind',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const blocked = () => {
          mark(folder, 'started');
          blockAt(folder, 'never opened');
        };
        const outstanding = [
          pool.map(blocked, [1, 2, 3]),
          pool.apply(blocked),
          pool.starmap(square, [[1], [2]]),
          pool.imap(blocked, [1, 2]).next(),
          pool.imapUnordered(square, [1, 2]).next(),
        ].map(failureOf);
        await until(() => marks(folder, 'started') === 2);
        await pool.terminate();
        for (const error of await Promise.all(outstanding))
          assert.deepEqual([error.name, error.code], ['PoolClosedError', 'POOL_TERMINATED']);
      });
    },
  ],
  [
    'B72 terminate while tasks sleep ends without them, and their calls fail with a word about it',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const sleeping = async () => {
          mark(folder, 'started');
          await new Promise((resolve) => setTimeout(resolve, TEN_MINUTES));
        };
        const calls = numbers(8).map(() => failureOf(pool.apply(sleeping)));
        await until(() => marks(folder, 'started') === 2);
        await pool.terminate();
        for (const error of await Promise.all(calls)) assert.match(error.message, /terminated while this call was in progress/);
      });
    },
  ],
  [
    'J21 terminate ends also where every worker is in an endless loop',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const endless = () => {
          mark(folder, 'started');
          for (;;);
        };
        const lost = failureOf(pool.map(endless, [1, 2], 1));
        await until(() => marks(folder, 'started') === 2);
        await pool.terminate();
        assert.equal((await lost).code, 'POOL_TERMINATED');
        await pool.join();
      });
    },
  ],
  [
    'J22 calls and large items on their way to workers that are being terminated crash nothing',
    async ({ Pool }, o) => {
      for (let round = 0; round < 5; round++) {
        const pool = new Pool({ workers: 2, ...o });
        if (round % 2) await pool.ready();
        const items = numbers(20).map((i) => new Uint8Array(1_000_000).fill(i));
        const calls = [pool.map((x) => x, items, 1), pool.map((x) => x[0], items), pool.apply((x) => x.length, [items[0]])].map(failureOf);
        const ended = pool.terminate();
        calls.push(failureOf(pool.map(square, [1])));
        await ended;
        for (const error of await Promise.all(calls)) assert.equal(error.code, 'POOL_TERMINATED');
      }
    },
  ],
  [
    'B80 a stream ends with an error when its pool is terminated, and a map beside an unfinished stream works',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      function* endless() {
        for (let i = 0; ; i++) yield i;
      }
      const stream = pool.imap(square, endless(), { maxInFlight: 10 });
      assert.deepEqual(await stream.next(), { done: false, value: 0 });
      assert.deepEqual(await pool.map(square, [5, 6]), [25, 36]);
      assert.deepEqual(await stream.next(), { done: false, value: 1 });
      await pool.terminate();
      const error = await failureOf(
        (async () => {
          for await (const _ of stream);
        })(),
      );
      assert.equal(error.code, 'POOL_TERMINATED');
      assert.throws(() => pool.imap(square, [1]), { code: 'POOL_TERMINATED' });
    },
  ],
  [
    'B41 cancelling what waits lets what runs finish, if it ends within its grace',
    async ({ Pool, map }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const controller = new AbortController();
        const task = (_) => {
          mark(folder, 'started');
          blockAt(folder, 'go');
          mark(folder, 'finished');
        };
        const call = failureOf(map(numbers(100), task, { pool, signal: controller.signal, graceMs: 60_000, chunkSize: 1 }));
        await until(() => marks(folder, 'started') === 2);
        controller.abort(new Error('enough'));
        assert.equal((await call).message, 'enough');
        const closed = pool.close();
        openGate(folder, 'go');
        await closed;
        assert.deepEqual([marks(folder, 'started'), marks(folder, 'finished')], [2, 2]);
      });
    },
  ],
];
