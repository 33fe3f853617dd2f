// biome-ignore-all lint: odd code is what these cases are about
// What must travel, in plain JavaScript that Node itself loads. `run(fn, ...args)` runs a function in a worker.

import { EventEmitter } from 'node:events';
import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import * as path from 'node:path';
import util from 'node:util';
import { mean, median as med } from 'simple-statistics';
import sum from './fixtures/sum.cjs';
import * as vec from './fixtures/vec.native.mjs';
import def, { bump as bumpFix, makeLocal, Point, scaled, Vec, where } from './fixtures/vec.native.mjs';

const require = createRequire(import.meta.url),
  lib = require('./fixtures/lib.cjs'),
  { quad, Counter } = require('./fixtures/lib.cjs');
const K = 3;
let late0 = 1;
late0 = 7;
let counter = 0;
const bump = () => {
  counter++;
};
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
class Animal {
  #name;
  static made = 0;
  static #secret = 40;
  static {
    globalThis.animalDefined = (globalThis.animalDefined ?? 0) + 1;
  }
  legs = 4;
  constructor(name) {
    this.#name = name;
    Animal.made++;
  }
  get name() {
    return this.#name;
  }
  #shout() {
    return this.#name.toUpperCase();
  }
  speak() {
    return this.#shout() + K;
  }
  static secret() {
    return Animal.#secret + 2;
  }
  static is(o) {
    return #name in o;
  }
}
class Dog extends Animal {
  #tricks = [];
  constructor(name, ...tricks) {
    super(name);
    this.#tricks.push(...tricks);
  }
  get tricks() {
    return this.#tricks.join();
  }
  speak() {
    return super.speak() + '!';
  }
}
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
class MyError extends Error {
  constructor(m, code) {
    super(m);
    this.name = 'MyError';
    this.code = code;
  }
}
class Emitter extends EventEmitter {
  hello() {
    return 'hi';
  }
}
class MyMap extends Map {
  sum() {
    let s = 0;
    for (const v of this.values()) s += v;
    return s;
  }
}
function OldStyle(a) {
  this.a = a;
}
OldStyle.prototype.get = function () {
  return this.a + K;
};
const mixin = (B) =>
  class extends B {
    mixed() {
      return 'm' + this.a;
    }
  };
class Mixed extends mixin(Plain) {}
const table = Array.from({ length: 1000 }, (_, i) => ({ i, s: 'x' + i })),
  u1 = () => table.length,
  u2 = () => table[5].i;
const cyc = { name: 'c' };
cyc.self = cyc;
cyc.list = [cyc];
const cycFn = { f: () => cycFn.v, v: 5 };
function makeCounter() {
  let n = 0;
  return { inc: () => ++n, get: () => n };
}
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
globalThis.userGlobal = { v: 11 };
const ss = await import('simple-statistics');
const { sep } = path;

