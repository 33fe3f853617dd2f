// multiprocessing.Pool: map, starmap, apply and what they give. The names start with the ids of ../behaviours/inventory.ts.
import assert from 'node:assert/strict';

const square = (x) => x * x;
const product = (x, y) => x * y;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const settled = (promise) =>
  promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B01 map equals sequential map, any chunk size',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 4, ...o });
      for (const length of [1, 10, 100, 1000]) {
        const items = numbers(length);
        const expected = items.map((x) => square(x));
        for (const chunkSize of [undefined, 1, 2, 7, 20, length, length + 1])
          assert.deepEqual(await pool.map(square, items, chunkSize), expected, `${length} items, chunk size ${chunkSize}`);
      }
      await pool.close();
    },
  ],
  [
    'B02 apply gives its arguments to the function by position; named ones are an object, or a default of the parameter',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.equal(await pool.apply(square, [5]), 25);
      assert.equal(await pool.apply((x, { wait = 0 } = {}) => x + wait, [5]), 5);
      assert.equal(await pool.apply((x, { wait = 0 } = {}) => x + wait, [5, { wait: 1 }]), 6);
      assert.equal(await pool.apply(() => 7), 7);
      await pool.close();
    },
  ],
  [
    'B03 starmap spreads lists; as starmap_async it is the same, for it gives a promise',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const pairs = numbers(100).map((i) => [i, 99 - i]);
      const expected = pairs.map(([x, y]) => x * y);
      assert.deepEqual(await pool.starmap(product, pairs), expected);
      assert.deepEqual(await pool.starmap(product, pairs.values(), 7), expected);
      const promise = pool.starmap(product, pairs);
      assert.ok(promise instanceof Promise);
      assert.deepEqual(await promise, expected);
      await pool.close();
    },
  ],
  [
    'B04 map, starmap, imap and imapUnordered of nothing give nothing',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const nothings = [() => [], () => new Set(), () => new Map().values(), () => (async function* () {})()];
      for (const nothing of nothings) {
        assert.deepEqual(await pool.map(square, nothing()), []);
        assert.deepEqual(await pool.starmap(product, nothing()), []);
        for (const stream of [pool.imap(square, nothing()), pool.imapUnordered(square, nothing())])
          assert.deepEqual(await stream.next(), { done: true, value: undefined });
      }
      await pool.close();
    },
  ],
  [
    'B05 map of nothing with chunk size 1 does not stall',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(await pool.map(square, [], 1), []);
      assert.deepEqual(await pool.map(square, new Float64Array(0), 1), new Float64Array(0));
      await pool.close();
    },
  ],
  [
    'B06 a callback is then(…): once with the whole list, or once with the error, never both',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const heard = [];
      const callback = (value) => heard.push(['value', value]);
      const errorCallback = (error) => heard.push(['error', error.message]);
      await pool.map(square, [1, 2, 3]).then(callback, errorCallback);
      await pool
        .map(
          (x) => {
            throw new Error(`no ${x}`);
          },
          [1, 1, 1],
          1,
        )
        .then(callback, errorCallback);
      assert.deepEqual(heard, [
        ['value', [1, 4, 9]],
        ['error', 'no 1'],
      ]);
      await pool.close();
    },
  ],
  [
    'B27 the error callback of apply gets the error object',
    async ({ Pool, whereFailed }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      class Denied extends Error {
        code = 7;
      }
      const { error } = await settled(
        pool.apply(() => {
          throw new Denied('entry');
        }),
      );
      assert.ok(error instanceof Denied);
      assert.deepEqual([error.message, error.code, whereFailed(error)?.index], ['entry', 7, 0]);
      await pool.close();
    },
  ],
  [
    'B07 an item that cannot travel: an error in the caller, no hang, and the pool works on',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const unsendable = { deep: [new WeakRef({})] };
      const attempts = [
        () => pool.map((x) => typeof x, [1, unsendable, 3]),
        () => pool.starmap((x) => typeof x, [[unsendable]]),
        () => pool.apply((x) => typeof x, [unsendable]),
        () => pool.imap((x) => typeof x, [unsendable]).next(),
        () => pool.imapUnordered((x) => typeof x, [unsendable]).next(),
      ];
      for (const attempt of attempts) {
        const { error } = await settled(attempt());
        assert.deepEqual([error?.name, error?.code], ['NotShippableError', 'NOT_SHIPPABLE']);
        assert.match(error.message, /items\[\d\].*deep.*WeakRef/);
      }
      assert.deepEqual(await pool.map(square, [1, 2]), [1, 4]);
      await pool.close();
    },
    { inline: 'nothing is copied there' },
  ],
];
