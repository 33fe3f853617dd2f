// Functions that call helpers and capture constants, on pools of their own: whether workers were started tells where they ran.
import assert from 'node:assert/strict';

const ITEMS = [1, 2, 3];
const MANY = Array.from({ length: 4_000_000 }, (_, i) => i);
const ONE = { workers: 1 };

/** Whether `map(items, fn)` started a worker, and that it gave what the loop gives. */
async function startsWorkers({ Pool }, fn, items = ITEMS, options = ONE) {
  const pool = new Pool({ placing: 'auto', ...options });
  try {
    const expected = items.slice(0, 1000).map((x) => fn(x));
    const results = await pool.map(fn, items);
    assert.deepEqual(results.slice(0, 1000), expected);
    assert.equal(results.length, items.length);
    return pool.stats().workersStarted > 0;
  } finally {
    await pool.terminate();
  }
}
const stays = async (api, fn, items) => assert.equal(await startsWorkers(api, fn, items), false, `workers were started for ${fn}`);
const goes = async (api, fn, items) => assert.equal(await startsWorkers(api, fn, items), true, `no worker was started for ${fn}`);

const k = 3;
const name = 'item';
const square = (x) => x ** 2;
const scaled = (x) => square(x) * k;
const { sin, abs: positive } = Math;
function classic(x, by = 2) {
  if (x > 2) return by;
  return scaled(x);
}
const isEven = (n) => (n === 0 ? true : isOdd(n - 1));
const isOdd = (n) => (n === 0 ? false : isEven(n - 1));
const factorial = (n) => (n <= 1 ? 1 : n * factorial(n - 1));
let written = 0;

/** Helpers each called by `(x) => helper(x)`, of its own text. */
const forWorkers = {
  writes: [(x) => (written = x), (h) => (x) => h(x) + 0],
  throws: [
    (x) => {
      if (x > 100) throw new Error('large');
      return x;
    },
    (h) => (x) => h(x) + 1,
  ],
  loops: [
    (x) => {
      let sum = 0;
      for (let i = 0; i < x; i++) sum += i;
      return sum;
    },
    (h) => (x) => h(x) + 2,
  ],
  logs: [(x) => typeof console.table + x, (h) => (x) => h(x) + 3],
  random: [(x) => x + 0 * Math.random(), (h) => (x) => h(x) + 4],
  calls: [(x) => forWorkers.loops[0](x), (h) => (x) => h(x) + 5],
  bound: [((x) => x).bind(null), (h) => (x) => h(x) + 6],
  proxy: [new Proxy((x) => x, {}), (h) => (x) => h(x) + 7],
  extended: [Object.assign((x) => x, { more: { deep: 1 } }), (h) => (x) => h(x) + 8],
  powers: [(x) => String(10n + BigInt(x)), (h) => (x) => h(x) + 9],
};

