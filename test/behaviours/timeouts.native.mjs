// Time limits of tasks, and trying again. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { blockAt, mark, marks, note, notes, withFolder } from './folder.native.mjs';

const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const failureOf = (promise) => promise.then(assert.fail, (error) => error);
/** Long beside what a quick task takes on a busy machine, short beside the time limit of a test. */
const LIMITS = { timeoutMs: 400, graceMs: 50 };
const timedOut = (error, index) => {
  assert.deepEqual([error.name, error.code, error.index], ['TaskTimeoutError', 'TASK_TIMEOUT', index]);
  assert.match(error.message, /400 ms/);
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J07 an endless loop is ended by the time limit of a task; quick items do not notice',
    async ({ Pool, mapSettled }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const task = (x) => {
          mark(folder, `ran-${x}`);
          if (x === 3) for (;;);
          return x;
        };
        const beside = pool.map((x) => x, numbers(50), 1);
        const out = await mapSettled(numbers(12), task, { pool, ...LIMITS });
        for (const [i, { value, reason }] of out.entries()) {
          if (i === 3) timedOut(reason, 3);
          else assert.equal(value, i);
          assert.equal(marks(folder, `ran-${i}`), 1, `items[${i}]`);
        }
        assert.deepEqual(await beside, numbers(50));
        assert.deepEqual(await pool.map((x) => x, [1, 2]), [1, 2]);
        await pool.close();
      });
    },
  ],
  [
    'B36 a time limit in imap: the results so far, then the TaskTimeoutError',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const task = async (x) => {
        if (x === 5) await new Promise(() => setInterval(() => {}, 1000));
        return x;
      };
      const stream = pool.imap(task, numbers(8), { ...LIMITS, chunkSize: 1 });
      const values = [];
      const error = await failureOf(
        (async () => {
          for await (const x of stream) values.push(x);
        })(),
      );
      assert.deepEqual(values, numbers(5));
      timedOut(error, 5);
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
      await pool.close();
    },
  ],
  [
    'B62 a time limit on long tasks: a TaskTimeoutError as a list, ordered and unordered',
    async ({ Parallel, delayed, Pool }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const long = delayed(() => blockAt(folder, 'never opened'));
        for (const returnAs of ['array', 'generator', 'generatorUnordered']) {
          const results = Parallel({ pool, returnAs, ...LIMITS })(numbers(4).map(() => long()));
          const error = await failureOf(returnAs === 'array' ? results : results.next());
          assert.deepEqual([error.name, error.code], ['TaskTimeoutError', 'TASK_TIMEOUT']);
        }
        assert.deepEqual(await Parallel({ pool })([delayed((x) => x)(1)]), [1]);
        await pool.close();
      });
    },
  ],
  [
    'R03 a task that fails is tried three times more, with delays, and then its last error is the error',
    async ({ map, mapSettled, context }, o) => {
      await withFolder(async (folder) => {
        const task = (x) => {
          note(folder, `tried-${x}`, context.attempt);
          if (x === 2 && context.attempt < 4) throw new Error(`attempt ${context.attempt}`);
          if (x === 9) throw new RangeError(`attempt ${context.attempt}`);
          return x;
        };
        const retries = { times: 3, delayMs: 5, backoff: 2 };
        assert.deepEqual(await map([1, 2, 3], task, { ...o, retries }), [1, 2, 3]);
        assert.deepEqual([notes(folder, 'tried-1'), notes(folder, 'tried-2')], [['1'], ['1', '2', '3', '4']]);
        const [, failed] = await mapSettled([1, 9], task, { ...o, retries });
        assert.deepEqual([failed.reason.constructor, failed.reason.message], [RangeError, 'attempt 4']);
        const asked = [];
        const when = (error, { index, attempt }) => asked.push([error.message, index, attempt]) < 2;
        const [once] = await mapSettled([9], task, { ...o, retries: { ...retries, when } });
        assert.equal(once.reason.message, 'attempt 2');
        assert.deepEqual(asked, [
          ['attempt 1', 0, 1],
          ['attempt 2', 0, 2],
        ]);
      });
    },
  ],
];
