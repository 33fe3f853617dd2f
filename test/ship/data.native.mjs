// biome-ignore-all lint: odd code is what these cases are about
// Captured data: built-in kinds, identity, cycles, prototypes, property attributes.

import * as crypto from 'node:crypto';

const K = 3;
function helper(x) {
  return x * K;
}
const table = Array.from({ length: 1000 }, (_, i) => ({ i, s: 'x' + i })),
  u1 = () => table.length,
  u2 = () => table[5].i;
const cyc = { name: 'c' };
cyc.self = cyc;
cyc.list = [cyc];
const cycFn = { f: () => cycFn.v, v: 5 };

export const cases = [
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
    'symbols: well-known, registered, own',
    async (run, t) => {
      const own = Symbol('own'),
        o = { [own]: 1, [Symbol.for('r')]: 2, [Symbol.iterator]: null };
      t.equal(await run(() => [o[own], o[Symbol.for('r')], Symbol.iterator in o, own.description]), [1, 2, true, 'own']);
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
    'Proxy of a function that calls itself',
    async (run, t) => {
      const calls = [],
        p = new Proxy((n) => (n ? p(n - 1) + 1 : K), { apply: (f, self, args) => calls.push(args[0]) && f(...args) });
      t.equal(await run(() => [p(2), calls]), [5, [2, 1, 0]]);
    },
  ],
  [
    'data nested deeper than structured clone can go',
    async (run, t) => {
      const depth = (x) => {
        let n = 0;
        for (; x.next ?? x[0]; n++) x = x.next ?? x[0];
        return n;
      };
      let list = [],
        chain = {};
      for (let i = 0; i < 8000; i++) {
        list = [list];
        chain = { next: chain };
      }
      t.equal(await run((item) => [depth(list), depth(item)], chain), [8000, 8000]);
      t.equal(depth(await run(() => list)), 8000);
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
    'an own property called __proto__',
    async (run, t) => {
      const o = JSON.parse('{"__proto__":{"x":1},"f":2}');
      o.g = () => K;
      t.equal(await run(() => [Object.hasOwn(o, '__proto__'), o.x, o.g()]), [true, undefined, 3]);
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
];
