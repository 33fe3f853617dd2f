// Errors that nobody catches in a worker: from timers, from events, from promises that nobody awaits.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const HOST = 'an error that nobody catches on the host is the program’s own';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const outcomes = (settled) => settled.map((r) => (r.status === 'fulfilled' ? r.value : r.reason.message));
/** The next warning of a late error that holds this text. */
const warned = (text) =>
  new Promise((resolve) => {
    const hear = (warning) => {
      if (warning.code !== 'ALLCORES_LATE_ERROR' || !warning.message.includes(text)) return;
      process.off('warning', hear);
      resolve(warning.message);
    };
    process.on('warning', hear);
  });

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'an error thrown from a timer, an event or a promise of a running task fails that task, with the very error; the worker stays',
    async ({ mapSettled, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const settled = await mapSettled(
        ['fine', 'timer', 'promise', 'event', 'tick', 'fine'],
        async (how) => {
          const fail = () => {
            throw new RangeError(how);
          };
          if (how === 'fine') return context.workerId;
          if (how === 'timer') setTimeout(fail, 1);
          if (how === 'promise') void Promise.reject(new RangeError(how));
          if (how === 'tick') process.nextTick(fail);
          if (how === 'event') {
            const { EventEmitter } = await import('node:events');
            setImmediate(() => new EventEmitter().emit('error', new RangeError(how)));
          }
          await new Promise(() => {});
        },
        { pool },
      );
      assert.deepEqual(outcomes(settled).slice(1, -1), ['timer', 'promise', 'event', 'tick']);
      for (const { reason } of settled.slice(1, -1)) assert.ok(reason instanceof RangeError);
      assert.equal(settled[0].value, settled[5].value);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'also of a function that is not async and gives a promise, the first time it is called',
    async ({ mapSettled, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const fn = (x) =>
        x === 1
          ? new Promise(() => {
              setTimeout(() => {
                throw new Error('from the timer');
              }, 1);
            })
          : x;
      assert.deepEqual(outcomes(await mapSettled([1, 2], fn, { pool })), ['from the timer', 2]);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'each of the tasks side by side answers for its own errors',
    async ({ mapSettled, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const fn = async (x) => {
        if (x % 2)
          setTimeout(() => {
            throw new Error(`of ${x}`);
          }, 5);
        await wait(x % 2 ? 60_000 : 50);
        return x;
      };
      assert.deepEqual(outcomes(await mapSettled([0, 1, 2, 3], fn, { pool, concurrency: 4 })), [0, 'of 1', 2, 'of 3']);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'a failure of this kind is tried again, and where a task has caught what it awaits nothing is late',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const flaky = async () => {
        if (context.attempt === 1) setTimeout(() => Promise.reject(new Error('flaky')), 1);
        await wait(context.attempt === 1 ? 60_000 : 1);
        return context.attempt;
      };
      assert.deepEqual(await map([1], flaky, { pool, retries: 1 }), [2]);
      const careful = async () => {
        const both = await Promise.allSettled([Promise.reject(new Error('one')), wait(1)]);
        return both.map((r) => r.status);
      };
      assert.deepEqual(await map([1], careful, { pool }), [['rejected', 'fulfilled']]);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'an error of a task that has ended warns with its index, and blames neither the innocent that run nor the worker',
    async ({ map, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const warning = warned('left behind by 5');
      const leaves = async (x) => {
        if (x === 5)
          setTimeout(() => {
            throw new Error('left behind by 5');
          }, 20);
        return context.workerId;
      };
      const [first] = await map([4, 5, 6], leaves, { pool });
      const innocent = (ms) => new Promise((resolve) => setTimeout(() => resolve(context.workerId), ms));
      assert.deepEqual(await map([100, 1, 1], innocent, { pool }), [first, first, first]);
      assert.match(await warning, /from the task of items\[1\], which had ended, on worker \w+\. Await what a task starts\.\nError: left/);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'so does a promise that a synchronous task leaves behind, with or without its index',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const warning = warned('nobody awaits me');
      const leaves = (x) => {
        if (x === 3) void Promise.reject(new Error('nobody awaits me'));
        return x;
      };
      assert.deepEqual(await map([1, 2, 3, 4], leaves, { pool }), [1, 2, 3, 4]);
      assert.match(await warning, /nobody caught an error from (a task that|the task of items\[2\], which) had ended/);
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'what is thrown so may be anything',
    async ({ mapSettled, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const fn = async (how) => {
        setTimeout(() => {
          if (how === 'undefined') throw undefined;
          if (how === 'frozen') throw Object.freeze({ how });
          throw Symbol(how);
        }, 1);
        await new Promise(() => {});
      };
      const [a, b, c] = await mapSettled(['undefined', 'frozen', 'symbol'], fn, { pool });
      assert.deepEqual([a.status, a.reason, b.reason], ['rejected', undefined, { how: 'frozen' }]);
      assert.equal(c.reason.description, 'symbol');
      await pool.close();
    },
    { inline: HOST },
  ],
  [
    'while a setup runs, it is the setup that has failed',
    async ({ map, Pool }, o) => {
      const setup = async () => {
        setTimeout(() => {
          throw new RangeError('no database');
        }, 1);
        await new Promise(() => {});
      };
      const pool = new Pool({ workers: 1, setup, ...o });
      const error = await rejects(map([1], (x) => x, { pool }));
      assert.deepEqual([error.code, error.cause.message], ['WORKER_START_FAILED', 'no database']);
      await pool.terminate();
    },
    { inline: HOST },
  ],
];
