// Tasks that are tried again: after failures, losses and timeouts alike.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { rejects } from './rejects.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a failed task is tried again, as often as retries says; the others run once',
    async ({ mapSettled, Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const tries = [];
      const settled = await mapSettled(
        [1, 2, 3, 4],
        (x) => {
          context.emit([x, context.attempt]);
          if (x === 2 && context.attempt < 3) throw new Error('not yet');
          if (x === 4) throw new RangeError(`attempt ${context.attempt}`);
          return x;
        },
        { pool, retries: 2, onMessage: (m) => tries.push(m) },
      );
      assert.deepEqual(
        settled.map((r) => r.value ?? r.reason.message),
        [1, 2, 3, 'attempt 3'],
      );
      const count = (x) => tries.filter(([item]) => item === x).map(([, attempt]) => attempt);
      assert.deepEqual([1, 2, 3, 4].map(count), [[1], [1, 2, 3], [1], [1, 2, 3]]);
      await pool.close();
    },
  ],
  [
    'map rejects only when the last try has failed, and whereFailed tells which it was',
    async ({ map, whereFailed, context }, o) => {
      const fails = () => {
        throw new Error('never');
      };
      const error = await rejects(map(['a', 'b'], (x) => (x === 'b' ? fails() : x), { ...o, retries: 1 }));
      assert.deepEqual([whereFailed(error).index, whereFailed(error).attempt], [1, 2]);
      const later = (x) => (context.attempt === 1 ? Promise.reject(x) : x);
      assert.deepEqual(await map([1, 2], later, { ...o, retries: { times: 1 } }), [1, 2]);
    },
  ],
  [
    'the delay grows by the factor backoff',
    async ({ map, context }, o) => {
      const at = [];
      const fn = () => {
        context.emit(Date.now());
        if (context.attempt < 4) throw new Error('not yet');
      };
      await map([1], fn, { ...o, retries: { times: 3, delayMs: 20, backoff: 3 }, onMessage: (m) => at.push(m) });
      const delays = at.slice(1).map((t, i) => t - at[i]);
      // A timer may be a millisecond early by another clock.
      for (const [i, least] of [20, 60, 180].entries()) assert.ok(delays[i] >= least - 2, `${delays} before the retries`);
    },
  ],
  [
    'when decides by error, index and attempt, in the context of the call, and is not asked after the last try',
    async ({ mapSettled }, o) => {
      const storage = new AsyncLocalStorage();
      const asked = [];
      const when = (error, failed) => {
        asked.push([error.message, failed.index, failed.attempt, storage.getStore()]);
        return error.message !== 'fatal';
      };
      const fn = (x) => {
        if (x !== 'fine') throw new Error(x);
        return x;
      };
      const settled = await storage.run('request', () => mapSettled(['fatal', 'fine', 'flaky'], fn, { ...o, retries: { times: 2, when } }));
      assert.deepEqual(
        settled.map((r) => r.value ?? r.reason.message),
        ['fatal', 'fine', 'flaky'],
      );
      assert.deepEqual(asked.sort(), [
        ['fatal', 0, 1, 'request'],
        ['flaky', 2, 1, 'request'],
        ['flaky', 2, 2, 'request'],
      ]);
    },
  ],
  [
    'when that throws ends the call with its error; a promise is no answer',
    async ({ mapSettled, map }, o) => {
      const fails = () => {
        throw new Error('task');
      };
      const wrong = () => {
        throw new RangeError('mistake in when');
      };
      const error = await rejects(mapSettled([1, 2], fails, { ...o, retries: { times: 1, when: wrong } }));
      assert.ok(error instanceof RangeError && error.message === 'mistake in when');
      const promised = await rejects(map([1], fails, { ...o, retries: { times: 1, when: async () => true } }));
      assert.deepEqual([promised.name, promised.code], ['UsageError', 'BAD_OPTION']);
      assert.match(promised.message, /"when" gave a promise/);
    },
  ],
  [
    'a lost worker costs its task a try',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const asked = [];
      const when = (error, { index }) => asked.push([error.code, error.index, index]);
      const fn = (x) => {
        if (x === 3 && context.attempt === 1) process.exit(5);
        return [x, context.attempt];
      };
      assert.deepEqual(await map([1, 2, 3, 4], fn, { pool, retries: { times: 1, when } }), [
        [1, 1],
        [2, 1],
        [3, 2],
        [4, 1],
      ]);
      assert.deepEqual(asked, [['WORKER_LOST', 2, 2]]);
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
  [
    'an item that cannot travel is not tried again',
    async ({ mapSettled }, o) => {
      let asked = 0;
      const when = () => {
        asked++;
        return true;
      };
      const settled = await mapSettled([1, new WeakRef({}), 3], (x) => x, { ...o, retries: { times: 3, when } });
      assert.deepEqual(
        settled.map((r) => r.value ?? r.reason.code),
        [1, 'NOT_SHIPPABLE', 3],
      );
      assert.equal(asked, 0);
    },
    { inline: 'nothing travels inline' },
  ],
  [
    'streams give a retried result in its place; Parallel and reductions try again too',
    async ({ mapStream, mapReduce, Parallel, delayed, context }, o) => {
      const flaky = (x) => {
        if (x % 2 === 0 && context.attempt === 1) throw new Error('flaky');
        return x * 10;
      };
      const got = [];
      for await (const y of mapStream([1, 2, 3, 4, 5], flaky, { ...o, retries: 1, chunkSize: 2 })) got.push(y);
      assert.deepEqual(got, [10, 20, 30, 40, 50]);
      assert.deepEqual(await Parallel({ ...o, retries: 1 })([1, 2].map((x) => delayed(flaky)(x))), [10, 20]);
      assert.equal(await mapReduce([1, 2, 3], flaky, (a, b) => a + b, { ...o, retries: 1 }), 60);
    },
  ],
  [
    'retries that are none are refused, and names from elsewhere are understood',
    async ({ map }, o) => {
      const inherited = Object.create({ times: 1 });
      for (const retries of [-1, 1.5, '1', true, {}, inherited, { times: -1 }, { times: 1, delay: 5 }, { times: 1, when: 1 }, []]) {
        const error = await rejects(map([1], (x) => x, { ...o, retries }));
        assert.match(error.message, /"retries" is .*must be a whole number from 0, or \{ times, delayMs, backoff, when \}/);
      }
      assert.match((await rejects(map([1], (x) => x, { ...o, retry: 2 }))).message, /it is called "retries" here/);
      assert.deepEqual(await map([1], (x) => x, { ...o, retries: 0 }), [1]);
    },
  ],
];
