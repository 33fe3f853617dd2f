// What calls give, in which order, and how many tasks run at once. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { blockAt, mark, marks, meet, note, notes, openGate, until, waitAt, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const squares = (n) => numbers(n).map((x) => x * x);

/** How many ran at once at the most, by a log of `+` and `-`. */
const mostAtOnce = (log) => {
  let now = 0;
  return Math.max(...log.map((sign) => (now += sign === '+' ? 1 : -1)));
};

/** A stream over 100 items of 1 MB with 5 MB in flight: how far it reads when its reader has stopped, and that it goes on. */
async function readsWithinItsBytes({ Pool, mapStream }, o, task) {
  const pool = new Pool({ workers: 2, ...o });
  let read = 0;
  function* items() {
    for (; read < 100; ) {
      read++;
      yield new Uint8Array(1_000_000);
    }
  }
  try {
    const stream = mapStream(items(), task, { pool, maxInFlightBytes: 5_000_000 });
    await stream.next();
    // Calls that end meanwhile let everything happen that could.
    for (const _ of [1, 2, 3]) await pool.map(square, numbers(10), 1);
    assert.ok(read <= 7, `${read} items of 1 MB were read after one result was taken, with 5 MB in flight`);
    let taken = 1;
    for await (const _ of stream) taken++;
    assert.equal(taken, 100);
  } finally {
    await pool.terminate();
  }
}

