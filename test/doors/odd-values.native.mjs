// Values that try hard to break a call: each is settled, costs nobody else a result, and leaves nothing behind.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import { rejects } from './rejects.native.mjs';

const outcomes = (settled) => settled.map((r) => (r.status === 'fulfilled' ? 'ok' : 'failed'));

export const cases = [
  [
    'an item whose own inspection throws does not keep a failure from arriving',
    async ({ map }, o) => {
      class Shy {
        [inspect.custom]() {
          throw new Error('do not look');
        }
      }
      const fail = () => {
        throw new Error('task');
      };
      assert.equal((await rejects(map([new Shy()], fail, o))).message, 'task');
    },
  ],
  [
    'a frozen error costs nobody else a result',
    async ({ mapSettled }, o) => {
      const fn = (x) => {
        if (x === 2) throw Object.freeze(new Error('frozen'));
        return x;
      };
      const out = await mapSettled([1, 2, 3], fn, { ...o, chunkSize: 3 });
      assert.deepEqual(outcomes(out), ['ok', 'failed', 'ok']);
      assert.equal(out[1].reason.message, 'frozen');
    },
  ],
  [
    'thrown values and results that cannot be looked at fail alone',
    async ({ mapSettled }, o) => {
      const throws = (x) => {
        if (x !== 2) return x;
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        throw proxy;
      };
      const gives = (x) => {
        if (x !== 2) return x;
        const error = new Error();
        Object.defineProperty(error, 'message', {
          get() {
            throw new Error('no message');
          },
        });
        throw error;
      };
      for (const fn of [throws, gives])
        assert.deepEqual(outcomes(await mapSettled([1, 2, 3], fn, { ...o, chunkSize: 3 })), ['ok', 'failed', 'ok']);
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'an iterator that answers with no object is refused, as for-of does',
    async ({ map }, o) => {
      const items = { [Symbol.iterator]: () => ({ next: () => 5 }) };
      assert.match((await rejects(map(items, (x) => x, o))).message, /answered next\(\) with 5/);
    },
  ],
  [
    'a signal that aborts while the first items are read is heard, and no listener is left on it',
    async ({ map }, o) => {
      const controller = new AbortController();
      const stop = new Error('stop');
      function* items() {
        controller.abort(stop);
        yield* [1, 2, 3];
      }
      assert.equal(await rejects(map(items(), (x) => x, { ...o, signal: controller.signal })), stop);
      const { signal } = new AbortController();
      for (let i = 0; i < 20; i++) await map([], (x) => x, { ...o, signal });
      await Promise.all(Array.from({ length: 20 }, () => map([1], (x) => x, { ...o, signal })));
      assert.equal(getEventListeners(signal, 'abort').length, 0);
    },
  ],
  [
    'a range with a fractional step gives the same numbers in any chunks',
    async ({ map, range }, o) => {
      const expected = [...range(0, 100, 0.1)];
      for (const chunkSize of [1, 7, 'auto']) assert.deepEqual(await map(range(0, 100, 0.1), (x) => x, { ...o, chunkSize }), expected);
    },
  ],
  [
    'a Buffer is read at the call like other arrays',
    async ({ map }, o) => {
      const buffer = Buffer.alloc(5000, 1);
      const promise = map(buffer, (x) => x, { ...o, chunkSize: 10 });
      buffer.fill(9);
      assert.ok((await promise).every((x) => x === 1));
    },
  ],
  [
    'a function that counts its own calls starts anew in every call',
    async ({ map, Pool }, o) => {
      function count(x) {
        count.calls = (count.calls ?? 0) + 1;
        return count.calls + x;
      }
      const pool = new Pool({ workers: 1, ...o });
      assert.deepEqual(await map([0, 0], count, { pool }), [1, 2]);
      assert.deepEqual(await map([0, 0], count, { pool }), [1, 2]);
      await pool.close();
    },
    { inline: 'the very function runs, so it goes on counting' },
  ],
  [
    'a global that appears between two calls is seen by the second',
    async ({ run }, o) => {
      const look = () => (typeof appearsLater === 'undefined' ? 'none' : appearsLater);
      assert.equal(await run(look, [], o), 'none');
      globalThis.appearsLater = 5;
      try {
        assert.equal(await run(look, [], o), 5);
      } finally {
        delete globalThis.appearsLater;
      }
    },
  ],
  [
    'a method that another of its class has replaced stays replaced',
    async ({ run }, o) => {
      class A {
        a() {
          return 'a';
        }
        b() {
          return 'b';
        }
      }
      A.prototype.a = A.prototype.b;
      assert.equal(await run(() => new A().a(), [], o), 'b');
    },
  ],
  [
    'what imports of a built-in module say of the thread is true there',
    async ({ run }, o) => {
      // A process has a main thread of its own.
      assert.equal(await run(() => isMainThread, [], o), o.backend === 'processes');
    },
    { inline: 'it runs on the host' },
  ],
  [
    'a pool in place of its options is refused, and so is what only looks like a pool',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.match((await rejects(map([1], (x) => x, pool))).message, /pass it as \{ pool \}/);
      assert.match((await rejects(map([1], (x) => x, { pool: { imapUnordered: 1 } }))).message, /must be a Pool/);
      assert.throws(() => new Pool(2, () => {}), /takes one argument/);
      await pool.close();
    },
  ],
];
