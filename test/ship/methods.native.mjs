// biome-ignore-all lint: odd code is what these cases are about
// Methods and accessors of objects, and the `this` and `arguments` that arrows take from around them.

const K = 3;
class Sim {
  constructor(k) {
    this.k = k;
  }
  step(x) {
    return x * this.k;
  }
  handler = (x) => this.k + x;
  runner() {
    return (x) => this.step(x);
  }
  nested() {
    return () => (() => this.k)();
  }
}

export const cases = [
  [
    'object with methods, getters, setters',
    async (run, t) => {
      const o = {
        v: 1,
        get d() {
          return this.v * 2;
        },
        set d(x) {
          this.v = x;
        },
        m(x) {
          return this.v + x + K;
        },
        async am() {
          return 1;
        },
        *gen() {
          yield 8;
        },
        ['comp' + K]() {
          return 'c';
        },
        [Symbol.toPrimitive]() {
          return 99;
        },
      };
      t.equal(
        await run(async () => {
          o.d = 5;
          return [o.d, o.m(1), await o.am(), [...o.gen()], o.comp3(), +o];
        }),
        [10, 9, 1, [8], 'c', 99],
      );
    },
  ],
  [
    'a method on its own',
    async (run, t) => {
      const o = {
        add(a, b) {
          return a + b + K;
        },
      };
      t.equal(await run(o.add, 1, 2), 6);
    },
  ],
  [
    'object method with super',
    async (run, t) => {
      const base = {
          hi() {
            return 'base' + this.n;
          },
        },
        o = {
          __proto__: base,
          n: 1,
          hi() {
            return super.hi() + K;
          },
        };
      t.equal(await run(() => o.hi()), 'base13');
    },
  ],
  [
    'arrow this of a method',
    async (run, t) => {
      const s = new Sim(4);
      t.equal(await run(s.runner(), 3), 12);
      t.equal(await run(s.nested()), 4);
    },
  ],
  [
    'arrow this of a class field',
    async (run, t) => {
      const s = new Sim(4),
        h = s.handler;
      t.equal(await run(h, 3), 7);
    },
  ],
  [
    'arrow arguments',
    async (run, t) => {
      function mk() {
        return () => arguments[1];
      }
      t.equal(await run(mk(1, 22)), 22);
    },
  ],
  [
    'arrow this behind destructured parameters',
    async (run, t) => {
      class S {
        k = 5;
        mk() {
          return ({ x }, [y], ...r) => this.k + x + y + r.length;
        }
      }
      t.equal(await run(new S().mk(), { x: 1 }, [2], 3), 9);
    },
  ],
  [
    'async arrow this, and default parameters that must not run',
    async (run, t) => {
      let ran = 0;
      const boom = () => ++ran;
      class S {
        k = 5;
        mk() {
          return async ({ x } = boom(), z = boom()) => {
            await null;
            return this.k + x + z;
          };
        }
      }
      t.equal(await run(new S().mk(), { x: 1 }, 1), 7);
      t.equal(ran, 0);
    },
  ],
];
