// biome-ignore-all lint: odd code is what these cases are about
// What the caller is told of although no call fails of it, by way of Node's own warnings.
import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { rejects } from './rejects.native.mjs';

/** The warnings of this package that come while `act` runs. */
const warningsOf = async (act) => {
  const heard = [];
  const listener = (warning) => {
    if (warning.name === 'AllcoresWarning') heard.push(warning);
  };
  process.on('warning', listener);
  try {
    await act();
    // A warning is told in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.off('warning', listener);
  }
  return heard;
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a captured variable that tasks assign or change is warned of once, with its place, however many calls there are',
    async ({ map, Pool }, o) => {
      let counter = 0;
      const results = [];
      const collect = (x) => {
        counter += 1;
        results.push(x);
        return x;
      };
      const pool = new Pool({ workers: 1, ...o });
      const heard = await warningsOf(async () => {
        for (let call = 0; call < 3; call++) await map([1, 2, 3], collect, { ...o, chunkSize: 1 });
        await pool.map(collect, [1]);
      });
      await pool.close();
      assert.deepEqual(
        heard.map(({ code, message }) => [
          code,
          /^`(\w+)` is (\w+) by `collect` \(warnings\.native\.mjs:\d+:\d+\)/.exec(message)?.slice(1),
        ]),
        [
          ['ALLCORES_CAPTURE', ['counter', 'assigned']],
          ['ALLCORES_CAPTURE', ['results', 'changed']],
        ],
      );
    },
  ],
  [
    'an alias, Object.assign, a class static and `this` are warned of as well',
    async ({ map }, o) => {
      const state = { rows: [], total: 0 };
      class Counter {
        static count = 0;
      }
      class Tally {
        total = 0;
        task() {
          return (x) => {
            this.total += x;
            return this.total;
          };
        }
      }
      const heard = await warningsOf(async () => {
        await map([1], (x) => { const { rows } = state; rows.push(x); }, o); // biome-ignore format: one place
        await map([1], (x) => { Object.assign(state, { total: x }); }, o); // biome-ignore format: one place
        await map([1], () => { Counter.count += 1; }, o); // biome-ignore format: one place
        await map([1], new Tally().task(), o);
      });
      assert.deepEqual(
        heard.map(({ message }) => /^`(\w+)` is changed/.exec(message)?.[1]),
        ['state', 'state', 'Counter', 'this'],
      );
    },
  ],
  [
    'shared memory is no reason to warn',
    async ({ map }, o) => {
      const cells = new Int32Array(new SharedArrayBuffer(8));
      const shared = { cells };
      const task = (x) => {
        cells[0] = x;
        cells.set([x], 1);
        shared.cells.fill(x);
      };
      assert.deepEqual(await warningsOf(() => map([1], task, o)), []);
      assert.deepEqual([...cells], [1, 1]);
    },
    { processes: 'they share no memory' },
  ],
  [
    'copies, and functions called add or set are no reason to warn',
    async ({ map }, o) => {
      const rows = [3, 1, 2];
      const sums = { add: (a, b) => a + b };
      const heard = await warningsOf(() =>
        map(
          [1],
          (x) => {
            const own = [...rows];
            own.sort();
            rows.slice().push(x);
            return sums.add(x, 1);
          },
          o,
        ),
      );
      assert.deepEqual(
        heard.map(({ message }) => message),
        [],
      );
    },
  ],
  [
    'a mock that travels is warned of once, with the way out',
    async ({ map }, o) => {
      const price = Object.assign((x) => x * 2, { mock: { calls: [] } });
      const heard = await warningsOf(async () => {
        for (let call = 0; call < 2; call++) assert.deepEqual(await map([1, 2], (x) => price(x), o), [2, 4]);
      });
      assert.deepEqual(
        heard.map(({ code }) => code),
        ['ALLCORES_MOCK'],
      );
      assert.match(heard[0].message, /^`price` \(captured by `.*` at warnings\.native\.mjs:\d+:\d+\) is a mock: .*ALLCORES_BACKEND=inline/);
    },
    { inline: 'the mock itself is called' },
  ],
  [
    'a mock of node:test that cannot travel is refused with the way out',
    async ({ map }, o) => {
      const price = mock.fn((x) => x * 2);
      assert.match((await rejects(map([1], (x) => price(x), o))).message, /mock.*ALLCORES_BACKEND=inline/s);
    },
    { inline: 'the mock itself is called' },
  ],
  [
    'a refused result names the function that gave it and where that is',
    async ({ map, mapSettled }, o) => {
      const give = (x) => ({ open: x > 1 ? Promise.resolve(x) : x });
      const error = await rejects(map([1, 2], give, o));
      assert.match(
        error.message,
        /^Cannot ship `the result of items\[1\]\.open` \(returned by `give` at warnings\.native\.mjs:\d+:\d+\): it is a Promise.*Await it in the function and return its value\.$/,
      );
      assert.ok(error.stack.includes('returned by `give`'), error.stack);
      const [, second] = await mapSettled([1, 2], give, o);
      assert.match(second.reason.message, /returned by `give`/);
    },
    { inline: 'nothing is copied inline' },
  ],
];