export const cases = [
  [
    'helpers, helpers of helpers, constants, and functions of Math that were taken out of it',
    async (api) => {
      await stays(api, (x) => square(x) + 1);
      await stays(api, (x) => scaled(square(x)) - k);
      await stays(api, (x) => classic(x) + classic(x, k));
      await stays(api, (x) => sin(x) + positive(-x));
      await stays(api, (x) => `${name} ${square(x)}`);
      await stays(api, square);
      await stays(api, scaled);
      const inner = (x) => x + k;
      await stays(api, (x) => [inner(x), square(x)].join(), ITEMS);
    },
  ],

  [
    'a helper that is not proved goes to workers with its caller',
    async (api) => {
      for (const [helper, caller] of Object.values(forWorkers)) await goes(api, caller(helper));
      await goes(api, (x) => isEven(x));
      await goes(api, (x) => factorial(x) + k);
      await goes(api, (x) => parseFloat(forWorkers.loops[0](x)));
      for (const helper of [class {}, async (x) => x, function* () {}]) {
        const fn = (x) => typeof helper(x);
        const pool = new api.Pool({ ...ONE, placing: 'auto' });
        await pool.map(fn, ITEMS).catch(() => {});
        assert.equal(pool.stats().workersStarted, 1);
        await pool.terminate();
      }
    },
  ],

  [
    'nothing of an unproved helper runs on the host',
    async (api) => {
      written = 0;
      const writes = (x) => (written = x);
      const caller = (x) => writes(x) * 2;
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      for (let i = 0; i < 3; i++) assert.deepEqual(await pool.map(caller, [5]), [10]);
      await pool.terminate();
      assert.equal(written, 0);
    },
  ],

  [
    'a function expression that names itself is not the variable of the same name around it',
    async (api) => {
      const again = (x) => x;
      const fn = function again(x) {
        return x > 1 ? again(x - 1) : 0;
      };
      assert.equal(again(1), 1);
      await goes(api, fn);
    },
  ],

  [
    'a helper that is replaced between calls',
    async (api) => {
      let helper = (x) => x + 1;
      let calls = 0;
      const fn = (x) => helper(x) * 10;
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      for (let i = 0; i < 3; i++) assert.deepEqual(await pool.map(fn, ITEMS), [20, 30, 40]);
      helper = (x) => x + 2;
      for (let i = 0; i < 3; i++) assert.deepEqual(await pool.map(fn, ITEMS), [30, 40, 50]);
      const results = pool.map(fn, ITEMS);
      helper = (x) => {
        calls++;
        return x;
      };
      assert.deepEqual(await results, [30, 40, 50]);
      assert.equal(pool.stats().workersStarted, 0);
      for (let i = 0; i < 3; i++) assert.deepEqual(await pool.map(fn, ITEMS), [10, 20, 30]);
      assert.equal(calls, 0);
      assert.equal(pool.stats().workersStarted, 1);
      await pool.terminate();
    },
  ],

  [
    'long lists go on in slices where nothing captured can change, and else leave',
    async (api) => {
      await stays(api, (x) => square(x) + k, MANY);
      await stays(api, (x) => Math.abs(scaled(x)), MANY);
      let factor = 2;
      const multiplied = (x) => x * factor;
      await goes(api, (x) => x + factor, MANY);
      await goes(api, (x) => multiplied(x) - 1, MANY);
      factor = 3;
      await stays(api, (x) => multiplied(x) - 2);
    },
  ],

  [
    'after some calls nobody asks the inspector any more where nothing can change',
    async (api) => {
      const { Session } = process.getBuiltinModule('node:inspector');
      const { connect } = Session.prototype;
      let asked = 0;
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      const fn = (x) => scaled(x) + sin(0) + k;
      let factor = 1;
      const changing = (x) => scaled(x) * factor;
      const timesAsked = async (f) => {
        asked = 0;
        for (let i = 0; i < 12; i++) await pool.map(f, ITEMS);
        return asked;
      };
      try {
        Session.prototype.connect = function () {
          asked++;
          return connect.call(this);
        };
        await timesAsked(fn);
        await timesAsked(changing);
        assert.equal(await timesAsked(fn), 0);
        assert.ok((await timesAsked(changing)) >= 12);
      } finally {
        Session.prototype.connect = connect;
      }
      factor = 2;
      assert.deepEqual(await pool.map(changing, ITEMS), [6, 24, 54]);
      assert.equal(pool.stats().workersStarted, 0);
      await pool.terminate();
    },
  ],

  [
    'Math that is patched, inside a helper as well',
    async (api) => {
      const helper = (x) => Math.cosh(x) + 1;
      const fn = (x) => helper(x) * 2;
      for (let i = 0; i < 3; i++) await stays(api, fn);
      const { cosh } = Math;
      let calls = 0;
      try {
        Math.cosh = (x) => {
          calls++;
          return cosh(x);
        };
        const pool = new api.Pool({ ...ONE, placing: 'auto' });
        await pool.map(fn, ITEMS).catch(() => {});
        assert.equal(pool.stats().workersStarted, 1);
        await pool.terminate();
        assert.equal(calls, 0);
      } finally {
        Math.cosh = cosh;
      }
      await stays(api, fn);
    },
  ],

  [
    'Math that is not Math where the helper stands',
    async (api) => {
      const seen = [];
      const helper = (() => {
        // biome-ignore lint/suspicious/noShadowRestrictedNames: that is the test.
        const Math = { floor: (x) => seen.push(x) };
        return (x) => Math.floor(x);
      })();
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      await pool.map((x) => helper(x) + 1, ITEMS).catch(() => {});
      assert.equal(pool.stats().workersStarted, 1);
      await pool.terminate();
      assert.deepEqual(seen, []);
    },
  ],

  [
    'rows given to helpers are looked at for what those read',
    async (api) => {
      const total = ({ price, qty }) => price * qty;
      const label = (row) => row.name.trim();
      const fn = (row) => `${label(row)} ${total(row)}`;
      const rows = Array.from({ length: 1000 }, (_, i) => ({ price: i, qty: 2, name: ` n${i} ` }));
      await stays(api, fn, rows);
      const spy = () => 1;
      const first = ([a]) => a;
      const at = (list, i) => list[i];
      const hostile = [
        [fn, { price: { valueOf: spy }, qty: 1, name: 'a' }],
        [fn, { price: 1, qty: 1, name: { trim: spy } }],
        [(row) => first(row.name), { name: Object.assign([1], { [Symbol.iterator]: spy }), price: 1 }],
        [(row) => at(row.name, row.price), { price: 'odd', name: Object.defineProperty([1], 'odd', { get: spy, enumerable: true }) }],
      ];
      for (const [caller, row] of hostile) {
        const pool = new api.Pool({ ...ONE, placing: 'auto' });
        await pool.map(caller, [...rows, row]).catch(() => {});
        assert.equal(pool.stats().workersStarted, 1, String(caller));
        await pool.terminate();
      }
      const getters = {
        get price() {
          return spy();
        },
        qty: 1,
        name: 'a',
      };
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      assert.deepEqual(await pool.map(fn, [getters]), ['a 1']);
      assert.equal(pool.stats().workersStarted, 1);
      await pool.terminate();
    },
  ],

  [
    'calls that double at every level are counted',
    async (api) => {
      const a = (x) => x + 1;
      const b = (x) => a(x) + a(x) + a(x) + a(x) + a(x);
      const c = (x) => b(x) + b(x) + b(x) + b(x) + b(x);
      await stays(api, (x) => c(x) + 1);
      const d = (x) => c(x) + c(x) + c(x) + c(x) + c(x);
      await goes(api, (x) => d(x) + d(x) + d(x) + d(x));
    },
  ],

  [
    'captured objects, and what has no value yet, are for workers',
    async (api) => {
      const table = { factor: 2, square };
      await goes(api, (x) => table.square(x) + table.factor);
      const number = k;
      const pool = new api.Pool({ ...ONE, placing: 'auto' });
      await assert.rejects(
        pool.map((x) => number(x), ITEMS),
        TypeError,
      );
      const early = (x) => later(x) + 1;
      await assert.rejects(pool.map(early, ITEMS));
      const later = (x) => x;
      for (let i = 0; i < 3; i++) assert.deepEqual(await pool.map(early, ITEMS), [2, 3, 4]);
      await pool.terminate();
    },
  ],

  [
    'a helper that is a global of the program',
    async (api) => {
      globalThis.programHelper = (x) => x + 1;
      try {
        await stays(api, (x) => programHelper(x) * 2);
        Object.defineProperty(globalThis, 'programHelper', { configurable: true, get: () => assert.fail('asked on the host') });
        const pool = new api.Pool({ ...ONE, placing: 'auto' });
        await pool.map((x) => typeof programHelper(x), ITEMS).catch(() => {});
        await pool.terminate();
      } finally {
        delete globalThis.programHelper;
      }
    },
  ],
];
