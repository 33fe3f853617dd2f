// biome-ignore-all lint: odd code is what these cases are about
// What travels in less common cases, and what is refused with which advice.

import * as crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import data from './fixtures/data.json' with { type: 'json' };
import * as all from './fixtures/exports.native.mjs';
import anonymous, { makePlain, makeUnexported, renamed, tag, tagOf } from './fixtures/exports.native.mjs';

const K = 3;
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
class Fail extends Error {
  constructor(code) {
    super(`code ${code}`);
    this.code = code;
  }
  get hint() {
    return 'hint ' + this.code;
  }
}
export const cases = [
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
    'exports in every form travel by name',
    async (run, t) => {
      const { second, Exported } = all;
      const list = [renamed, anonymous, second, Exported];
      const s = t.ship(() => list);
      t.equal(
        s.graph.nodes.filter((n) => n.type === 'module').map((n) => n.name),
        ['renamed', 'default', 'second', 'Exported'],
      );
      t.equal(await run(() => list.map((f) => f.name)), ['first', 'default', 'second', 'Plain']);
    },
  ],
  [
    'an instance of a class of another module is an instance there',
    async (run, t) => {
      const p = makePlain(4);
      t.equal(await run(() => [p.twice(), p instanceof all.Exported]), [8, true]);
      const back = await run(() => p);
      t.ok(back instanceof all.Exported);
    },
  ],
  [
    'an unexported function of another module',
    async (run, t) => {
      const f = makeUnexported();
      t.equal(await run(() => f(1)), 2);
    },
  ],
  [
    'a symbol of another module stays that symbol',
    async (run, t) => {
      const o = { [tag]: 5, f: () => 0 };
      t.equal(await run(() => tagOf(o)), 5);
    },
  ],
  [
    'a module object passed whole',
    async (run, t) => {
      const ns = all;
      t.equal(
        await run(() => {
          const x = ns;
          return [x.renamed(), Object.keys(x).length];
        }),
        ['first', Object.keys(all).length],
      );
    },
  ],
  ['JSON import with attributes', async (run, t) => t.equal(await run(() => data.answer), 42)],
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
    'a getter is never called',
    async (run, t) => {
      let called = 0;
      const o = {
        get x() {
          called++;
          return 1;
        },
        f: () => 0,
      };
      await run(() => o.f());
      t.equal(called, 0);
    },
  ],
  [
    'system errors keep class and code',
    async (run, t) => {
      const e = await t.throws(() => run(() => fs.readFileSync('/nowhere/at/all')));
      t.equal([e.code, e instanceof Error, e.syscall], ['ENOENT', true, 'open']);
      const u = await t.throws(() => run(() => new URL('bad')));
      t.equal([u.code, u instanceof TypeError, u.name], ['ERR_INVALID_URL', true, 'TypeError']);
    },
  ],
  [
    'AggregateError, DOMException and thrown plain values',
    async (run, t) => {
      const a = await t.throws(() => run(() => Promise.any([Promise.reject(new Fail(1)), Promise.reject(2)])));
      t.equal([a instanceof AggregateError, a.errors[0] instanceof Fail, a.errors[0].hint, a.errors[1]], [true, true, 'hint 1', 2]);
      const d = await t.throws(() =>
        run(() => {
          throw new DOMException('stop', 'AbortError');
        }),
      );
      t.equal([d instanceof DOMException, d.name, d.message, d.code], [true, 'AbortError', 'stop', 20]);
      const v = await t.throws(() =>
        run(() => {
          throw { code: 7 };
        }),
      );
      t.equal(v, { code: 7 });
    },
  ],
  [
    'an error with cause keeps the whole chain',
    async (run, t) => {
      const e = await t.throws(() =>
        run(() => {
          throw new Fail(3, {});
        }),
      );
      t.equal([e instanceof Fail, e.hint, Object.keys(e)], [true, 'hint 3', ['code']]);
      const c = await t.throws(() =>
        run(() => {
          throw new Error('outer', { cause: new Fail(4) });
        }),
      );
      t.equal([c.cause instanceof Fail, Object.getOwnPropertyDescriptor(c, 'cause').enumerable], [true, false]);
    },
  ],
  [
    'methods of Node objects',
    async (run, t) => {
      const now = performance.now.bind(performance),
        perf = performance,
        c = crypto;
      t.equal(await run(() => [typeof now(), perf === performance, typeof c.randomUUID()]), ['number', true, 'string']);
    },
  ],
  [
    'TextEncoder, TextDecoder, URLSearchParams',
    async (run, t) => {
      const e = new TextEncoder(),
        d = new TextDecoder('utf-16le'),
        q = new URLSearchParams('a=1');
      t.equal(await run(() => [e.encode('a').length, d.encoding, q.get('a')]), [1, 'utf-16le', '1']);
    },
  ],
  [
    'arrays with holes, and with properties of their own',
    async (run, t) => {
      const h = [1, , 3],
        r = /(?<y>\d)/.exec('a5'),
        w = Object.assign([1], { f: () => K });
      t.equal(await run(() => [1 in h, h.length, r.index, r.groups.y, w.f()]), [false, 3, 1, '5', 3]);
    },
  ],
  [
    'cyclic data beside a function',
    async (run, t) => {
      const a = { list: [] };
      a.self = a;
      a.list.push({ up: a });
      a.f = () => a;
      t.equal(await run(() => [a.self === a, a.list[0].up === a, a.f() === a]), [true, true, true]);
    },
  ],
  [
    'a second rebuild shares nothing with the first',
    async (run, t) => {
      const o = { n: 0 },
        f = () => ++o.n;
      const s = t.ship(f).graph;
      t.equal([t.rebuild({ ...t.ship(f), graph: structuredClone(s) })(), t.rebuild({ ...t.ship(f), graph: structuredClone(s) })()], [1, 1]);
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
  [
    'functions made by new Function',
    async (run, t) => {
      const f = new Function('a', 'b', 'return a * b');
      t.equal(await run(f, 3, 4), 12);
      t.equal(await run(() => f(2, 3)), 6);
    },
  ],
  [
    'refused: each with its advice',
    async (run, t) => {
      const refused = async (fn, pattern) => {
        const e = await t.throws(async () => run(fn));
        t.equal([e.name, e.code], ['NotShippableError', 'NOT_SHIPPABLE']);
        t.ok(pattern.test(e.message), e.message);
      };
      const ac = new AbortController(),
        { signal } = ac,
        ref = new WeakRef({}),
        format = new Intl.NumberFormat('de').format,
        socket = new net.Socket(),
        server = net.createServer(),
        out = process.stdout;
      await refused(() => ac, /`ac` .* is an AbortController, .*the option `signal`/);
      await refused(() => signal, /`signal` .* is an AbortSignal/);
      await refused(() => ref, /is a WeakRef.*ref\.deref\(\)/);
      await refused(() => format(1), /`format` .*native code .*Wrap it/);
      await refused(() => socket, /is a net\.Socket, whose connection lives in this thread\. Open it inside/);
      await refused(() => server, /is a net\.Server, which listens/);
      await refused(() => out, /`out` .* is an? \w+\.\w+/);
      let deep = {};
      for (let i = 0; i < 1e5; i++) deep = { deep };
      await refused(() => deep, /nested too deeply/);
      class P {
        #x = 1;
        arrow = () => this.#x;
      }
      const { arrow } = new P();
      await refused(arrow, /`arrow` at `edges\.native\.mjs:\d+:\d+`.*private members/);
    },
  ],
  [
    'values: the label heads the path',
    async (run, t) => {
      const e = await t.throws(async () => t.packValue({ a: [Promise.resolve()] }, 'items[3]'));
      t.equal(
        e.message,
        'Cannot ship `items[3].a[0]`: it is a Promise, which settles in this thread only. Await it first and capture its value.',
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
