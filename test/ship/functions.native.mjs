// biome-ignore-all lint: odd code is what these cases are about
// Functions of every kind: declared, named, recursive, async, generators, native, and what comes back of them.

import { mean } from 'simple-statistics';

const K = 3;
function helper(x) {
  return x * K;
}
function chain1(x) {
  return chain2(x) + 1;
}
function chain2(x) {
  return chain3(x) * 2;
}
const chain3 = (x) => helper(x) - 1;
const even = (n) => (n === 0 ? true : odd(n - 1)),
  odd = (n) => (n === 0 ? false : even(n - 1));
function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
const fact = (n) => (n < 2 ? 1 : n * fact(n - 1));
class Plain {
  constructor(a) {
    this.a = a;
  }
  get double() {
    return this.a * 2;
  }
  static create(a) {
    return new this(a);
  }
  [Symbol.iterator]() {
    return [this.a, K][Symbol.iterator]();
  }
}

export const cases = [
  ['arrow, no captures', async (run, t) => t.equal(await run((x) => x + 1, 2), 3)],
  ['helper functions, three deep', async (run, t) => t.equal(await run(chain1, 2), 11)],
  ['function declaration, recursive', async (run, t) => t.equal(await run(fib, 15), 610)],
  ['const arrow, recursive', async (run, t) => t.equal(await run(() => fact(6)), 720)],
  ['mutual recursion', async (run, t) => t.equal(await run(() => [even(10), odd(7), even(7)]), [true, true, false])],
  [
    'named function expression',
    async (run, t) => {
      const g = function me(n) {
        return n ? me(n - 1) + 1 : 0;
      };
      t.equal(await run(g, 4), 4);
    },
  ],
  [
    'a declaration reassigned (memoised)',
    async (run, t) => {
      function f(n) {
        return n < 2 ? n : f(n - 1) + f(n - 2);
      }
      const raw = f,
        memo = new Map();
      f = (n) => {
        if (!memo.has(n)) memo.set(n, raw(n));
        return memo.get(n);
      };
      t.equal(await run(() => [f(40), memo.size]), [102334155, 41]);
    },
  ],
  [
    'async function',
    async (run, t) => {
      async function af(x) {
        await null;
        return helper(x);
      }
      t.equal(await run(af, 3), 9);
    },
  ],
  [
    'generator',
    async (run, t) => {
      function* g(n) {
        for (let i = 0; i < n; i++) yield i * K;
      }
      t.equal(await run(() => [...g(3)]), [0, 3, 6]);
    },
  ],
  [
    'async generator',
    async (run, t) => {
      async function* g() {
        yield K;
        yield 2;
      }
      t.equal(
        await run(async () => {
          const o = [];
          for await (const x of g()) o.push(x);
          return o;
        }),
        [3, 2],
      );
    },
  ],
  [
    'function with properties',
    async (run, t) => {
      const f = Object.assign((x) => x + f.k, { k: 2, sub: () => K });
      t.equal(await run(() => [f(1), f.sub(), f.k]), [3, 3, 2]);
    },
  ],
  [
    'bound function',
    async (run, t) => {
      const b = function (a, c) {
        return [this.q, a, c + K];
      }.bind({ q: 1 }, 2);
      t.equal(await run(b, 4), [1, 2, 7]);
    },
  ],
  [
    'native function as a value',
    async (run, t) => {
      const f = Math.sqrt,
        g = Array.prototype.map;
      t.equal(await run(() => [f(9), g.call([1], (x) => x + 1)]), [3, [2]]);
    },
  ],
  ['native function is the task', async (run, t) => t.equal(await run(Math.max, 1, 5, 3), 5)],
  [
    'sloppy function keeps its mode',
    async (run, t) => {
      const f = new Function('return typeof this');
      t.equal(await run(f), 'object');
      t.equal(
        await run(function () {
          return typeof this;
        }),
        'undefined',
      );
    },
  ],
  [
    'function result comes back callable',
    async (run, t) => {
      const f = await run((k) => (x) => x * k + K, 5);
      t.equal(f(2), 13);
    },
  ],
  [
    'function name and length',
    async (run, t) => {
      const named = (a, b) => 0;
      t.equal(await run(() => [named.name, named.length, helper.name, Plain.name]), ['named', 2, 'helper', 'Plain']);
    },
  ],
  [
    'nested: a worker ships to its own worker',
    async (run, t) => {
      const file = new URL('./remote.native.mjs', import.meta.url).href;
      t.equal(
        await run(async () => {
          const { Remote } = await import(file);
          const r = await Remote.start();
          try {
            return await r.run((x) => helper(x) + mean([x]), 2);
          } finally {
            await r.close();
          }
        }),
        8,
      );
    },
  ],
  [
    'default parameters and defaults in patterns',
    async (run, t) => {
      const d = 4,
        f = (a = d, { b = K, c: [e = helper(2)] = [] } = {}) => [a, b, e];
      t.equal(await run(f), [4, 3, 6]);
    },
  ],
  [
    'sloppy with statement around a function',
    async (run, t) => {
      const f = new Function('o', 'with (o) { return () => zz + 1; }')({ zz: 3 });
      t.equal(await run(f), 4);
    },
  ],
  [
    'the same function twice, the second time without its code',
    async (run, t) => {
      t.equal([await run(chain1, 2), await run(chain1, 3)], [11, 17]);
    },
  ],
  [
    'many calls at once',
    async (run, t) =>
      t.equal(
        await Promise.all(Array.from({ length: 50 }, (_, i) => run((x) => helper(x) + i, i))),
        Array.from({ length: 50 }, (_, i) => i * 4),
      ),
  ],
  [
    'a chain of two thousand functions, each of which captures the next',
    async (run, t) => {
      let chain = () => K;
      for (let i = 0; i < 2000; i++) {
        const next = chain;
        chain = (n) => (n > 0 ? next(n - 1) : next);
      }
      t.equal(await run((n) => chain(n)(0)(0).length, 1000), 1);
    },
  ],
  [
    'functions made by new Function',
    async (run, t) => {
      const f = new Function('a', 'b', 'return a * b');
      t.equal(await run(f, 3, 4), 12);
      t.equal(await run(() => f(2, 3)), 6);
    },
  ],
];
