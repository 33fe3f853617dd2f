// biome-ignore-all lint: odd code is what these cases are about
// Newer syntax, and code that comes from elsewhere than a file.

import vm from 'node:vm';
import { Shape } from './fixtures/shapes.native.mjs';

const K = 3;

class Square extends Shape {
  #extra = 1;
  total() {
    return `${super.area()} and ${this.#extra}`;
  }
}

export const cases = [
  [
    'using and await using',
    async (run, t) => {
      const { makeAwaitUsing, makeUsing } = await import('./fixtures/using.native.mjs');
      t.equal(await run(makeUsing(K)), ['ab3', 'closed b', 'closed a', 'c', 'closed c']);
      t.equal(await run(makeAwaitUsing(K)), ['object3', 'closed']);
    },
  ],
  [
    'a variable declared by using is captured, and hides others',
    async (run, t) => {
      const { makeHolder, makeShadowing } = await import('./fixtures/using.native.mjs');
      t.equal([await run(makeHolder()), await run(makeShadowing())], [2, 1]);
    },
  ],
  [
    'functions made by node:vm',
    async (run, t) => {
      const here = vm.runInThisContext('(x) => x * 2'),
        named = new vm.Script('(function twice(x) { return x * 2; })', { filename: 'invented.js' }).runInThisContext(),
        compiled = vm.compileFunction('return a + K', ['a'], { contextExtensions: [{ K: 5 }] });
      t.equal(await run(here, 2), 4);
      t.equal(await run(() => [here(K), named(K), named.name]), [6, 6, 'twice']);
      t.equal(await run(compiled, 1), 6);
    },
  ],
  [
    'a function of a vm script that captures the top-level variables of it',
    async (run, t) => {
      const f = vm.runInThisContext(`const in_${t.place} = { n: 4 }; () => in_${t.place}.n + 1`);
      t.equal(await run(f), 5);
    },
  ],
  [
    'a function of another vm context',
    async (run, t) => {
      const f = vm.runInNewContext('const list = [1, 2]; class P { two() { return list.length; } } (x) => [new P().two(), x]');
      t.equal(await run((x) => f(x).concat(K), 7), [2, 7, 3]);
    },
  ],
  [
    'new Function that captures nothing of where it was made',
    async (run, t) => {
      const K = 'local';
      const f = new Function('x', 'return typeof K + x');
      t.equal(await run(f, 1), 'undefined1');
    },
  ],
  [
    'tagged templates, optional chaining, logical assignment, numeric separators, labels',
    async (run, t) => {
      const tag = (strings, ...values) => strings.raw.join('|') + values.join();
      t.equal(
        await run(() => {
          let a = null,
            out = 0;
          a ??= K;
          outer: for (const i of [1, 2, 3])
            for (const j of [1, 2])
              if (j === 2) continue outer;
              else out += i;
          return [tag`x${K}\n${a}`, a?.toFixed?.(1), globalThis.nothing?.at.all, 1_000, out];
        }),
        ['x|\\n|3,3', '3.0', undefined, 1000, 6],
      );
    },
  ],
  [
    'instances of an imported class with private members: one captured, one an argument, one class',
    async (run, t) => {
      const captured = new Shape(2);
      t.equal(
        await run(
          (item, nested) => [
            [captured, item, nested.deep[0]].map((one) => [one instanceof Shape, Shape.is(one), one.area(), one.name]),
            captured.constructor === item.constructor,
          ],
          new Shape(3),
          { deep: [new Shape(4)] },
        ),
        [
          [
            [true, true, 'area 4', 'shape 2'],
            [true, true, 'area 9', 'shape 3'],
            [true, true, 'area 16', 'shape 4'],
          ],
          true,
        ],
      );
    },
  ],
  [
    'an instance of an imported class with private members as argument alone',
    async (run, t) =>
      t.equal(await run((item) => [item instanceof Shape, Shape.is(item), item.area()], new Shape(3)), [true, true, 'area 9']),
  ],
  [
    'a class that extends an imported class with private members',
    async (run, t) => {
      const square = new Square(3);
      t.equal(
        await run(
          (item) => [
            [square, item, new Square(4)].map((one) => one.total()),
            [square, item].every((one) => one instanceof Shape && one instanceof Square && Shape.is(one)),
          ],
          new Square(5),
        ),
        [['area 9 and 1', 'area 25 and 1', 'area 16 and 1'], true],
      );
    },
  ],
  [
    'the second call sends no code again',
    async (run, t) => {
      const helper = (x) => x * K,
        task = (x) => helper(x) + 1;
      t.equal([await run(task, 2), t.codesSent(), await run(task, 3), t.codesSent()], [7, 2, 10, 0]);
    },
  ],
];
