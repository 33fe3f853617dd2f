// What calls give, and what they tell meanwhile. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { blockAt, mark, marks, openGate, until, waitAt, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const squares = (n) => numbers(n).map((x) => x * x);

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J01 more workers than items works',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 4, ...o });
      assert.deepEqual(await pool.map(square, [3]), [9]);
      assert.deepEqual(await pool.map(square, [1, 2], 1), [1, 4]);
      await pool.ready();
      assert.deepEqual(await pool.map(square, [1, 2], 1), [1, 4]);
      await pool.close();
    },
  ],
  [
    'J02 an empty input gives [] at once, also while every worker is busy',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const busy = pool.apply(() => blockAt(folder, 'go'));
        assert.deepEqual(await pool.map(square, []), []);
        assert.deepEqual(await pool.starmap(square, new Set()), []);
        assert.deepEqual(await pool.imap(square, []).next(), { done: true, value: undefined });
        openGate(folder, 'go');
        await busy;
        await pool.close();
      });
    },
  ],
  [
    'J03 a chunk size larger than the job works',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      for (const chunkSize of [4, 1000, Number.MAX_SAFE_INTEGER]) {
        assert.deepEqual(await pool.map(square, [1, 2, 3], chunkSize), [1, 4, 9]);
        const values = [];
        for await (const y of pool.imap(square, [1, 2, 3], chunkSize)) values.push(y);
        assert.deepEqual(values, [1, 4, 9]);
      }
      await pool.close();
    },
  ],
  [
    'J04 several maps at once on one pool do not mix',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const calls = numbers(20).map((call) =>
        pool.map(
          call % 2 ? (x) => [call, x] : async (x) => [call, x],
          numbers(50 + call).map((x) => x * call),
          call % 3 ? undefined : 1 + call,
        ),
      );
      const all = await Promise.all(calls);
      for (const [call, results] of all.entries())
        assert.deepEqual(
          results,
          numbers(50 + call).map((x) => [call, x * call]),
        );
      await pool.close();
    },
  ],
  [
    'J08 imap over sync and async iterables gives results in order',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const inputs = [
        numbers(100),
        new Set(numbers(100)),
        numbers(100).values(),
        (async function* () {
          for (const x of numbers(100)) {
            if (x % 10 === 0) await null;
            yield x;
          }
        })(),
        new ReadableStream({
          start(controller) {
            for (const x of numbers(100)) controller.enqueue(x);
            controller.close();
          },
        }),
      ];
      const slowAtFirst = async (x) => {
        if (x % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
        return x * x;
      };
      for (const input of inputs) {
        const values = [];
        for await (const y of pool.imap(slowAtFirst, input, { concurrency: 6, chunkSize: 3 })) values.push(y);
        assert.deepEqual(values, squares(100));
      }
      await pool.close();
    },
  ],
  [
    'J09 imapUnordered gives each index exactly once',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      for (const chunkSize of [undefined, 1, 7]) {
        const seen = [];
        for await (const index of pool.imapUnordered(() => context.index, numbers(500), { chunkSize })) seen.push(index);
        assert.deepEqual(
          seen.sort((a, b) => a - b),
          numbers(500),
        );
      }
      await pool.close();
    },
  ],
  [
    'B45 as they complete: each call once, also where two are the same, and those that have ended already',
    async ({ Pool, Parallel, delayed }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const same = delayed(square)(3);
      const values = [];
      for await (const y of Parallel({ pool, returnAs: 'generatorUnordered' })([same, same, delayed(square)(2)])) values.push(y);
      assert.deepEqual(values.sort(), [4, 9, 9]);
      // All have ended before the first is asked for.
      await withFolder(async (folder) => {
        const stream = pool.imapUnordered((x) => {
          mark(folder, 'ran');
          return x;
        }, numbers(10));
        await until(() => marks(folder, 'ran') === 10);
        const late = [];
        for await (const x of stream) late.push(x);
        assert.deepEqual(
          late.sort((a, b) => a - b),
          numbers(10),
        );
      });
      await pool.close();
    },
  ],
  [
    'B44 waiting for the first, for the first failure and for all is what promises do, and each is told at its own time',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 3, ...o });
        const quick = pool.apply(() => 'quick');
        const failing = pool.apply(() => {
          blockAt(folder, 'fail');
          throw new RangeError('failed');
        });
        const slow = pool.apply(() => {
          blockAt(folder, 'slow');
          return 'slow';
        });
        const all = Promise.allSettled([quick, failing, slow]);
        assert.equal(await Promise.race([quick, failing, slow]), 'quick');
        openGate(folder, 'fail');
        await assert.rejects(Promise.all([quick, failing, slow]), /failed/);
        openGate(folder, 'slow');
        assert.deepEqual(
          (await all).map(({ value, reason }) => value ?? reason.message),
          ['quick', 'failed', 'slow'],
        );
        await pool.close();
      });
    },
  ],
  [
    'B09 who gives up waiting for a task gets its result later all the same: it runs on',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const result = pool.apply(() => {
          mark(folder, 'started');
          blockAt(folder, 'go');
          return 'late';
        });
        const enough = until(() => marks(folder, 'started') === 1).then(() => 'no longer');
        assert.equal(await Promise.race([result, enough]), 'no longer');
        openGate(folder, 'go');
        assert.equal(await result, 'late');
        await pool.close();
      });
    },
  ],
  [
    'B35 a chunk size of -1 is refused; 6, 40 and 50 give the same',
    async ({ Pool, map }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      for (const chunkSize of [-1, 0, 1.5, '6']) {
        const refused = { name: 'UsageError', message: /option "chunkSize" is/ };
        await assert.rejects(map([1], square, { chunkSize, pool }), refused);
        assert.throws(() => pool.imap(square, [1], { chunkSize }), refused);
      }
      for (const chunkSize of [6, 40, 50]) assert.deepEqual(await pool.map(square, numbers(45), chunkSize), squares(45));
      await pool.close();
    },
  ],
  [
    "J30 the submitter's AsyncLocalStorage is there in what its results call",
    async ({ Pool, context }, o) => {
      const request = new AsyncLocalStorage();
      const pool = new Pool({ workers: 1, ...o });
      const seen = (name) =>
        request.run(name, async () => {
          const stores = [];
          const onMessage = () => stores.push(request.getStore());
          await pool.map((x) => context.emit(x), [1], { onMessage }).then(() => stores.push(request.getStore()));
          await pool
            .apply(() => {
              throw new Error('failed');
            })
            .catch(() => stores.push(request.getStore()));
          for await (const _ of pool.imap(square, [1, 2])) stores.push(request.getStore());
          return stores;
        });
      assert.deepEqual(await Promise.all([seen('a'), seen('b')]), [Array(5).fill('a'), Array(5).fill('b')]);
      await pool.close();
    },
  ],
  [
    'J25 what a task logs arrives while it blocks its thread',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const lines = [];
        const logs = (line) => {
          lines.push(line);
          openGate(folder, 'heard');
        };
        const result = await pool.apply(
          () => {
            console.log('before the wait');
            blockAt(folder, 'heard');
            return 'after';
          },
          [],
          { logs },
        );
        assert.deepEqual([result, lines], ['after', ['before the wait']]);
        await pool.close();
      });
    },
  ],
  [
    'J11 with mapSettled all failures are collected, each in its place, and all tasks run',
    async ({ mapSettled, Pool, whereFailed }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const task = (x) => {
          mark(folder, 'ran');
          if (x % 3 === 0) throw new RangeError(`no ${x}`);
          return x;
        };
        const out = await mapSettled(numbers(30), task, { pool });
        assert.equal(marks(folder, 'ran'), 30);
        for (const [i, { status, value, reason }] of out.entries()) {
          if (i % 3) assert.deepEqual([status, value], ['fulfilled', i]);
          else assert.deepEqual([reason.constructor, reason.message, whereFailed(reason).index], [RangeError, `no ${i}`, i]);
        }
        await pool.close();
      });
    },
  ],
  [
    'R02 a value for a task that fails stands in its place in line',
    async ({ mapSettled }, o) => {
      const out = await mapSettled(
        [1, 2, 3],
        (x) => {
          if (x === 2) throw new Error('two');
          return x * 10;
        },
        o,
      );
      assert.deepEqual(
        out.map(({ value = null }) => value),
        [10, null, 30],
      );
    },
  ],
  [
    'R04 at the first failure the error names the index, and the rest is cancelled',
    async ({ map, Pool, whereFailed }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const task = async (x) => {
          mark(folder, 'started');
          if (x === 3) throw new Error('three');
          await waitAt(folder, x < 3 ? 'at once' : 'later');
        };
        openGate(folder, 'at once');
        const error = await map(numbers(1000), task, { pool, chunkSize: 1 }).then(assert.fail, (e) => e);
        assert.deepEqual([error.message, whereFailed(error).index], ['three', 3]);
        openGate(folder, 'later');
        await pool.close();
        assert.ok(marks(folder, 'started') < 20, `${marks(folder, 'started')} of 1,000 have started`);
      });
    },
  ],
];
