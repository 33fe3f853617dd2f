// Signals: what they stop, and what they leave behind. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { blockAt, mark, marks, openGate, until, waitAt, withFolder } from './folder.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const failureOf = (promise) => promise.then(assert.fail, (error) => error);
const listeners = (signal) => getEventListeners(signal, 'abort').length;

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J13 a signal that is aborted already rejects at once, starts nothing, and no call leaves a listener',
    async ({ Pool, map, mapStream }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const task = (x) => {
          mark(folder, 'started');
          if (x < 0) throw new RangeError('negative');
          return x;
        };
        const reason = new Error('before it began');
        const aborted = AbortSignal.abort(reason);
        assert.equal(await failureOf(map([1], task, { pool, signal: aborted })), reason);
        assert.equal(await failureOf(pool.apply(task, [1], { signal: aborted })), reason);
        assert.throws(() => mapStream([1], task, { pool, signal: aborted }), reason);
        assert.deepEqual([marks(folder, 'started'), listeners(aborted)], [0, 0]);

        const { signal } = new AbortController();
        await pool.map(task, [1, 2], { signal });
        await failureOf(pool.map(task, [1, -2], { signal }));
        for await (const _ of pool.imap(task, [1, 2], { signal }));
        for await (const _ of pool.imap(task, numbers(100), { signal })) break;
        assert.equal(listeners(signal), 0);
        await pool.close();
      });
    },
  ],
  [
    'J14 aborting a call that waits never starts its tasks',
    async ({ Pool, map }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const running = pool.apply(() => {
          mark(folder, 'busy');
          blockAt(folder, 'go');
        });
        await until(() => marks(folder, 'busy') === 1);
        const controller = new AbortController();
        const task = () => mark(folder, 'started');
        const calls = [
          map([1, 2, 3], task, { pool, signal: controller.signal }),
          pool.apply(task, [], { signal: controller.signal }),
          pool.imap(task, [1, 2, 3], { signal: controller.signal }).next(),
        ].map(failureOf);
        controller.abort();
        for (const error of await Promise.all(calls)) assert.equal(error.name, 'AbortError');
        openGate(folder, 'go');
        await running;
        await pool.close();
        assert.equal(marks(folder, 'started'), 0);
      });
    },
  ],
  [
    "J15 the promise rejects with the signal's own reason, whatever it is",
    async ({ Pool, map, mapStream }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 1, ...o });
        const waiting = async (round) => {
          mark(folder, `started-${round}`);
          await waitAt(folder, `go-${round}`);
        };
        for (const [round, reason] of [new Error('mine'), 'a text', 0, { status: 499 }, undefined].entries()) {
          const controller = new AbortController();
          const { signal } = controller;
          const calls = [map([round], waiting, { pool, signal }), mapStream([round], waiting, { pool, signal }).next()].map(failureOf);
          await until(() => marks(folder, `started-${round}`) > 0);
          controller.abort(reason);
          assert.deepEqual(await Promise.all(calls), [signal.reason, signal.reason]);
          assert.equal(await calls[0], signal.reason);
          openGate(folder, `go-${round}`);
        }
        await pool.close();
      });
    },
  ],
  [
    'J16 many aborts at the same time do not wedge the pool',
    async ({ Pool, map }, o) => {
      await withFolder(async (folder) => {
        const pool = new Pool({ workers: 2, ...o });
        const waiting = async () => {
          mark(folder, 'started');
          await waitAt(folder, 'go');
        };
        const controllers = numbers(60).map(() => new AbortController());
        const calls = controllers.map(({ signal }, i) => failureOf(map(numbers(1 + (i % 5)), waiting, { pool, signal })));
        const kept = pool.map(square, numbers(100));
        await until(() => marks(folder, 'started') > 0);
        for (const [i, controller] of controllers.entries()) controller.abort(i);
        assert.deepEqual(await Promise.all(calls), numbers(60));
        openGate(folder, 'go');
        assert.deepEqual(await kept, numbers(100).map(square));
        assert.deepEqual(await pool.map(square, numbers(100), 1), numbers(100).map(square));
        await pool.close();
      });
    },
  ],
];
