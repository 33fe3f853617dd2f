// Which tasks run at once, in which order, and how far their input is read. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { blockAt, marks, meet, note, notes, openGate, until, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const squares = (n) => numbers(n).map((x) => x * x);

/** Half a minute in full: `npm run check:full` sets ALLCORES_FULL. */
const COUNT = process.env.ALLCORES_FULL ? 1000 : 200;

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
    `R05 a limit in bytes keeps ${COUNT} items of 10 MB from sinking the host`,
    async ({ Pool, mapStream }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const before = process.memoryUsage.rss();
      let [read, taken, ahead, most] = [0, 0, 0, 0];
      function* items() {
        while (read < COUNT) {
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
        assert.equal(taken, COUNT);
        assert.ok(ahead <= 6, `${ahead} items of 10 MB were in flight at once, with 50 MB allowed`);
        // Beside what is in flight: the copies on their way, those that the workers hold, and what waits for the next collection.
        assert.ok(most < 1_000_000_000, `the host has grown by ${most / 1e6} MB over ${COUNT} items of 10 MB`);
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
