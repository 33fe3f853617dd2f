// The option `with`: values for the names that a function uses, where scopes could be read as well.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const k = 3;
const scale = (x) => x * k;
const noted = [];
const seen = (x) => scale(x) + noted.length;

const anew = 'functions are made anew there, with what is given';
/** Given values differ from those around the functions, which is refused where the very function runs. */
const inline = { inline: 'in line the very function runs' };

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'names in `with` stand for what is given, in the function and in the functions given; other names for what they are',
    async ({ map }, o) => {
      assert.deepEqual(await map([1, 2], seen, { ...o, with: { noted: [0, 0] } }), [5, 8]);
      assert.deepEqual(await map([1, 2], seen, { ...o, with: { k: 10 } }), [3, 6], 'scale is not among them');
      assert.deepEqual(await map([1, 2], seen, { ...o, with: { k: 10, scale } }), [10, 20]);
      const tools = { scale: (x) => scale(x) };
      assert.deepEqual(await map([1], (x) => tools.scale(x), { ...o, with: { tools, scale: (x) => -x } }), [-1]);
    },
    inline,
  ],
  [
    'given functions share the names that one of them assigns',
    async ({ run }, o) => {
      let count = 0;
      const bump = () => ++count;
      const task = () => [bump(), bump(), count];
      assert.deepEqual(await run(task, [], { ...o, with: { count: 5, bump } }), [6, 7, 7]);
    },
    inline,
  ],
  [
    'every door takes `with`',
    async (api, o) => {
      const options = { ...o, with: { k, scale } };
      const add = (a, b) => a + b;
      const fold = { initial: 0, step: (sum, x) => sum + scale(x), combine: add };
      assert.deepEqual(await api.map([1], scale, options), [3]);
      assert.deepEqual(await api.mapSettled([1], scale, options), [{ status: 'fulfilled', value: 3 }]);
      assert.deepEqual(await api.mapBatches([1, 2], 2, (batch) => batch.map(scale), options), [[3, 6]]);
      assert.equal(await api.mapReduce([1, 2], scale, add, options), 9);
      assert.equal(await api.mapReduce([1, 2], fold, options), 9);
      assert.equal(await api.run(scale, [2], options), 6);
      for await (const y of api.mapStream([1], scale, options)) assert.equal(y, 3);
      assert.deepEqual(await api.Parallel({ backend: o.backend, with: { k } })([api.delayed(scale)(4)]), [12]);
      const pool = new api.Pool({ ...o, workers: 1, setup: () => scale(1), with: { scale, k } });
      assert.deepEqual(await pool.map(scale, [1], { with: { k } }), [3]);
      await pool.close();
    },
  ],
  [
    'in line a given value that the function does not see is refused: the very function runs there',
    async ({ map }, o) => {
      assert.deepEqual(await map([1], scale, { ...o, with: { k } }), [3]);
      const error = await rejects(map([1], scale, { ...o, with: { k: 10 } }));
      assert.equal(error.code, 'NOT_SHIPPABLE');
      assert.match(
        error.message,
        /^Cannot ship `k` \(captured by `scale` at with\.native\.mjs:\d+:\d+\): it is given in `with` and is not what/,
      );
    },
    { threads: anew, processes: anew },
  ],
  [
    'what is given and cannot travel is refused by its name',
    async ({ map }, o) => {
      const later = Promise.resolve();
      const error = await rejects(map([1], () => later, { ...o, with: { later } }));
      assert.match(error.message, /^Cannot ship `later` \(captured by .*\): it is a Promise/);
    },
  ],
  [
    '`with` must be an object of names, and in a pool there must be a function to use them',
    async ({ map, Pool }, o) => {
      for (const wrong of [1, [k], 'k', () => k]) {
        const error = await rejects(map([1], scale, { ...o, with: wrong }));
        assert.match(error.message, /^map: option "with" is .*; it must be an object of names and values, such as { k, helper }$/);
      }
      for (const setup of [undefined, 'file:///nowhere.mjs']) {
        assert.throws(
          () => new Pool({ ...o, setup, with: { k } }),
          /option "with" is for the function "setup" or "initializer", and there is none/,
        );
      }
    },
  ],
];
