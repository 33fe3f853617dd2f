// biome-ignore-all lint/security/noGlobalEval: one row is about it
// The rows of the table in docs/what-travels.md, each with its proof. `make` gives a value, `ok` says whether it arrived as it was;
// both may run on either side. A direction with a pattern is refused with a message that matches it; a second pattern is for processes alone.
import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import Decimal from 'decimal.js';
import _ from 'lodash';
import { context, Pool, perWorker } from '../../dist/index.js';

class Animal {
  #name;
  legs = 4;
  constructor(name) {
    this.#name = name;
  }
  get name() {
    return this.#name;
  }
}
class Registry extends Map {
  total() {
    return [...this.values()].reduce((sum, n) => sum + n, 0);
  }
}
class TooFewError extends RangeError {
  code = 'TOO_FEW';
}
class Counter {
  count = 2;
  add = (n) => this.count + n;
  base() {
    return this.count;
  }
}
class Twice extends Counter {
  base() {
    return super.base() * 2;
  }
}
const symbol = Symbol('own');
const connection = perWorker(() => ({ opened: 1 }));
const fact = (n) => (n <= 1 ? 1 : n * fact(n - 1));

const COPY = 'a copy';
const NAME = 'by its name';
const NO = 'refused';

/** One direction for all, or an object by direction. */
const everywhere = (how) => ({ captured: how, item: how, result: how });

export const sections = [
  [
    'Data',
    [
      [
        'numbers, strings, booleans, `null`, `undefined`, `bigint`; `-0` and `NaN`, too',
        everywhere(COPY),
        '',
        () => [1, 'a', true, null, undefined, 5n, -0, NaN],
        (v) => v.length === 8 && v[5] === 5n && Object.is(v[6], -0) && Number.isNaN(v[7]),
      ],
      [
        'arrays and objects, nested and cyclic',
        everywhere(COPY),
        'one object met twice in one value stays one',
        () => {
          const a = { list: [1, { b: 2 }] };
          a.self = a;
          a.again = a.list;
          return a;
        },
        (v) => v.self === v && v.again === v.list && v.list[1].b === 2,
      ],
      [
        '`Date`, `RegExp`, `Map`, `Set`, `URL`, `Intl` formats',
        everywhere(COPY),
        '',
        () => [new Date(5), /a/g, new Map([[1, { a: 1 }]]), new Set([1]), new URL('http://a.b/c'), new Intl.NumberFormat('en')],
        (v) =>
          +v[0] === 5 && v[1].test('a') && v[2].get(1).a === 1 && v[3].has(1) && v[4].pathname === '/c' && v[5].format(1000) === '1,000',
      ],
      [
        'typed arrays, `ArrayBuffer`, `DataView`, `Buffer`',
        everywhere(COPY),
        'only the bytes that a view shows; views that overlap share their memory',
        () => {
          const big = new Float64Array(1000).fill(1);
          return [big.subarray(10, 12), Buffer.from('ab')];
        },
        (v) => v[0].length === 2 && v[0].buffer.byteLength <= 32 && v[1].toString() === 'ab',
      ],
      [
        '`SharedArrayBuffer`, typed arrays over it',
        everywhere('shared'),
        'what a task writes is seen at once; processes share none, and there it is refused',
        () => new Int32Array(new SharedArrayBuffer(8)),
        (v) => v.buffer instanceof SharedArrayBuffer,
        /is memory that (the )?threads/,
      ],
      [
        'errors: class, message, code, own properties, `cause`',
        everywhere(COPY),
        'its stack leads to your source',
        () => new TooFewError('few', { cause: new TypeError('t') }),
        (v) => v instanceof TooFewError && v.code === 'TOO_FEW' && v.message === 'few' && v.cause instanceof TypeError,
      ],
      [
        'frozen and sealed objects, getters, symbols as keys, objects without a prototype',
        everywhere(COPY),
        'as a captured or nested value; freezing alone is not kept for items',
        () => [
          Object.assign(Object.create(null), { a: 1 }),
          {
            get b() {
              return 2;
            },
            [symbol]: 3,
          },
        ],
        (v) => Object.getPrototypeOf(v[0]) === null && v[1].b === 2 && v[1][symbol] === 3,
      ],
      [
        '`WeakMap`, `WeakSet`',
        everywhere(COPY),
        'with the entries whose keys travel, too',
        () => {
          const key = {};
          return { key, map: new WeakMap([[key, 1]]) };
        },
        (v) => v.map.get(v.key) === 1,
      ],
      [
        'a `Proxy`',
        everywhere(COPY),
        'with its target and its handler',
        () => new Proxy({ a: 1 }, { get: (target, key) => target[key] ?? 'none' }),
        (v) => v.a === 1 && v.b === 'none',
      ],
    ],
  ],
  [
    'Functions and classes',
    [
      [
        'functions, arrows, async functions, generators, with all they capture',
        everywhere('its code'),
        'helpers of helpers, too; recursion',
        () => [
          fact,
          async () => 1,
          function* () {
            yield 1;
          },
        ],
        (v) => v[0](5) === 120 && v[1]() instanceof Promise && v[2]().next().value === 1,
      ],
      [
        'methods, bound functions, arrows that use `this`, methods that use `super`',
        everywhere('its code'),
        'an arrow’s `this` comes along',
        () => [new Counter().add, new Counter().base.bind(new Counter()), new Twice()],
        (v) => v[0](3) === 5 && v[1]() === 2 && v[2].base() === 4,
      ],
      [
        'classes and their instances, with `#private` members',
        everywhere(COPY),
        'no constructor runs; a result is an instance of your own class',
        () => new Animal('rex'),
        (v) => v instanceof Animal && v.name === 'rex' && v.legs === 4,
      ],
      [
        'classes that extend `Map`, `Array`, `Error`, `EventEmitter`',
        everywhere(COPY),
        'a copy of an emitter has its listeners',
        () => [
          new Registry([
            ['a', 1],
            ['b', 2],
          ]),
          new EventEmitter(),
        ],
        (v) => v[0].total() === 3 && v[0] instanceof Registry && v[1] instanceof EventEmitter,
      ],
      [
        'the language’s own functions: `Math.sqrt`, `JSON.stringify`',
        everywhere(NAME),
        '',
        () => [Math.sqrt, JSON.stringify],
        (v) => v[0] === Math.sqrt && v[1] === JSON.stringify,
      ],
      [
        'imports of Node’s modules and of packages',
        everywhere(NAME),
        'a package that you have configured is configured there, too',
        () => [fs.readFileSync, _.chunk, Decimal],
        (v) => v[0] === fs.readFileSync && v[1]([1, 2, 3], 2).length === 2 && new v[2](1).plus(1).toNumber() === 2,
      ],
      [
        'instances of a package’s classes',
        everywhere(COPY),
        '',
        () => new Decimal('1.5'),
        (v) => v instanceof Decimal && v.times(2).toNumber() === 3,
      ],
      [
        '`context`, what `perWorker` gives',
        { captured: NAME, item: NAME, result: '–' },
        'each worker makes its own',
        () => [context, connection],
        (v) => typeof v[0].index === 'number' && v[1].get().opened === 1,
      ],
    ],
  ],
  [
    'What cannot',
    [
      ['a promise', everywhere(NO), 'await it first', () => ({ p: Promise.resolve(1) }), /is a Promise/],
      ['a running generator', everywhere(NO), '`Array.from(…)` of it', () => [(function* () {})()], /is a running generator/],
      [
        'a socket, a server, a stream, a file handle, a timer',
        everywhere(NO),
        'one in each worker, by `perWorker`',
        () => ({ socket: new net.Socket() }),
        /is a net\.Socket/,
      ],
      [
        'an `AbortSignal`, an `AbortController`',
        everywhere(NO),
        'the option `signal` of the call',
        () => ({ signal: new AbortController().signal }),
        /is an AbortSignal/,
      ],
      ['a `WeakRef`, a `FinalizationRegistry`', everywhere(NO), 'its target', () => ({ ref: new WeakRef({}) }), /is a WeakRef/],
      [
        'a `Pool`',
        { captured: NO, item: NO, result: '–' },
        'call `map` inside a task: it runs in line',
        () => ({ pool: new Pool({ workers: 1 }) }),
        /is a Pool/,
      ],
      ['a function that calls `eval`', everywhere(NO), '`new Function(…)` with arguments', () => [() => eval('1')], /calls eval/],
      [
        'native code without a name, such as `new Intl.NumberFormat().format`',
        everywhere(NO),
        'wrap it in a function',
        () => [new Intl.NumberFormat().format],
        /native code/,
      ],
    ],
  ],
];

