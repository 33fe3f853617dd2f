// biome-ignore-all lint: odd code is what these cases are about
// Functions that are packed again and again: V8 is asked no more about variables that nobody assigns, and always about the others.

import vm from 'node:vm';

vm.runInThisContext('let ofAnotherScript = 0');

const K = 3;
const table = { a: 1 };
const helper = (x) => x + K;
let assigned = 1;
let onlyDeclared = 5;
const named = Symbol('own');

/** What the third call with the same function gives, when `between` has been done before it. */
async function third(run, fn, between, ...args) {
  await run(fn, ...args);
  await run(fn, ...args);
  between();
  return run(fn, ...args);
}

export const cases = [
  [
    'a function packed again has what its objects have become',
    async (run, t) => {
      const fn = () => [helper(1), table.a, onlyDeclared];
      t.equal(
        await third(run, fn, () => {
          table.a = 2;
        }),
        [4, 2, 5],
      );
      delete table.b;
      table.a = 1;
    },
  ],
  [
    'a function packed again has what was assigned meanwhile',
    async (run, t) => {
      const fn = () => assigned;
      t.equal(
        await third(run, fn, () => {
          assigned = 2;
        }),
        2,
      );
      let inner = 'a';
      const reads = () => inner;
      t.equal(
        await third(run, reads, () => {
          [inner] = ['b'];
        }),
        'b',
      );
    },
  ],
  [
    'a helper of a function packed again has what was assigned meanwhile',
    async (run, t) => {
      let state = 1;
      const read = () => state;
      const fn = () => read() * K;
      t.equal(
        await third(run, fn, () => {
          state++;
        }),
        6,
      );
    },
  ],
  [
    'a variable without a value yet has it when the function is packed again',
    async (run, t) => {
      const fn = () => later;
      for (let i = 0; i < 3; i++)
        await t.throws(() => run(fn).then((value) => (value === undefined ? Promise.reject(new Error('dead')) : value)));
      const later = 7;
      t.equal(await run(fn), 7);
    },
  ],
  [
    'a var of a loop has its newest value when the function is packed again',
    async (run, t) => {
      const fns = [];
      for (const value of [1, 2, 3]) {
        var shared = value;
        fns.push(() => shared);
        t.equal(await run(fns[0]), value);
      }
    },
  ],
  [
    'each turn of a loop has its own constants, however often they are packed',
    async (run, t) => {
      for (const value of [1, 2, 3]) {
        const fn = (x) => x + value;
        for (let i = 0; i < 3; i++) t.equal(await run(fn, 1), value + 1);
      }
    },
  ],
  [
    'a global of the program is read at each packing',
    async (run, t) => {
      globalThis.changingGlobal = 1;
      const fn = () => changingGlobal;
      t.equal(
        await third(run, fn, () => {
          globalThis.changingGlobal = 2;
        }),
        2,
      );
      delete globalThis.changingGlobal;
    },
  ],
  [
    'the inspector is asked nothing about a known function of constants',
    async (run, t) => {
      const fn = (x) => helper(x) * K + table.a;
      await run(fn, 1);
      await run(fn, 1);
      const { methods, end } = t.watchInspector();
      let result;
      try {
        result = run(fn, 1);
      } finally {
        end();
      }
      t.equal(methods.length, 0);
      t.equal(await result, 13);
    },
  ],
  [
    'an own symbol goes the same way when its function is packed again',
    async (run, t) => {
      const box = { [named]: 1 };
      const fn = () => Object.getOwnPropertySymbols(box).map(String);
      t.equal(await third(run, fn, () => {}), ['Symbol(own)']);
    },
  ],
  [
    'a variable of another script is read at each packing',
    async (run, t) => {
      const fn = () => ofAnotherScript;
      for (const value of [1, 2, 3, 4]) {
        vm.runInThisContext(`ofAnotherScript = ${value}`);
        t.equal(await run(fn), value);
      }
    },
  ],
];