/** [name, body, skip reasons by backend, and the option it needs] */
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
    'J10 concurrency is never exceeded, and the order is kept, whatever the tasks take',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      for (const concurrency of [1, 2, 5]) {
        await withFolder(async (folder) => {
          const task = async (x) => {
            note(folder, 'log', '+');
            await new Promise((resolve) => setTimeout(resolve, (x * 7919) % 11));
            note(folder, 'log', '-');
            return x;
          };
          assert.deepEqual(await pool.map(task, numbers(40), { concurrency }), numbers(40));
          const log = notes(folder, 'log');
          assert.equal(log.length, 80);
          assert.ok(mostAtOnce(log) <= concurrency, `${mostAtOnce(log)} at once, ${concurrency} allowed`);
          if (concurrency > 2) assert.ok(mostAtOnce(log) > 2, 'workers hold several at once');
        });
      }
      await pool.close();
    },
  ],
  [
    'B38 fifteen times as many calls as workers: never more than the workers',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      await withFolder(async (folder) => {
        const task = () => {
          note(folder, 'log', '+');
          for (const end = performance.now() + 2; performance.now() < end; );
          note(folder, 'log', '-');
          return context.workerId;
        };
        const ids = await Promise.all(numbers(30).map(() => pool.apply(task)));
        assert.ok(new Set(ids).size <= 2, `${[...new Set(ids)]}`);
        assert.ok(mostAtOnce(notes(folder, 'log')) <= 2);
      });
      await pool.close();
    },
  ],
  [
    'B37 three calls one after the other use one worker',
    async ({ Pool, context }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      await pool.ready();
      const ids = [];
      for (const _ of [1, 2, 3]) ids.push(await pool.apply(() => context.workerId));
      assert.equal(new Set(ids).size, 1, `${ids}`);
      await pool.close();
    },
  ],
  [
    'J26 a cold burst uses all workers at once, and one task more waits',
    async ({ Pool, context }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 4, ...o });
        const task = () => {
          meet(folder, 'table', 4);
          blockAt(folder, 'go');
          return context.workerId;
        };
        const calls = numbers(5).map(() => pool.apply(task));
        await until(() => marks(folder, 'table') === 4);
        openGate(folder, 'go');
        const ids = await Promise.all(calls);
        assert.equal(new Set(ids.slice(0, 4)).size, 4);
        assert.ok(ids.slice(0, 4).includes(ids[4]));
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
    'J28 calls start strictly in the order in which they were made',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const first = pool.apply(() => blockAt(folder, 'go'));
        const calls = numbers(60).map((i) => pool.apply((n) => note(folder, 'order', String(n)), [i]));
        openGate(folder, 'go');
        await Promise.all([first, ...calls]);
        assert.deepEqual(notes(folder, 'order').map(Number), numbers(60));
        await pool.close();
      });
    },
  ],
  [
    'J29 10,000 calls that wait are all answered: no recursion blows up',
    async ({ Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const first = [1, 2].map(() => pool.apply(() => blockAt(folder, 'go')));
        const calls = Promise.all(numbers(10_000).map((i) => pool.apply(square, [i])));
        openGate(folder, 'go');
        await Promise.all(first);
        assert.deepEqual(await calls, squares(10_000));
        await pool.close();
      });
    },
    { slow: true },
  ],
  [
    'J32 more than 65,536 tasks in flight keep their places',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const count = 70_000;
      const whole = await pool.map(async (x) => x + 1, numbers(count), { maxInFlight: count, concurrency: 1000 });
      assert.deepEqual(
        whole,
        numbers(count).map((x) => x + 1),
      );
      await pool.close();
    },
    { slow: true },
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
  [
    'J12 back-pressure bounds what is read ahead of a reader that has stopped',
    async ({ Pool, mapStream }, o) => {
      for (const ordered of [true, false]) {
        const pool = new Pool({ workers: 2, ...o });
        let read = 0;
        function* items() {
          for (;;) yield ++read;
        }
        const stream = mapStream(items(), square, { pool, maxInFlight: 4, ordered });
        await stream.next();
        await until(() => read >= 4);
        // Calls that end meanwhile let everything happen that could.
        for (const _ of [1, 2, 3]) await pool.map(square, numbers(10), 1);
        assert.ok(read <= 5, `${read} items were read after one result was taken, with maxInFlight 4`);
        await stream.return();
        await pool.close();
      }
    },
  ],
  [
    'R05 a limit in bytes makes the reader wait, and a larger single item travels alone',
    async (api, o) => {
      // Known from no call before, on any backend.
      const length = o.backend === 'threads' ? (bytes) => bytes.length : (bytes) => bytes.byteLength;
      await readsWithinItsBytes(api, o, length);
      const one = api.mapStream([new Uint8Array(1_000_000)], length, { ...o, maxInFlightBytes: 1000 });
      assert.deepEqual(await one.next(), { done: false, value: 1_000_000 });
    },
  ],
  [
    'R05 a limit in bytes holds also where earlier calls have taught that the function is quick',
    async (api, o) => {
      const first = (bytes) => bytes[0];
      await api.map(numbers(1000), first, o);
      await readsWithinItsBytes(api, o, first);
    },
  ],
  [
    'R05 a limit in bytes keeps 1,000 items of 10 MB from sinking the host',
    async ({ Pool, mapStream }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const before = process.memoryUsage.rss();
      let [read, taken, ahead, most] = [0, 0, 0, 0];
      function* items() {
        while (read < 1000) {
          read++;
          ahead = Math.max(ahead, read - taken);
          most = Math.max(most, process.memoryUsage.rss() - before);
          yield new Uint8Array(10_000_000);
        }
      }
      try {
        for await (const bytes of mapStream(items(), (item) => item.byteLength, { pool, maxInFlightBytes: 50_000_000 })) {
          assert.equal(bytes, 10_000_000);
          taken++;
        }
        assert.equal(taken, 1000);
        assert.ok(ahead <= 6, `${ahead} items of 10 MB were in flight at once, with 50 MB allowed`);
        // Beside what is in flight: the copies on their way, those that the workers hold, and what waits for the next collection.
        assert.ok(most < 1_000_000_000, `the host has grown by ${most / 1e6} MB over items of 10,000 MB`);
      } finally {
        await pool.terminate();
      }
    },
    { slow: true },
  ],
  [
    'R05 a limit in bytes counts what delayed calls bring as arguments',
    async ({ Parallel, delayed }, o) => {
      const first = (bytes) => bytes[0];
      await Parallel({ nJobs: 2, ...o })(numbers(100).map((n) => delayed(first)([n])));
      let [read, taken, ahead] = [0, 0, 0];
      function* calls() {
        while (read < 100) {
          read++;
          ahead = Math.max(ahead, read - taken);
          yield delayed(first)(new Uint8Array(1_000_000).fill(read));
        }
      }
      const stream = Parallel({ nJobs: 2, preDispatch: 'all', maxInFlightBytes: 5_000_000, returnAs: 'generator', ...o })(calls());
      for await (const value of stream) assert.equal(value, ++taken);
      assert.equal(taken, 100);
      assert.ok(ahead <= 7, `${ahead} calls with 1 MB were in flight at once, with 5 MB allowed`);
    },
  ],
];
