// What surrounds a call: the asynchronous context it is made in, fake timers, setups that never end, tasks that call what they must not.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname } from 'node:path';
import { mock } from 'node:test';
import { rejects } from './rejects.native.mjs';

const triple = (x) => x * 3;

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    "the caller's functions and a lazy input run in the asynchronous context of their own call",
    async ({ Pool, context }, o) => {
      const request = new AsyncLocalStorage();
      const pool = new Pool({ workers: 1, ...o });
      const heard = (name) => {
        const seen = { messages: new Set(), progress: new Set(), input: new Set() };
        function* items() {
          for (let i = 0; i < 3; i++) {
            seen.input.add(request.getStore());
            yield i;
          }
        }
        const options = {
          onMessage: () => seen.messages.add(request.getStore()),
          progress: () => seen.progress.add(request.getStore()),
          chunkSize: 1,
        };
        return request.run(name, () => pool.map((x) => context.emit(x), items(), options)).then(() => seen);
      };
      const [a, b] = await Promise.all([heard('a'), heard('b')]);
      assert.deepEqual(a, { messages: new Set(['a']), progress: new Set(['a']), input: new Set(['a']) });
      assert.deepEqual(b, { messages: new Set(['b']), progress: new Set(['b']), input: new Set(['b']) });
      await pool.close();
    },
  ],
  [
    "a program's fake timers freeze no call",
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] });
      try {
        assert.deepEqual(await pool.map(triple, [1, 2]), [3, 6]);
        assert.deepEqual(await pool.map(async (x) => triple(x), [1, 2], { concurrency: 4 }), [3, 6]);
      } finally {
        mock.timers.reset();
      }
      await pool.close();
    },
  ],
  [
    'close ends a pool whose setup never ends, once nothing waits for it',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o, setup: () => new Promise(() => {}) });
      const controller = new AbortController();
      const waiting = rejects(pool.map(triple, [1], { signal: controller.signal }));
      const stop = new Error('stop');
      controller.abort(stop);
      assert.equal(await waiting, stop);
      await pool.close();
    },
  ],
  [
    'shutdown inside a task is refused: it would wait for itself',
    async ({ map, shutdown }, o) => {
      const error = await rejects(map([1], () => shutdown(), { ...o, workers: 1 }));
      assert.deepEqual([error.name, error.code], ['UsageError', 'BAD_ARGUMENT']);
      assert.match(error.message, /inside a task/);
    },
  ],
  [
    'a process may do what Node lets no thread do, and each has its own working directory',
    async ({ Pool }, o) => {
      const here = process.cwd();
      const goUp = () => {
        process.chdir('..');
        return process.cwd();
      };
      const pool = new Pool({ workers: 1, ...o });
      if (o.backend === 'threads') assert.equal((await rejects(pool.apply(goUp))).code, 'ERR_WORKER_UNSUPPORTED_OPERATION');
      else assert.equal(await pool.apply(goUp), dirname(here));
      assert.equal(process.cwd(), here);
      await pool.close();
    },
    { inline: 'the program is its own worker' },
  ],
  [
    'two calls in line whose tasks overlap end, each with its own indices',
    async ({ Pool, context }, o) => {
      const wait = (x) => new Promise((resolve) => setTimeout(() => resolve([x, context.index]), 5));
      const pools = [new Pool({ workers: 1, ...o }), new Pool({ workers: 1, ...o })];
      const [a, b] = await Promise.all(pools.map((pool) => pool.map(wait, [5, 6, 7], 3)));
      assert.deepEqual(a, [
        [5, 0],
        [6, 1],
        [7, 2],
      ]);
      assert.deepEqual(b, a);
      for (const pool of pools) await pool.close();
    },
  ],
];
