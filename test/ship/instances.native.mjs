// biome-ignore-all lint: odd code is what these cases are about
// Instances: restored without their constructors, which still work, and of one class wherever they come from.

import fs from 'node:fs';
import data from './fixtures/data.json' with { type: 'json' };
import anonymous, { makePlain, makeUnexported, renamed } from './fixtures/exports.native.mjs';

const K = 3;
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
class Sub extends Plain {
  constructor(a) {
    super(a);
    this.b = 1;
  }
}
let baseRuns = 0;
class Base {
  constructor(options) {
    baseRuns++;
    this.size = options.size;
  }
  area() {
    return this.size ** 2;
  }
}
class Derived extends Base {
  #secret;
  with = 1;
  async = 2;
  static get = 5;
  constructor({ size }, secret = K) {
    super({ size });
    this.#secret = secret;
  }
  secret() {
    return this.#secret;
  }
  static #count = 4;
  static count() {
    return Derived.#bump();
  }
  static #bump() {
    return ++Derived.#count;
  }
}
class Guarded {
  #a;
  constructor(a, b = a * K, ...rest) {
    this.#a = [a, b, rest.length];
  }
  get a() {
    return this.#a;
  }
}
class MyMap extends Map {
  #hits = 0;
  get(k) {
    this.#hits++;
    return super.get(k);
  }
  get hits() {
    return this.#hits;
  }
}

export const cases = [
  [
    'instance: prototype restored',
    async (run, t) => {
      const s = new Sub(4);
      t.equal(await run(() => [s.double, s.b, s instanceof Plain, s instanceof Sub, [...s]]), [8, 1, true, true, [4, 3]]);
    },
  ],
  [
    'instance returned: same class on return',
    async (run, t) => {
      const p = new Plain(1);
      const r = await run(() => {
        p.a = 6;
        return p;
      });
      t.equal([r instanceof Plain, r.double], [true, 12]);
    },
  ],
  [
    'restoring an instance runs no constructor above its class either',
    async (run, t) => {
      const d = new Derived({ size: 2 }, 9);
      const before = baseRuns;
      t.equal(await run(() => [d.secret(), d.area(), d.with, d.async, d instanceof Base, Derived.get]), [9, 4, 1, 2, true, 5]);
      t.equal(baseRuns, before);
    },
  ],
  [
    'a shipped class still constructs',
    async (run, t) =>
      t.equal(
        await run(() => {
          const d = new Derived({ size: 3 });
          return [d.secret(), d.area(), Derived.count(), Derived.count(), Derived.length];
        }),
        [3, 9, 5, 6, 1],
      ),
  ],
  [
    'guarded constructors keep defaults, rest and length',
    async (run, t) => t.equal(await run(() => [new Guarded(2).a, new Guarded(2, 1, 0, 0).a, Guarded.length]), [[2, 6, 0], [2, 1, 2], 1]),
  ],
  [
    'a Map subclass with private state',
    async (run, t) => {
      const m = new MyMap([['a', 1]]);
      m.get('a');
      t.equal(await run(() => [m.get('a'), m.hits, m.size, m instanceof Map]), [1, 2, 1, true]);
    },
  ],
  [
    'none of this needs the debugger',
    async (run, t) => {
      const p = makePlain(4),
        d = new Derived({ size: 2 });
      t.equal(
        t.methods(() => [p, d, renamed, anonymous, makeUnexported(), K, fs, data].length),
        [],
      );
    },
  ],
  [
    'instances among the arguments are of the class that came with the function',
    async (run, t) => {
      class C {
        constructor(v) {
          this.v = v;
        }
        twice() {
          return this.v * 2;
        }
      }
      const c = new C(4);
      const [is, back] = await run((x) => [x instanceof C && x.twice(), x], c);
      t.equal([is, back instanceof C, back.twice()], [8, true, 8]);
    },
  ],
  [
    'two jobs at once keep their own classes apart',
    async (run, t) => {
      class C {
        static n = 0;
        constructor(v) {
          this.v = v;
        }
      }
      const job = () =>
        run(
          async (x, y) => {
            C.n++;
            await new Promise((r) => setTimeout(r, 5));
            return [x instanceof C, y instanceof C, C.n];
          },
          new C(1),
          new C(2),
        );
      t.equal(await Promise.all([job(), job()]), [
        [true, true, 1],
        [true, true, 1],
      ]);
    },
  ],
];
