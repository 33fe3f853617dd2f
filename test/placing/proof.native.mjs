// Functions as they stand: vitest would write others in their place.
import { readFile } from 'node:fs/promises';

const k = 3;
const helper = (x) => x + 1;
let counter = 0;

export const proved = {
  square: (x) => x ** 2,
  block: (x) => {
    const y = x * 2;
    if (y > 10) return y;
    else if (y < 0) {
      const z = -y;
      return z;
    }
    return `${y}: ${x > 1 ? 'many' : `one of ${x}`}`;
  },
  classic: function (x) {
    'use strict';
    return x % 3 === 0 ? 'fizz' : x;
  },
  named: function twice(x, i) {
    return x * 2 + i;
  },
  row: (r) => r.price * r.qty - (r.discount ?? 0),
  destructured: ({ price, qty: n = 1 }) => price * n,
  pair: ([a, b = 2]) => a + b,
  inner: (r) => {
    const { price, qty } = r;
    const [first, second] = r.tags;
    return first === 'a' && second !== undefined ? price : qty;
  },
  methods: (s) => s.trim().toUpperCase().slice(0, 3).padEnd(5, '.') + s.split(',').length,
  optional: (r) => r?.tags?.[0]?.includes('x') ?? null,
  indexed: (x) => ['zero', 'one', 'two'][x] ?? 'more',
  bits: (x) => ((x >>> 1) ^ ~x) & 0xff | 1_000,
  comments: (x /* the item */) => {
    // doubles it; `not a template`, "nor a string"
    return x * 2; /* } */
  },
  strings: (x) => 'it\'s' + "a \"b\"" + x + '}' + `\${x}`,
  typed: (x) => typeof x === 'number' && !(void 0),
  division: (a) => (a + 1) / 2 / [4][0],
  sequence: (x) => (x, x + 1),
  builtin: Math.sqrt,
};

/** Proved by their texts once their scopes say that these are the globals. */
export const withGlobals = {
  math: (x) => Math.sin(x) * Math.exp(-x) + Math.PI,
  numbers: (x) => (Number.isInteger(x) ? Number(x) : parseInt(String(x), 10)),
  lists: (x) => (Array.isArray(x) ? x.length : NaN),
};

/** Read with what they capture. */
export const withCaptures = { scaled: (x) => x * k };

export const notProved = {
  assigns: (x) => (counter = x),
  counts: () => counter++,
  before: () => --counter,
  adds: (x) => {
    let sum = 0;
    sum += x;
    return sum;
  },
  calls: (x) => helper(x),
  callsMember: (x) => x.compute(),
  callsItem: (f) => f(1),
  callsCapturedMember: (x) => console.log(x),
  random: () => Math.random(),
  clock: () => Date.now(),
  computedCall: (x) => x['compute'](),
  parenthesized: (x) => (0, x.includes)(1),
  applied: (x) => x.includes.call([1], 1),
  tagged: (x) => String.raw`${x}`,
  asynchronous: async (x) => x,
  awaits: async (x) => await x,
  generator: function* (x) {
    yield x;
  },
  loops: (x) => {
    for (const y of x) return y;
    return 0;
  },
  waits: (x) => {
    while (x);
    return 1;
  },
  makes: (x) => new Date(x),
  deletes: (x) => delete x.a,
  itself: function () {
    return this;
  },
  all: function () {
    return arguments.length;
  },
  spreads: (x) => [...x],
  regular: (x) => /^(a+)+$/.test(x),
  regularLater: (x) => x.length > 3 && /b/.test(x),
  object: (x) => ({ x }),
  closure: (x) => () => x,
  imports: () => import('node:fs'),
  evaluates: (x) => eval(x),
  throws: (x) => {
    throw new Error(x);
  },
  tries: (x) => {
    try {
      return x.a;
    } catch {
      return 0;
    }
  },
  rest: (...xs) => xs[0],
  meta: () => import.meta.url,
  reads: (path) => readFile(path),
  instance: (x) => x instanceof Date,
  recursive: function again(x) {
    return x > 0 ? again(x - 1) : 0;
  },
  powers: (x) => 2n ** 10n ** 2n + x,
  method: { shorthand(x) { return x; } }.shorthand,
  bound: ((x) => x).bind(null),
  proxied: new Proxy((x) => x, {}),
  klass: class {},
  native: Array.prototype.push,
};
