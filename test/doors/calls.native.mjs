// How `fn` is called: its arguments, its variables, batches, calls inside calls.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const k = 3;
const triple = (x) => x * k;

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'fn gets the item and its index from map, and exactly its item from a pool',
    async ({ map, Pool }, o) => {
      assert.deepEqual(await map(['a', 'b'], (...args) => args, o), [
        ['a', 0],
        ['b', 1],
      ]);
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(await pool.map((...args) => args, ['a', 'b']), [['a'], ['b']]);
      await pool.close();
    },
  ],
  [
    'starmap spreads each list over the parameters',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(
        await pool.starmap(
          (a, b, c = 10) => a * b + c,
          [
            [1, 2],
            [3, 4, 0],
          ],
        ),
        [12, 12],
      );
      assert.match((await rejects(pool.starmap((a) => a, [[1], 2]))).message, /items\[1\] is 2; each item must be an array of arguments/);
      await pool.close();
    },
  ],
  [
    'apply and run make one call',
    async ({ Pool, run }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.equal(await pool.apply((a, b) => a + b + k, [1, 2]), 6);
      assert.equal(await pool.apply(async () => k), 3);
      assert.equal(await run((a, b) => a + b + k, [1, 2], o), 6);
      await pool.close();
    },
  ],
  [
    'mapBatches gives whole batches and the index of their first item',
    async ({ mapBatches, range }, o) => {
      const shape = (batch, first) => [batch.length, first, Array.isArray(batch)];
      assert.deepEqual(await mapBatches(range(7), 3, shape, o), [
        [3, 0, true],
        [3, 3, true],
        [1, 6, true],
      ]);
      assert.deepEqual(await mapBatches(new Set([1, 2, 3]), 2, shape, o), [
        [2, 0, true],
        [1, 2, true],
      ]);
      assert.deepEqual(await mapBatches(Float32Array.of(1, 2, 3), 2, (b) => [b.constructor.name, b[0]], o), [
        ['Float32Array', 1],
        ['Float32Array', 3],
      ]);
      assert.deepEqual(await mapBatches([], 2, shape, o), []);
    },
  ],
  [
    "a captured variable is read at the call, and the caller's stays as it is",
    async ({ map }, o) => {
      let n = 1;
      const list = [1];
      const promise = map([1, 2], (x) => x + n + list.length, o);
      n = 100;
      list.push(2);
      assert.deepEqual(await promise, [3, 4]);
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'a call inside a task runs in line',
    async (_, o) => {
      const { map } = await import('allcores');
      assert.deepEqual(await map([1, 2], async (x) => (await map([x, x + 1], triple)).join(), o), ['3,6', '6,9']);
    },
  ],
  [
    'apply wants a list of arguments',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.match((await rejects(pool.apply(triple, 5))).message, /pool\.apply: the arguments are 5; they must be an array/);
      await pool.close();
    },
  ],
  [
    'captured data is that of the call, also where its worker is busy or still starting',
    async (api, o) => {
      const pool = new api.Pool({ workers: 1, ...o });
      const state = { step: 0 };
      const numbers = new Float64Array(2);
      const jobs = [0, 1, 2, 3].map((step) => {
        state.step = step;
        numbers[0] = step;
        return pool.map(() => [state.step, numbers[0]], [0]);
      });
      assert.deepEqual((await Promise.all(jobs)).flat(), [
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ]);
      await pool.close();
    },
    { inline: 'nothing is copied' },
  ],
];