const DIRECTIONS = ['captured', 'item', 'result'];

/** The table as Markdown. */
export function table() {
  const lines = sections.flatMap(([title, rows]) => [
    `| **${title}** | | | | |`,
    ...rows.map(([what, how, note]) => `| ${what} | ${DIRECTIONS.map((direction) => how[direction]).join(' | ')} | ${note} |`),
  ]);
  return ['| What | Captured | As an item | As a result | To know |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** What goes that way, by the public doors. */
const ways = {
  captured: (run, make, ok) => {
    const value = make();
    return run(() => ok(value));
  },
  item: (run, make, ok) => run((value) => ok(value), [make()]),
  result: async (run, make, ok) => ok(await run(make)),
};

/** One proof for each row and direction: its name, and what must hold on that backend. */
export function* proofs(backend) {
  for (const [, rows] of sections) {
    for (const [what, how, , make, always, onProcesses] of rows) {
      const expected = (backend === 'processes' && onProcesses) || always;
      for (const direction of DIRECTIONS) {
        if (how[direction] !== '–') yield { name: `${what}: ${direction}`, prove: (run) => proof(run, ways[direction], make, expected) };
      }
    }
  }
}

async function proof(run, way, make, expected) {
  if (typeof expected === 'function') return (await way(run, make, expected)) === true ? 'it arrived' : 'it did not arrive as it was';
  try {
    await way(run, make, () => true);
    return 'it was not refused';
  } catch ({ code, message }) {
    return code === 'NOT_SHIPPABLE' && expected.test(message) ? 'it was refused' : `another error: ${message}`;
  }
}
