// mapReduce: one value from many items, the same to the last bit wherever and however it runs.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const add = (a, b) => a + b;
const turn = () => new Promise((resolve) => setImmediate(resolve));
/** Its sums depend on their order in the last bits. */
const rough = (x) => Math.sin(x * 1.7) * 10 ** ((x % 13) - 6);
const text = (x) => String.fromCharCode(97 + (x % 26));

class Stats {
  n = 0;
  sum = 0;
  take(x) {
    this.n++;
    this.sum += x;
    return this;
  }
  join(other) {
    this.n += other.n;
    this.sum += other.sum;
    return this;
  }
}

/** The same numbers as every kind of input. */
const kinds = (n, range) => {
  const numbers = Array.from({ length: n }, (_, i) => i);
  return {
    array: () => numbers,
    'typed array': () => Float64Array.from(numbers),
    range: () => range(n),
    generator: () => numbers.values(),
    'array of promises': () => numbers.map((x) => (x % 7 ? x : Promise.resolve(x))),
    'async generator': async function* () {
      for (const x of numbers) {
        if (x % 500 === 0) await turn();
        yield x;
      }
    },
  };
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'an item of a reduction that cannot travel is named by its own index, and by the first in its block',
    async ({ mapReduce, range, whereFailed }, o) => {
      const later = Promise.resolve();
      const items = Array.from(range(900), (x) => (x === 250 || x === 251 || x > 800 ? { x, later } : x));
      // On one worker, since of two the one that is up first tells of its own chunk first.
      const error = await rejects(mapReduce(items, (x) => x, add, { ...o, workers: 1 }));
      assert.match(error.message, /^Cannot ship `items\[250\]\.later`: it is a Promise/);
      assert.equal(whereFailed(error).index, 250);
    },
    { inline: 'nothing is copied' },
  ],
  [
    'a sum of fractions is the same to the last bit for workers, chunk sizes and inputs of every kind',
    async ({ mapReduce, range }, o) => {
      const n = 5000;
      const inputs = kinds(n, range);
      const wanted = await mapReduce(range(n), rough, add, { backend: 'inline' });
      const fold = { initial: 0, step: (total, x) => total + rough(x), combine: add };
      const folded = await mapReduce(range(n), fold, { backend: 'inline' });
      const counts = o.backend === 'inline' ? [1] : [1, 2, 3, 8];
      for (const workers of counts) {
        for (const chunkSize of ['auto', 1, 7, 1000]) {
          const all = Object.entries(inputs).map(async ([kind, make]) => {
            const where = `${kind}, ${workers} workers, chunks of ${chunkSize}`;
            assert.ok(Object.is(await mapReduce(make(), rough, add, { ...o, workers, chunkSize }), wanted), where);
            assert.ok(Object.is(await mapReduce(make(), fold, { ...o, workers, chunkSize }), folded), `fold of ${where}`);
          });
          await Promise.all(all);
        }
      }
    },
    { slow: true },
  ],
  [
    'results are joined in the order of the items, also where that order matters',
    async ({ mapReduce, range }, o) => {
      const n = 3000;
      const wanted = Array.from({ length: n }, (_, i) => text(i)).join('');
      for (const make of Object.values(kinds(n, range))) {
        assert.equal(await mapReduce(make(), text, add, { ...o, workers: 3, chunkSize: 2 }), wanted);
        const late = async (x) => {
          if (x % 100 === 0) await null;
          return text(x);
        };
        assert.equal(await mapReduce(make(), late, add, { ...o, workers: 2, initial: '>' }), `>${wanted}`);
      }
    },
  ],
  [
    'fn and step get the item and its index, and may be async',
    async ({ mapReduce, range }, o) => {
      const items = Array.from({ length: 300 }, (_, i) => `${i}`);
      const right = (x, i) => (x === `${i}` ? 1 : 0);
      assert.equal(await mapReduce(items, right, add, o), 300);
      const step = async (total, x, i) => {
        if (i % 3 === 0) await null;
        return total + right(x, i);
      };
      assert.equal(await mapReduce(items, { initial: 0, step, combine: add }, { ...o, chunkSize: 5 }), 300);
      assert.equal(await mapReduce(range(300), { initial: () => 0, step, combine: add }, o), 0);
    },
  ],
  [
    'each block starts afresh, from a copy of an object or a call of a function',
    async ({ mapReduce, range }, o) => {
      const push = (all, x) => {
        all.push(x);
        return all;
      };
      const join = (a, b) => a.concat(b);
      const wanted = [...range(700)];
      for (const initial of [[], () => []]) {
        assert.deepEqual(await mapReduce(range(700), { initial, step: push, combine: join }, { ...o, workers: 2 }), wanted);
        if (Array.isArray(initial)) assert.deepEqual(initial, []);
      }
      const count = (counts, x) => counts.set(x % 3, (counts.get(x % 3) ?? 0) + 1);
      const both = (a, b) => {
        for (const [key, n] of b) a.set(key, (a.get(key) ?? 0) + n);
        return a;
      };
      const counts = await mapReduce(range(700), { initial: new Map(), step: count, combine: both }, o);
      assert.deepEqual([...counts].sort(), [
        [0, 234],
        [1, 233],
        [2, 233],
      ]);
    },
  ],
  [
    'an empty input gives the initial value, or a UsageError where there is none',
    async ({ mapReduce, range }, o) => {
      const fold = { initial: () => [], step: (a) => a, combine: add };
      for (const empty of [[], range(0), new Float64Array(0), new Set(), (async function* () {})()]) {
        const error = await rejects(mapReduce(empty, rough, add, o));
        assert.ok(error instanceof TypeError);
        assert.deepEqual([error.name, error.code], ['UsageError', 'BAD_ARGUMENT']);
        assert.match(error.message, /the input is empty and there is no initial value/);
        assert.equal(await mapReduce(empty, rough, add, { ...o, initial: 5 }), 5);
        assert.deepEqual(await mapReduce(empty, fold, o), []);
      }
      assert.equal(await mapReduce([], rough, add, { ...o, initial: null }), null);
      assert.equal(await mapReduce([3], (x) => x, add, o), 3);
      assert.equal(await mapReduce([3], (x) => x, add, { ...o, initial: 4 }), 7);
    },
  ],
  [
    'a failure of fn, step or combine is the error itself, at the very item',
    async ({ mapReduce, range, whereFailed }, o) => {
      const boom = (x, i) => {
        if (i === 4321) throw new RangeError(`no ${x}`);
        return 1;
      };
      const late = async (x, i) => {
        await null;
        return boom(x, i);
      };
      for (const fn of [boom, late]) {
        const error = await rejects(mapReduce(range(0, 20_000, 2), fn, add, { ...o, workers: 2 }));
        assert.ok(error instanceof RangeError);
        assert.deepEqual([error.message, whereFailed(error).index, whereFailed(error).preview], ['no 8642', 4321, '8642']);
        const step = fn === late ? async (t, x, i) => t + (await late(x, i)) : (t, x, i) => t + boom(x, i);
        const folded = await rejects(mapReduce(range(5000), { initial: 0, step, combine: add }, { ...o, workers: 2 }));
        assert.deepEqual([folded.message, whereFailed(folded).index], ['no 4321', 4321]);
      }
      const start = () => {
        throw new EvalError('no start');
      };
      const unstarted = await rejects(mapReduce(range(10), { initial: start, step: add, combine: add }, { ...o, workers: 1 }));
      assert.deepEqual([unstarted.name, whereFailed(unstarted).index], ['EvalError', 0]);
      const unjoined = (a, b) => {
        if (b === 99 || a === 99) throw new SyntaxError('no 99');
        return b;
      };
      const fold = { initial: 0, step: (_, x) => x, combine: unjoined };
      assert.equal((await rejects(mapReduce(range(3000), (x) => x, unjoined, o))).name, 'SyntaxError');
      assert.equal((await rejects(mapReduce(range(100), fold, o))).name, 'SyntaxError');
    },
  ],
  [
    'combine and initial must give values, not promises',
    async ({ mapReduce, range }, o) => {
      for (const n of [5, 5000]) {
        const error = await rejects(
          mapReduce(
            range(n),
            (x) => x,
            async (a, b) => a + b,
            o,
          ),
        );
        assert.match(`${error}`, /TypeError: combine gave a promise; it must give the combined value itself/);
      }
      const fold = { initial: async () => 0, step: add, combine: add };
      for (const items of [range(5), []]) assert.match(`${await rejects(mapReduce(items, fold, o))}`, /"initial" gave a promise/);
    },
  ],
  [
    'instances of classes are partial results like others, and as a start come from a function',
    async ({ mapReduce, range }, o) => {
      const fold = { initial: () => new Stats(), step: (stats, x) => stats.take(x), combine: (a, b) => a.join(b) };
      const stats = await mapReduce(range(2000), fold, { ...o, workers: 2, chunkSize: 3 });
      assert.ok(stats instanceof Stats);
      assert.deepEqual([stats.n, stats.sum], [2000, 1999 * 1000]);
      const error = await rejects(mapReduce(range(20), { ...fold, initial: new Stats() }, o));
      assert.match(error.message, /"initial" is an instance of Stats, which a copy would lose; pass a function.*new Stats/);
      assert.match((await rejects(mapReduce([], { ...fold, initial: new Stats() }, o))).message, /instance of Stats/);
    },
  ],
  [
    'holes, undefined, NaN and -0 are items and results like others',
    async ({ mapReduce }, o) => {
      // biome-ignore lint/suspicious/noSparseArray: this is what is tested.
      const sparse = [1, , 3, undefined];
      const fold = { initial: [], step: (all, x, i) => [...all, [i, x]], combine: (a, b) => [...a, ...b] };
      assert.deepEqual(await mapReduce(sparse, fold, o), [
        [0, 1],
        [1, undefined],
        [2, 3],
        [3, undefined],
      ]);
      assert.equal(
        await mapReduce(
          [1, 2],
          () => undefined,
          (a, b) => (a === undefined && b === undefined ? undefined : 'else'),
          o,
        ),
        undefined,
      );
      assert.ok(Object.is(await mapReduce([-0, -0], (x) => x, add, o), -0));
      assert.ok(Number.isNaN(await mapReduce([1, Number.NaN], (x) => x, Math.max, o)));
    },
  ],
  [
    'progress counts items, not blocks',
    async ({ mapReduce, range }, o) => {
      for (const items of [range(5000), range(5000)[Symbol.iterator]()]) {
        let last;
        const progress = (p) => {
          last = p;
        };
        await mapReduce(items, (x) => x, add, { ...o, workers: 2, progress });
        assert.deepEqual([last.done, last.total, last.failed, last.ended], [5000, 5000, 0, true]);
      }
    },
  ],
  [
    'wrong arguments are refused with the right way to write them',
    async ({ mapReduce, range }, o) => {
      const refused = async (args, pattern, code = 'BAD_ARGUMENT') => {
        const error = await rejects(mapReduce(...args));
        assert.deepEqual([error.name, error.code], ['UsageError', code]);
        assert.match(error.message, pattern);
      };
      await refused([[1], add], /combine is undefined; it must be a function of two results/);
      await refused([[1], add, o], /combine is an object/);
      await refused([[1], undefined, add], /the function is undefined/);
      await refused([add, [1], add], /"step" is undefined|arguments are swapped/);
      await refused([[1], { initial: 0, step: add }], /"combine" is undefined/);
      await refused([[1], { step: add, combine: add }], /"initial" is missing/);
      await refused([[1], { initial: 0, step: add, combine: add }, { initial: 1 }], /"initial" stands beside step/, 'BAD_OPTION');
      await refused([5, add, add], /pass range\(5\)/);
      await refused([[1], add, add, { initial: Symbol('s') }], /option "initial"/, 'BAD_OPTION');
      await refused([range(3), add, add, { nJobs: 2 }], /it is called "workers" here/, 'UNKNOWN_OPTION');
      const pending = Promise.resolve();
      assert.equal((await rejects(mapReduce([1], () => pending, add, o))).name, 'NotShippableError');
      assert.equal((await rejects(mapReduce([1], { initial: 0, step: () => pending, combine: add }, o))).name, 'NotShippableError');
    },
  ],
];
