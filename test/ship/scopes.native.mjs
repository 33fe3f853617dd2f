// biome-ignore-all lint: odd code is what these cases are about
// Variables of every scope: read when shipped, shared between closures, in their dead zone, shadowed, global.

const K = 3;
let late0 = 1;
late0 = 7;
let counter = 0;
const bump = () => {
  counter++;
};
function makeCounter() {
  let n = 0;
  return { inc: () => ++n, get: () => n };
}
globalThis.userGlobal = { v: 11 };

export const cases = [
  ['const and let captures', async (run, t) => t.equal(await run((x) => x * K + late0, 2), 13)],
  [
    'local captures by value at ship time',
    async (run, t) => {
      let v = 1;
      const f = () => v;
      v = 2;
      const p = run(f);
      v = 3;
      t.equal(await p, 2);
    },
  ],
  [
    'loop variables',
    async (run, t) => {
      const out = [];
      for (let i = 0; i < 3; i++) out.push(run(() => i * 2));
      t.equal(await Promise.all(out), [0, 2, 4]);
    },
  ],
  [
    'parameters, destructured and rest',
    async (run, t) => {
      const mk =
        (a, { b }, ...c) =>
        () => [a, b, c];
      t.equal(await run(mk(1, { b: 2 }, 3, 4)), [1, 2, [3, 4]]);
    },
  ],
  [
    'catch binding and nested blocks',
    async (run, t) => {
      let f;
      try {
        throw new Error('q');
      } catch (e) {
        {
          const z = 1;
          f = () => e.message + z;
        }
      }
      t.equal(await run(f), 'q1');
    },
  ],
  [
    'globalThis, process, console',
    async (run, t) => {
      const g = globalThis,
        p = process,
        c = console;
      t.equal(await run(() => [g === globalThis, p.pid > 0, c === console]), [true, true, true]);
    },
  ],
  [
    'process.env held in a const',
    async (run, t) => {
      const env = process.env;
      t.equal(await run(() => env === process.env && 'PATH' in env), true);
    },
  ],
  ['a global the program defined', async (run, t) => t.equal(await run(() => userGlobal.v), 11)],
  ['typeof of an undeclared name', async (run, t) => t.equal(await run(() => typeof undeclaredName), 'undefined')],
  [
    'shared counter: closures share one variable',
    async (run, t) => {
      t.equal(
        await run(() => {
          const c0 = counter;
          bump();
          bump();
          return counter - c0;
        }),
        2,
      );
      t.equal(counter, 0);
      t.ok(t.warnings().some((w) => /`counter` is assigned by `bump` \(scopes\.native\.mjs:\d+:\d+\)/.test(w)));
    },
  ],
  [
    'warning: a captured array is changed',
    async (run, t) => {
      const results = [],
        o = { n: 0 };
      await run(() => {
        results.push(1);
        o.n++;
      });
      t.ok(
        t.warnings().some((w) => /`results` is changed/.test(w)) && t.warnings().some((w) => /`o` is changed/.test(w)),
        t.warnings().join(),
      );
    },
  ],
  [
    'two closures over one activation',
    async (run, t) => {
      const c = makeCounter();
      t.equal(
        await run(() => {
          c.inc();
          c.inc();
          return c.get();
        }),
        2,
      );
    },
  ],
  [
    'two activations that look alike stay apart',
    async (run, t) => {
      const a = makeCounter(),
        b = makeCounter();
      t.equal(
        await run(() => {
          a.inc();
          a.inc();
          b.inc();
          return [a.get(), b.get()];
        }),
        [2, 1],
      );
      t.equal([a.get(), b.get()], [0, 0]);
    },
  ],
  [
    'destructuring and shorthand on shared variables',
    async (run, t) => {
      let a = 1,
        b = 2;
      const swap = () => {
        [a, b] = [b, a];
        ({ a = 5 } = { a });
      };
      t.equal(
        await run(() => {
          swap();
          return { a, b };
        }),
        { a: 2, b: 1 },
      );
    },
  ],
  [
    'TDZ variable stays in its dead zone',
    async (run, t) => {
      const f = () => (typeof x0 === 'number' ? x0 : 0),
        g = () => zz;
      let r;
      try {
        r = await run(() => {
          try {
            return g();
          } catch (e) {
            return e.name;
          }
        });
      } catch (e) {
        r = e.name;
      }
      t.ok(r === 'ReferenceError' || (r === undefined && +process.versions.node.split('.')[0] < 22));
      const zz = 1,
        x0 = 2;
      t.equal(await run(f), 2);
    },
  ],
  [
    'names that need care',
    async (run, t) => {
      const $ = 1,
        _$1 = 2,
        π = 3,
        async = 4,
        of = 5,
        get = 6,
        constructor = 7,
        hasOwnProperty = 8;
      t.equal(await run(() => [$, _$1, π, async, of, get, constructor, hasOwnProperty]), [1, 2, 3, 4, 5, 6, 7, 8]);
    },
  ],
  [
    'shadowing and hoisting',
    async (run, t) => {
      const x = 1;
      t.equal(
        await run((a = x) => {
          var r = [a, y];
          {
            const x = 5;
            r.push(x);
          }
          var y = 2;
          function inner() {
            return x;
          }
          return [...r, inner()];
        }),
        [1, undefined, 5, 1],
      );
    },
  ],
  [
    'the same name captured with two values',
    async (run, t) => {
      const mk = (x) => ({ get: () => x }),
        a = mk(1),
        b = mk(2);
      t.equal(await run(() => [a.get(), b.get()]), [1, 2]);
    },
  ],
  [
    'destructured assignment in a cell, closures in a loop',
    async (run, t) => {
      let n = 0;
      const fs2 = [];
      for (let i = 0; i < 3; i++)
        fs2.push(() => {
          [n] = [n + i];
          return n;
        });
      t.equal(await run(() => [fs2.map((f) => f()), n]), [[0, 1, 3], 3]);
    },
  ],
];
