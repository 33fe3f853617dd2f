// Calls with `placing: 'auto'`, on pools of their own: whether workers were started tells where they ran. Functions stand here as they are.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { runInNewContext } from 'node:vm';

const auto = { placing: 'auto' };
const ITEMS = [1, 2, 3];
/** One worker is never sooner: what is long stays here, however slow this machine is. */
const ONE = { workers: 1 };

/** Runs `body` with a pool, and gives whether any worker was started. */
async function startsWorkers({ Pool }, body, options = {}) {
  const pool = new Pool({ workers: 2, placing: 'auto', ...options });
  try {
    await body(pool);
    return pool.stats().workersStarted > 0;
  } finally {
    await pool.terminate();
  }
}

const staysHere = async (api, body, options = ONE) => assert.equal(await startsWorkers(api, body, options), false, 'workers were started');
const goes = async (api, body, options) => assert.equal(await startsWorkers(api, body, options), true, 'no worker was started');

/** @type {[string, (api: any) => Promise<void>][]} */
export const cases = [
  [
    'every door of whole lists stays here with small work',
    (api) =>
      staysHere(api, async (pool) => {
        const { map, mapSettled, run, range } = api;
        assert.deepEqual(await pool.map((x) => x ** 2, ITEMS), [1, 4, 9]);
        assert.deepEqual(
          await pool.starmap(
            (a, b) => a + b,
            [
              [1, 2],
              [3, 4],
            ],
          ),
          [3, 7],
        );
        assert.equal(await pool.apply((a, b) => a * b, [3, 4]), 12);
        assert.deepEqual(await map(range(2, 5), (x, i) => x * i, { pool }), [0, 3, 8]);
        assert.deepEqual(await mapSettled(['a', null], (s) => s.length, { pool }).then(([a, b]) => [a, b.status, b.reason.name]), [
          { status: 'fulfilled', value: 1 },
          'rejected',
          'TypeError',
        ]);
        assert.equal(await run((a, b) => a + b, [1, 2], { pool }), 3);
        assert.deepEqual(await pool.map((x) => x, []), []);
      }),
  ],

  [
    'typed arrays give the kind that workers give',
    (api) =>
      staysHere(api, async (pool) => {
        assert.deepEqual(await pool.map((x) => x / 2, new Uint8Array([1, 2])), new Float64Array([0.5, 1]));
        assert.deepEqual(await pool.map((x) => x / 3, new Float32Array([1, 2])), new Float32Array([1 / 3, 2 / 3]));
        assert.deepEqual(await api.map(new Float64Array([5, 6]), (x, i) => x + i, { pool }), new Float64Array([5, 7]));
        assert.deepEqual(await pool.map((x) => x, new Float64Array(0)), new Float64Array(0));
      }),
  ],

  [
    'a typed array with other results is refused as by workers',
    (api) =>
      goes(api, async (pool) => {
        await assert.rejects(
          pool.map((x) => (x > 1 ? 'many' : x), new Float64Array([1, 2])),
          { code: 'BAD_RESULT', message: /items\[1\]/ },
        );
      }),
  ],

  [
    'every kind of primitive, and what is odd about numbers',
    (api) =>
      staysHere(api, async (pool) => {
        const odd = [0, -0, NaN, Infinity, 1.5, 'text', '', null, undefined, true, 2 ** 31];
        const same = await pool.map((x) => x, odd);
        assert.equal(same.length, odd.length);
        for (const [i, value] of odd.entries()) assert.ok(Object.is(same[i], value), String(value));
        const sparse = [1, 2, 3];
        delete sparse[1];
        assert.deepEqual(await pool.map((x) => typeof x, sparse), ['number', 'undefined', 'number']);
      }),
  ],

  [
    'what throws here says where',
    (api) =>
      staysHere(api, async (pool) => {
        const error = await pool.map((r) => r.a.b, [{ a: { b: 1 } }, { a: null }]).catch((e) => e);
        assert.equal(error.constructor, TypeError);
        assert.match(error.message, /Cannot read properties of null \(reading 'b'\)/);
        assert.deepEqual(api.whereFailed(error), { index: 1, preview: '{ a: null }', worker: 'inline', attempt: 1 });
      }),
  ],

  [
    'a mixture with bigints fails as in a loop',
    (api) =>
      goes(api, async (pool) => {
        const loop = (() => {
          try {
            return [1n].map((x) => x + 1);
          } catch (e) {
            return e;
          }
        })();
        await assert.rejects(
          pool.map((x) => x + 1, [1, 1n]),
          { name: 'TypeError', message: loop.message },
        );
      }),
  ],

  [
    'rows stay, with what is in them',
    (api) =>
      staysHere(api, async (pool) => {
        const rows = Array.from({ length: 3000 }, (_, id) => ({
          id,
          name: `n${id}`,
          price: id / 3,
          tags: ['a', `b${id % 3}`],
          deep: { x: { y: id } },
        }));
        const fn = (r) => (r.tags.includes('b1') ? `${r.name} ${r.deep.x.y}` : r.price * 2);
        assert.deepEqual(await pool.map(fn, rows), rows.map(fn));
        const whole = (r) => `${r}`;
        assert.deepEqual(await pool.map(whole, rows.slice(0, 20)), rows.slice(0, 20).map(whole));
      }),
  ],

  [
    'results that are objects come from workers, as copies',
    (api) =>
      goes(api, async (pool) => {
        const tags = ['a'];
        const [result] = await pool.map((r) => r.tags, [{ tags }]);
        assert.deepEqual(result, tags);
        assert.notEqual(result, tags);
      }),
  ],

  [
    'rows after a thousand that are no plain data go to workers',
    async (api) => {
      class Odd {
        price = 1;
      }
      let asked = 0;
      const spy = () => {
        asked++;
        return 1;
      };
      const hostile = [
        new Odd(),
        new Proxy({ price: 5 }, {}),
        { price: { valueOf: spy } },
        { price: { [Symbol.toPrimitive]: spy } },
        { price: Object.assign([1], { toString: spy }) },
        { price: new Proxy([], {}) },
        { price: new Odd() },
        { price: Symbol.iterator },
        { price: 7n },
        { price: [{ toString: spy }] },
      ];
      for (const odd of hostile) {
        const rows = [...Array.from({ length: 1000 }, () => ({ price: 1 })), odd];
        await goes(api, async (pool) => void (await pool.map((r) => r.price + 1, rows).catch(() => {})));
      }
      assert.equal(asked, 0, 'code of the caller ran on the host');
    },
  ],

  [
    'a method that an item brings along is not called here',
    async (api) => {
      let calls = 0;
      class Sly {
        includes() {
          calls++;
          return true;
        }
      }
      const list = Object.assign([1], {
        includes() {
          calls++;
          return true;
        },
      });
      for (const odd of [
        new Sly(),
        {
          includes() {
            calls++;
            return true;
          },
        },
        list,
        { tags: new Sly() },
        { tags: list },
      ]) {
        const rows = [...Array.from({ length: 100 }, () => ({ tags: [1] })), odd];
        await goes(api, async (pool) => void (await pool.map((r) => (r.tags ?? r).includes(1), rows).catch(() => {})));
        await goes(api, async (pool) => void (await pool.map((r) => (r.tags ?? r).includes(1), [odd]).catch(() => {})));
      }
      assert.equal(calls, 0);
    },
  ],

  [
    'getters are left to workers',
    (api) =>
      goes(api, async (pool) => {
        const rows = [
          { price: 1 },
          {
            get price() {
              return 2;
            },
          },
        ];
        assert.deepEqual(await pool.map((r) => r.price * 2, rows), [2, 4]);
      }),
  ],

  [
    'what is awaited on its way is not an item of the loop',
    (api) =>
      goes(api, async (pool) => {
        const rows = Array.from({ length: 100 }, (_, a) => ({ a }));
        rows.push({
          a: 1,
          // biome-ignore lint/suspicious/noThenProperty: that is the test.
          then(resolve) {
            resolve?.({ a: 2 });
          },
        });
        assert.equal((await pool.map((r) => r.a, rows)).at(-1), 2);
        assert.deepEqual(await pool.map((x) => x + 1, [Promise.resolve(1)]), [2]);
      }),
  ],

  [
    'a function as an item is refused as always',
    async (api) => {
      await startsWorkers(api, (pool) =>
        assert.rejects(
          pool.map((x) => x, [1, () => 1]),
          { code: 'BAD_ARGUMENT' },
        ),
      );
    },
  ],

  [
    'globals of the language stay, others of the same name do not',
    async (api) => {
      await staysHere(api, async (pool) => {
        assert.deepEqual(await pool.map((x) => Math.abs(x) + parseInt('3', 10), [-1]), [4]);
        assert.deepEqual(await pool.map(Math.sqrt, [4, 9]), [2, 3]);
      });
      const seen = [];
      {
        // biome-ignore lint/suspicious/noShadowRestrictedNames: that is the test.
        const Math = {
          abs: (x) => {
            seen.push(x);
            return x + 100;
          },
        };
        await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => Math.abs(x), [-1]), [99]));
      }
      assert.deepEqual(seen, []);
    },
  ],

  [
    'constants of the language whose names a scope gives to others go to workers',
    async (api) => {
      let asked = 0;
      const odd = {
        valueOf() {
          asked++;
          return 1;
        },
      };
      for (const name of ['undefined', 'Infinity']) {
        const fn = new Function('odd', `let ${name} = odd; return (x) => x + ${name}`)(odd);
        await goes(api, async (pool) => void (await pool.map(fn, ITEMS).catch(() => {})));
      }
      assert.equal(asked, 0);
    },
  ],

  [
    'a name in a with scope may be anything',
    async (api) => {
      const odd = { k: 1 };
      for (const name of ['k', 'Math.PI']) {
        const fn = new Function('odd', `with (odd) { return (x) => x + ${name} }`)(odd);
        await goes(api, async (pool) => void (await pool.map(fn, ITEMS).catch(() => {})));
      }
    },
  ],

  [
    'a row that is used whole in a template is looked at whole',
    async (api) => {
      let calls = 0;
      const odd = {
        toString() {
          calls++;
          return 'odd';
        },
      };
      const rows = [...Array.from({ length: 100 }, (_, price) => ({ price })), odd];
      const fn = (row) => {
        const { length } = `${row}`;
        return length;
      };
      await goes(api, async (pool) => void (await pool.map(fn, rows).catch(() => {})));
      const octal = new Function('return (row) => row[010] + ""')();
      await goes(api, async (pool) => void (await pool.map(octal, [...rows.slice(0, 100), { 8: odd }]).catch(() => {})));
      assert.equal(calls, 0);
    },
  ],

  [
    'a hole whose place in the count another key takes is seen',
    (api) =>
      goes(api, async (pool) => {
        const list = Object.assign([1, 2, 3], { more: 1 });
        delete list[1];
        await pool.map((r) => r.list.length, [{ list }]).catch(() => {});
      }),
  ],

  [
    'many calls at once share one turn of the event loop',
    (api) =>
      staysHere(api, async (pool) => {
        const xs = Array.from({ length: 400_000 }, (_, i) => i);
        let turns = 0;
        let isDone = false;
        const count = () => {
          turns++;
          if (!isDone) setImmediate(count);
        };
        setImmediate(count);
        const calls = Array.from({ length: 20 }, (_, k) => (k % 2 ? pool.map((x) => x * 2 - 1, xs) : pool.map((x) => x * 3, xs)));
        xs.fill(0);
        for (const [k, results] of (await Promise.all(calls)).entries())
          for (let i = 0; i < results.length; i += 997) assert.equal(results[i], k % 2 ? i * 2 - 1 : i * 3, `call ${k}`);
        isDone = true;
        assert.ok(turns >= 2, `${turns} turns`);
      }),
  ],

  [
    'calls one after another let the event loop turn',
    (api) =>
      staysHere(api, async (pool) => {
        const xs = Array.from({ length: 100_000 }, (_, i) => i);
        let isDone = false;
        setImmediate(() => {
          isDone = true;
        });
        // Without a turn in between this would never end.
        while (!isDone) await pool.map((x) => x * 2, xs);
      }),
  ],

  [
    'a call that waits for its turn hears its signal',
    async (api) => {
      const xs = Array.from({ length: 4_000_000 }, (_, i) => i);
      const pool = new api.Pool({ ...ONE, ...auto });
      const controller = new AbortController();
      const first = pool.map((x) => x * 2, xs);
      const second = pool.map((x) => x * 2, xs, { signal: controller.signal });
      controller.abort(new Error('enough'));
      await assert.rejects(second, { message: 'enough' });
      assert.equal((await first).at(-1), 7_999_998);
      await pool.terminate();
    },
  ],

  [
    'stacks are those of workers: without our frames, with the names that functions have',
    async (api) => {
      const named = function bob(x) {
        return x.a;
      };
      const { map } = api;
      const stacks = async (placing) => {
        const errors = [
          await map([null], named, { placing }).catch((e) => e),
          await map([null], (x) => x.a, { placing }).catch((e) => e),
          (await api.mapSettled([1, null], (x) => x.a, { placing }))[1].reason,
        ];
        return errors.map(({ stack }) => stack);
      };
      const here = await stacks('auto');
      for (const stack of here) assert.equal(stack.split('\n').length, 2, stack);
      assert.deepEqual(here, await stacks('workers'));
    },
  ],

  [
    'a patched global or method is left to workers',
    async (api) => {
      const { abs } = Math;
      let calls = 0;
      try {
        Math.abs = (x) => {
          calls++;
          return abs(x);
        };
        await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => Math.abs(x), [-1]), [1]));
      } finally {
        Math.abs = abs;
      }
      const { trim } = String.prototype;
      try {
        String.prototype.trim = function () {
          calls++;
          return trim.call(this);
        };
        await goes(api, async (pool) => void (await pool.map((s) => s.trim(), [' a']).catch(() => {})));
      } finally {
        String.prototype.trim = trim;
      }
      Object.defineProperty(Object.prototype, 'oddName', {
        configurable: true,
        get() {
          calls++;
          return 1;
        },
      });
      try {
        const here = calls;
        await goes(api, async (pool) => void (await pool.map((r) => r.oddName, [{ a: 1 }]).catch(() => {})));
        await goes(api, async (pool) => void (await pool.map((r) => r[r.a], [{ a: 'b' }]).catch(() => {})));
        assert.equal(calls, here);
      } finally {
        delete Object.prototype.oddName;
      }
      await staysHere(api, async (pool) => assert.deepEqual(await pool.map((x) => Math.abs(x), [-1]), [1]));
    },
  ],

  [
    'captured primitives are those at the call',
    async (api) => {
      let k = 2;
      await staysHere(api, async (pool) => {
        const results = pool.map((x) => x * k, ITEMS);
        k = 100;
        assert.deepEqual(await results, [2, 4, 6]);
      });
      const config = {
        get factor() {
          throw new Error('asked on the host');
        },
      };
      await startsWorkers(api, (pool) =>
        assert.rejects(
          pool.map((x) => pool === x, ITEMS),
          { code: 'NOT_SHIPPABLE' },
        ),
      );
      await startsWorkers(api, async (pool) => void (await pool.map((x) => config === x, ITEMS).catch(() => {})));
    },
  ],

  [
    'a global of the program counts as captured: a primitive stays, an object goes',
    async (api) => {
      const k = 2;
      globalThis.programOwn = 10;
      let asked = 0;
      try {
        await staysHere(api, async (pool) => assert.deepEqual(await pool.map((x) => x * k + programOwn, ITEMS), [12, 14, 16]));
        globalThis.programOwn = {
          valueOf() {
            asked++;
            return 1;
          },
        };
        await goes(api, async (pool) => void (await pool.map((x) => x + programOwn, ITEMS).catch(() => {})));
      } finally {
        delete globalThis.programOwn;
      }
      assert.equal(asked, 0);
    },
  ],

  [
    'a function of another realm has other originals',
    (api) => goes(api, async (pool) => void (await pool.map(runInNewContext('(x) => x + 1'), ITEMS).catch(() => {}))),
  ],

  [
    'a name that is nowhere fails as always',
    async (api) => {
      const fn = (x) => x + nowhereToBeFound;
      await startsWorkers(api, async (pool) => {
        await assert.rejects(pool.map(fn, ITEMS), { name: 'ReferenceError' });
      });
    },
  ],

  [
    'options that workers keep are for workers',
    async (api) => {
      for (const options of [
        { chunkSize: 1 },
        { timeoutMs: 1000 },
        { retries: 1 },
        { progress: () => {} },
        { onMessage() {} },
        { logs: 'ignore' },
        { concurrency: 4 },
        { with: {} },
      ])
        await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS, options), [2, 3, 4]));
      await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS, 2), [2, 3, 4]));
      await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS, { placing: 'workers' }), [2, 3, 4]));
      await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS), [2, 3, 4]), { placing: 'workers' });
      await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS), [2, 3, 4]), {
        placing: undefined,
        backend: 'threads',
      });
      await goes(api, async (pool) => assert.deepEqual(await pool.map((x) => x + 1, ITEMS), [2, 3, 4]), { setup: () => {} });
    },
  ],

  [
    'placing inline runs the very function, also of calls that could not stay',
    (api) =>
      staysHere(api, async (pool) => {
        const seen = [];
        const here = { placing: 'inline' };
        assert.deepEqual(await pool.map((x) => seen.push(x), ITEMS, here), [1, 2, 3]);
        assert.deepEqual(seen, ITEMS);
        const streamed = [];
        for await (const y of pool.imap((x) => seen.length + x, ITEMS, here)) streamed.push(y);
        assert.deepEqual(streamed, [4, 5, 6]);
        await assert.rejects(
          api.map(
            [1],
            (x) => {
              throw new Error(String(x));
            },
            { pool, ...here },
          ),
          { message: '1' },
        );
      }),
  ],

  [
    'a signal that has aborted, and a pool that is closed, refuse as always',
    async (api) => {
      await staysHere(api, (pool) =>
        assert.rejects(
          pool.map((x) => x, ITEMS, { signal: AbortSignal.abort(new Error('no')) }),
          { message: 'no' },
        ),
      );
      const pool = new api.Pool({ workers: 2, ...auto });
      await pool.close();
      await assert.rejects(
        pool.map((x) => x, ITEMS),
        { code: 'POOL_CLOSED' },
      );
    },
  ],

  [
    'long lists go on in slices, while timers and changes of the list go their way',
    (api) =>
      staysHere(
        api,
        async (pool) => {
          const xs = Array.from({ length: 4_000_000 }, (_, i) => i / 2);
          let turns = 0;
          let isDone = false;
          const count = () => {
            turns++;
            if (!isDone) setImmediate(count);
          };
          setImmediate(count);
          const results = pool.map((x) => x * 2 - 1, xs);
          xs.fill(0);
          const ys = await results;
          isDone = true;
          assert.ok(turns >= 2, `${turns} turns`);
          assert.equal(ys.length, 4_000_000);
          for (let i = 0; i < ys.length; i += 997) assert.equal(ys[i], i - 1);
        },
        ONE,
      ),
  ],

  [
    'between slices a signal ends the call',
    (api) =>
      staysHere(
        api,
        async (pool) => {
          const controller = new AbortController();
          const xs = Array.from({ length: 4_000_000 }, (_, i) => i);
          const results = pool.map((x) => x * 2, xs, { signal: controller.signal });
          controller.abort(new Error('enough'));
          await assert.rejects(results, { message: 'enough' });
          assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
        },
        ONE,
      ),
  ],

  [
    'close waits for a list in slices, terminate ends it',
    async (api) => {
      const xs = Array.from({ length: 4_000_000 }, (_, i) => i);
      const closing = new api.Pool({ ...ONE, ...auto });
      const results = closing.map((x) => x * 2, xs);
      await closing.close();
      assert.equal((await results).at(-1), 7_999_998);
      const ending = new api.Pool({ ...ONE, ...auto });
      const lost = assert.rejects(
        ending.map((x) => x * 2, xs),
        { code: 'POOL_TERMINATED' },
      );
      await ending.terminate();
      await lost;
    },
  ],

  [
    'what is met late is done by workers, also of a pool that is closing',
    async (api) => {
      const xs = [...Array.from({ length: 4_000_000 }, (_, i) => i), 10n];
      const pool = new api.Pool({ ...ONE, ...auto });
      const results = pool.map((x) => typeof x, xs);
      await pool.close();
      const ys = await results;
      assert.equal(ys.length, 4_000_001);
      assert.equal(ys.at(-1), 'bigint');
      assert.equal(ys[0], 'number');
    },
  ],

  [
    'results that change their kind',
    (api) =>
      staysHere(api, async (pool) => {
        const xs = Array.from({ length: 5000 }, (_, i) => i);
        const fn = (x) => (x === 3000 ? 'text' : x === 4000 ? null : x % 7 === 0 ? -0 : x / 2);
        const ys = await pool.map(fn, xs);
        for (const [i, x] of xs.entries()) assert.ok(Object.is(ys[i], fn(x)), `items[${i}]`);
      }),
  ],
];
