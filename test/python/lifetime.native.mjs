// multiprocessing.Pool: sizes, closing, terminating.
import assert from 'node:assert/strict';
import { meet, newNotes, note, noted, whenNoted } from '../doors/notes.native.mjs';
import { rejects } from '../doors/rejects.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const TEN_MINUTES = 600_000;

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B18 a size of 0 or -1 is an error',
    async ({ Pool }, o) => {
      for (const workers of [0, -1]) {
        const refused = { name: 'UsageError', message: new RegExp(`option "workers" is ${workers}; it must be a whole number from 1`) };
        assert.throws(() => new Pool({ workers, ...o }), refused);
        assert.throws(() => new Pool(workers), refused);
      }
    },
  ],
  [
    'B18 Pool(3) has 3 workers: three tasks that wait for one another all get through',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      assert.equal(pool.workers, 3);
      const here = newNotes();
      const together = () => {
        meet(here, 3);
        return 'together';
      };
      assert.deepEqual(await pool.map(together, [1, 2, 3], 1), ['together', 'together', 'together']);
      await pool.close();
    },
    { inline: 'the host is its only worker' },
  ],
  [
    'B19 terminate with 10,000 long tasks queued ends at once',
    async ({ Pool }, o) => {
      const sleeping = async ([started, ms]) => {
        note(started);
        await new Promise((resolve) => setTimeout(resolve, ms).unref());
      };
      const blocking = ([started, ms]) => {
        note(started);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
      };
      // What blocks the host cannot be ended by it.
      for (const task of o.backend === 'inline' ? [sleeping] : [sleeping, blocking]) {
        const started = newNotes();
        const pool = new Pool({ workers: 2, ...o });
        const failure = rejects(
          pool.map(
            task,
            numbers(10_000).map(() => [started, TEN_MINUTES]),
          ),
        );
        await whenNoted(started);
        await pool.terminate();
        assert.equal((await failure).code, 'POOL_TERMINATED');
        await pool.join();
      }
    },
  ],
  [
    'B20 after the scope has ended map is refused, and so is entering again',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const running = pool.map(square, numbers(100));
      await pool[Symbol.asyncDispose]();
      // Unlike Python's, the scope ends when its work is done.
      assert.equal((await running).length, 100);
      for (const again of [pool.map(square, [1]), pool.apply(square, [1]), pool.starmap(square, [[1]]), pool.ready()])
        assert.equal((await rejects(again)).code, 'POOL_CLOSED');
      assert.throws(() => pool.imap(square, [1]), { code: 'POOL_CLOSED' });
      assert.throws(() => pool.imapUnordered(square, [1]), { code: 'POOL_CLOSED' });
      await pool[Symbol.asyncDispose]();
    },
  ],
  [
    'B67 an initializer runs once in each worker, with its arguments, before the first task',
    async ({ Pool }, o) => {
      const made = newNotes();
      const initializer = (path, step) => {
        note(path);
        globalThis.step = step;
      };
      const pool = new Pool({ workers: 2, initializer, initargs: [made, 5], ...o });
      await pool.ready();
      assert.deepEqual(
        await pool.map((x) => x + globalThis.step, numbers(20), 1),
        numbers(20).map((x) => x + 5),
      );
      await pool.map(square, numbers(20));
      assert.equal(noted(made).length, pool.workers);
      await pool.close();
    },
  ],
  [
    'B21 join before close is refused; after close or terminate it waits',
    async ({ Pool }, o) => {
      for (const end of ['close', 'terminate']) {
        const pool = new Pool({ workers: 1, ...o });
        await pool.map(square, [1]);
        const refused = await rejects(pool.join());
        assert.deepEqual([refused.name, refused.code], ['UsageError', 'BAD_ARGUMENT']);
        assert.match(refused.message, /still open/);
        assert.deepEqual(await pool.map(square, [2]), [4]);
        void pool[end]();
        await pool.join();
      }
    },
  ],
];