export const cases = [
  ['arrow, no captures', async (run, t) => t.equal(await run((x) => x + 1, 2), 3)],
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
  ['class as the function', async (run, t) => t.equal(await run((C) => new C(4).double, Plain), 8)],
  [
    'class with private fields, methods, statics',
    async (run, t) =>
      t.equal(
        await run(() => {
          const a = new Animal('rex');
          return [a.speak(), a.legs, Animal.secret(), Animal.is(a), Animal.is({})];
        }),
        ['REX3', 4, 42, true, false],
      ),
  ],
  [
    'static state travels, static blocks do not run again',
    async (run, t) => {
      new Animal('x');
      const n = Animal.made;
      t.equal(await run(() => [Animal.made, globalThis.animalDefined]), [n, undefined]);
    },
  ],
  [
    'class inheritance with super and privates',
    async (run, t) =>
      t.equal(
        await run(() => {
          const d = new Dog('fido', 'sit', 'roll');
          return [d.speak(), d.tricks, d instanceof Animal];
        }),
        ['FIDO3!', 'sit,roll', true],
      ),
  ],
  [
    'instance: prototype restored',
    async (run, t) => {
      const s = new Sub(4);
      t.equal(await run(() => [s.double, s.b, s instanceof Plain, s instanceof Sub, [...s]]), [8, 1, true, true, [4, 3]]);
    },
  ],
  [
    'instance with private fields, constructor not run',
    async (run, t) => {
      const d = new Dog('ace', 'spin');
      const made = Animal.made;
      t.equal(await run(() => [d.speak(), d.tricks, d.legs, Animal.made]), ['ACE3!', 'spin', 4, made]);
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
    'mixin class and class expression heritage',
    async (run, t) =>
      t.equal(
        await run(() => {
          const m = new Mixed(2);
          return [m.mixed(), m.double, m instanceof Plain];
        }),
        ['m2', 4, true],
      ),
  ],
  [
    'old-style constructor with prototype methods',
    async (run, t) => {
      const o = new OldStyle(2);
      t.equal(await run(() => [o.get(), new OldStyle(5).get(), o instanceof OldStyle]), [5, 8, true]);
    },
  ],
  [
    'patched prototype',
    async (run, t) => {
      class P {
        a() {
          return 1;
        }
      }
      P.prototype.b = function () {
        return this.a() + K;
      };
      P.prototype.a = () => 10;
      t.equal(await run(() => new P().b()), 13);
    },
  ],
  [
    'class extends a built-in (Map)',
    async (run, t) => {
      const m = new MyMap([
        ['a', 1],
        ['b', 2],
      ]);
      t.equal(await run(() => [m.sum(), m instanceof MyMap, m.size]), [3, true, 2]);
    },
  ],
  [
    'class extends EventEmitter',
    async (run, t) => {
      const e = new Emitter();
      let got = 0;
      e.on('x', (v) => {
        got += v;
      });
      t.equal(
        await run(() => {
          e.emit('x', 5);
          return [e.hello(), got];
        }),
        ['hi', 5],
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
  ['import: package, named and renamed', async (run, t) => t.equal(await run(() => [mean([1, 2, 3]), med([5, 1, 9])]), [2, 5])],
  ['import: package default (CommonJS)', async (run, t) => t.equal(await run(() => sum([1, 2, 3])), 6)],
  [
    'import: built-in default, named, namespace',
    async (run, t) =>
      t.equal(await run(() => [typeof fs.readFileSync, typeof readFileSync, path.basename('/a/b'), util.inspect([1])]), [
        'function',
        'function',
        'b',
        '[ 1 ]',
      ]),
  ],
  [
    'import: own module by reference',
    async (run, t) => t.equal(await run(() => [scaled(2), def(1), where().endsWith('vec.native.mjs')]), [20, 11, true]),
  ],
  ['import: namespace of own module', async (run, t) => t.equal(await run(() => vec.scaled(3)), 30)],
  ['imported function is the task', async (run, t) => t.equal(await run(scaled, 4), 40)],
  [
    'imported module keeps its own state per worker',
    async (run, t) => {
      const a = await run(() => bumpFix()),
        b = await run(() => bumpFix());
      t.equal(b - a, 1);
      t.equal(vec.count, 0);
    },
  ],
  [
    'a closure made in another module',
    async (run, t) => {
      const f = makeLocal();
      t.equal(await run(f, 2), 20);
    },
  ],
  [
    'imported class, instance without privates',
    async (run, t) => {
      const p = new Point(3, 4);
      t.equal(await run(() => [p.norm(), p instanceof Point, Point.origin.norm()]), [5, true, 0]);
    },
  ],
  [
    'imported class, instance with privates',
    async (run, t) => {
      const v = new Vec(3);
      t.equal(await run(() => [v.x, v.times(2).x, v instanceof Vec]), [3, 6, true]);
    },
  ],
  ['await import() held in a const', async (run, t) => t.equal(await run(() => ss.max([1, 7])), 7)],
  [
    'dynamic import inside, relative and bare',
    async (run, t) =>
      t.equal(
        await run(async () => [(await import('./fixtures/vec.native.mjs')).scaled(1), (await import('simple-statistics')).min([3, 2])]),
        [10, 2],
      ),
  ],
  [
    'import.meta.url inside',
    async (run, t) =>
      t.equal(await run(() => [import.meta.url, import.meta.dirname]), [
        import.meta.url,
        import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
      ]),
  ],
  [
    'require()d module, function and class',
    async (run, t) => {
      const c = new Counter(1);
      t.equal(await run(() => [quad(2), lib.quad(3), c.inc().n, c instanceof Counter]), [8, 12, 2, true]);
    },
  ],
  [
    'closure made in a CommonJS module',
    async (run, t) => {
      const f = lib.make();
      t.equal(await run(f, 1), f(1));
    },
  ],
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
  ['arrow this in CommonJS', async (run, t) => t.equal(await run(lib.arrowThis), 'T')],
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
    'Map, Set, Date, RegExp, BigInt, -0, NaN',
    async (run, t) => {
      const v = {
        m: new Map([[1, { a: 1 }]]),
        s: new Set([1]),
        d: new Date(5),
        r: /a(b)/gi,
        b: 10n,
        z: -0,
        n: NaN,
        u: undefined,
        i: Infinity,
      };
      t.equal(await run(() => [v, Object.is(v.z, -0)]), [v, true]);
    },
  ],
  [
    'Map and Set holding functions',
    async (run, t) => {
      const m = new Map([['f', (x) => x + K]]),
        s = new Set([helper]);
      t.equal(await run(() => [m.get('f')(1), [...s][0](2)]), [4, 6]);
    },
  ],
  [
    'typed arrays, shared buffer, Buffer, DataView',
    async (run, t) => {
      const b = new ArrayBuffer(16),
        f = new Float32Array(b, 0, 2),
        u = new Uint8Array(b),
        buf = Buffer.from('hey'),
        dv = new DataView(b, 4);
      f[0] = 1.5;
      t.equal(
        await run(() => {
          f[1] = 2.5;
          return [f[0], u[7] > 0, Buffer.isBuffer(buf), buf.toString(), dv.getFloat32(0, true)];
        }),
        [1.5, true, true, 'hey', 2.5],
      );
    },
  ],
  [
    'SharedArrayBuffer is shared (thread only)',
    async (run, t) => {
      if (t.process) return;
      const s = new Int32Array(new SharedArrayBuffer(8));
      await run(() => {
        s[0] = 7;
      });
      t.equal(s[0], 7);
    },
  ],
  [
    'symbols: well-known, registered, own',
    async (run, t) => {
      const own = Symbol('own'),
        o = { [own]: 1, [Symbol.for('r')]: 2, [Symbol.iterator]: null };
      t.equal(await run(() => [o[own], o[Symbol.for('r')], Symbol.iterator in o, own.description]), [1, 2, true, 'own']);
    },
  ],
  [
    'errors, subclass and cause',
    async (run, t) => {
      const e = new MyError('m', 5);
      e.cause = new TypeError('t');
      t.equal(
        await run(() => [
          e instanceof MyError,
          e.message,
          e.code,
          e.cause instanceof TypeError,
          util.types.isNativeError(e),
          e.stack.length > 5,
        ]),
        [true, 'm', 5, true, true, true],
      );
    },
  ],
  [
    'cyclic data and data-function cycles',
    async (run, t) => t.equal(await run(() => [cyc.self === cyc, cyc.list[0] === cyc, cycFn.f()]), [true, true, 5]),
  ],
  [
    'one object captured twice stays one',
    async (run, t) => t.equal(await run(() => [u1(), u2(), table === table, [table][0] === table]), [1000, 5, true, true]),
  ],
  [
    'identity between two captures',
    async (run, t) => {
      const o = {
          f() {
            return K;
          },
        },
        p = { z: 1 },
        g = () => [o, p];
      t.equal(await run(() => [g()[0] === o, g()[1] === p]), [true, true]);
    },
  ],
  [
    'frozen, sealed, null prototype, accessors',
    async (run, t) => {
      const f = Object.freeze({ a: 1 }),
        n = Object.create(null, { q: { value: 1, enumerable: true } }),
        fixed = Object.freeze([1, 2]);
      t.equal(await run(() => [Object.isFrozen(f), Object.getPrototypeOf(n) === null, n.q, Object.isFrozen(fixed)]), [true, true, 1, true]);
    },
  ],
  [
    'custom prototype chain',
    async (run, t) => {
      const base = {
          hi() {
            return this.n + K;
          },
        },
        o = Object.create(base, { n: { value: 1, enumerable: true, writable: true, configurable: true } });
      t.equal(await run(() => [o.hi(), Object.getPrototypeOf(o) === base]), [4, true]);
    },
  ],
  [
    'Proxy',
    async (run, t) => {
      const p = new Proxy({ a: 1 }, { get: (o, k) => (k in o ? o[k] + K : 'none') });
      t.equal(await run(() => [p.a, p.b]), [4, 'none']);
    },
  ],
  [
    'WeakMap keyed by a captured object',
    async (run, t) => {
      const w = new WeakMap(),
        k = { id: 1, f: () => 0 };
      w.set(k, { secret: 5, g: () => K });
      w.set({}, 'unreachable');
      t.equal(await run(() => [w.get(k).secret, w.get(k).g()]), [5, 3]);
    },
  ],
  [
    'URL, Intl, boxed values',
    async (run, t) => {
      const u = new URL('http://a/b?c=1'),
        nf = new Intl.NumberFormat('de-DE'),
        bx = Object('s');
      t.equal(await run(() => [u.searchParams.get('c'), nf.format(1234.5), bx + '']), ['1', '1.234,5', 's']);
    },
  ],
  [
    'big typed array captured by two helpers goes once',
    async (run, t) => {
      const big = new Float64Array(1e5).fill(2),
        a = () => big[0],
        b = () => big.length;
      t.equal(await run(() => a() * b()), 2e5);
      t.ok(t.size() < 1e6, String(t.size()));
    },
  ],
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
      t.ok(t.warnings().some((w) => /`counter` is assigned by `bump` \(cases\.native\.mjs:\d+:\d+\)/.test(w)));
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
    'stack trace: file, line and column',
    async (run, t) => {
      const here = () => {
          throw new RangeError('boom');
        },
        mine = /cases\.native\.mjs:(\d+):(\d+)/;
      let local;
      try {
        here();
      } catch (e) {
        local = mine.exec(e.stack)[0];
      }
      const e = await t.throws(() => run(here));
      t.ok(e instanceof RangeError);
      t.equal(mine.exec(e.stack)[0], local);
    },
  ],
  [
    'thrown custom error comes back as its class',
    async (run, t) => {
      const e = await t.throws(() =>
        run(() => {
          throw new MyError('x', 7);
        }),
      );
      t.equal([e instanceof MyError, e.code, e.message], [true, 7, 'x']);
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
    'computed member names in a class',
    async (run, t) => {
      const key = 'dyn',
        sym = Symbol('s');
      class C {
        [key]() {
          return key + K;
        }
        [sym] = 5;
        static [key + 'S']() {
          return 1;
        }
        get [`g${K}`]() {
          return 2;
        }
        peek() {
          return [key, sym, K];
        }
      }
      t.equal(
        await run(() => {
          const c = new C();
          return [c.dyn(), c[sym], C.dynS(), c.g3, c.peek().length];
        }),
        ['dyn3', 5, 1, 2, 3],
      );
    },
  ],
  [
    'an own property called __proto__',
    async (run, t) => {
      const o = JSON.parse('{"__proto__":{"x":1},"f":2}');
      o.g = () => K;
      t.equal(await run(() => [Object.hasOwn(o, '__proto__'), o.x, o.g()]), [true, undefined, 3]);
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
    'the same name captured with two values',
    async (run, t) => {
      const mk = (x) => ({ get: () => x }),
        a = mk(1),
        b = mk(2);
      t.equal(await run(() => [a.get(), b.get()]), [1, 2]);
    },
  ],
  [
    'instance of a class with equal private names in two classes',
    async (run, t) => {
      class A {
        #p = 1;
        setA(v) {
          this.#p = v;
          return this;
        }
        a() {
          return this.#p;
        }
      }
      class B extends A {
        #p = 2;
        setB(v) {
          this.#p = v;
          return this;
        }
        b() {
          return this.#p;
        }
      }
      const o = new B().setA(10).setB(20);
      t.equal(await run(() => [o.a(), o.b()]), [10, 20]);
    },
  ],
  [
    'a logger-like object: symbols of an imported module',
    async (run, t) => {
      const { symbols } = lib,
        o = { [symbols.level]: 3, f: () => 0 };
      t.equal(await run(() => lib.levelOf(o)), 3);
    },
  ],
  [
    'promisified and memoised library functions',
    async (run, t) => {
      const read = util.promisify(fs.readFile),
        m = sum.memoize((x) => x * K);
      t.equal(await run(async () => [(await read(new URL(import.meta.url), 'utf8')).length > 10, m(2)]), [true, 6]);
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
    'error: new.target in an arrow',
    async (run, t) => {
      function mk() {
        return () => new.target;
      }
      t.ok(/captures new\.target/.test((await t.throws(() => run(mk()))).message));
    },
  ],
  [
    'error: socket, with the path',
    async (run, t) => {
      const db = { pool: [{ socket: new net.Socket() }] };
      const e = await t.throws(() => run(() => db.pool));
      t.ok(
        /Cannot ship `db\.pool\[0\]\.socket` \(captured by `[^`]+` at cases\.native\.mjs:\d+:\d+\): it is a net\.Socket/.test(e.message),
        e.message,
      );
    },
  ],
  [
    'error: promise, deep through a helper',
    async (run, t) => {
      const job = Promise.resolve(1),
        h = () => job;
      const e = await t.throws(() => run(() => h()));
      t.ok(/Cannot ship `job` \(captured by `h` at .*itself captured as `h` by .*: it is a Promise/.test(e.message), e.message);
    },
  ],
  [
    'error: running generator, native function, eval',
    async (run, t) => {
      const g = (function* () {
        yield 1;
      })();
      t.ok(/running generator/.test((await t.throws(() => run(() => g))).message));
      const n = process.binding ? setTimeout(() => 0).unref() : 0;
      t.ok(/calls eval/.test((await t.throws(() => run(() => eval('K')))).message));
    },
  ],
  [
    'error: method with private access alone',
    async (run, t) => {
      const m = Animal.prototype.speak;
      t.ok(/private members/.test((await t.throws(() => run(m))).message));
    },
  ],
  [
    'error: stream and server',
    async (run, t) => {
      const s = fs.createReadStream(new URL(import.meta.url));
      s.destroy();
      t.ok(/`s` .*: it is a (fs\.ReadStream|ReadStream|stream\.)/.test((await t.throws(() => run(() => s))).message));
    },
  ],
];
