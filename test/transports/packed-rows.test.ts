import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packRows, unpackRows } from '../../src/transports/packed-rows.ts';

const carried = (values: readonly unknown[]) => {
  const packed = packRows(values);
  return packed && unpackRows(structuredClone(packed));
};

const times = (count: number, row: (i: number) => unknown) => Array.from({ length: count }, (_, i) => row(i));

const primitive = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', '\udc00', '', -0, null, true, false),
);
const cell = fc.oneof(primitive, fc.constant(undefined), fc.array(primitive, { maxLength: 5 }));

describe('rows that are alike', () => {
  it('arrive as structured clone would bring them', () => {
    const names = fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom('0', '12', 'a"b', 'constructor', 'then')), {
      minLength: 1,
      maxLength: 6,
    });
    const lists = names.chain((own) =>
      fc.array(fc.tuple(...own.map((name) => fc.tuple(fc.constant(name), cell))), { minLength: 16, maxLength: 40 }),
    );
    fc.assert(
      fc.property(lists, (list) => {
        const rows = list.map((entries) => Object.fromEntries(entries));
        const got = carried(rows);
        if (rows.some((row) => Object.hasOwn(row, '__proto__'))) {
          expect(got).toBeUndefined();
          return;
        }
        // Not toStrictEqual, which takes a property named `constructor` for the class.
        expect(isDeepStrictEqual(got, structuredClone(rows))).toBe(true);
        expect(got!.map((row) => Object.keys(row as object))).toEqual(rows.map((row) => Object.keys(row)));
      }),
    );
  });

  it('may have something else where the first had a number', () => {
    const rows = times(20, (i) => ({ a: i === 7 ? null : i, b: i === 9 ? 'text' : -0 }));
    expect(carried(rows)).toStrictEqual(rows);
  });

  it('keep names that are keywords, and long texts apart', () => {
    const rows = times(20, (i) => ({ class: 'x'.repeat(i * 100), '0': `${i}`, 'a b': [1, 'two', null, true] }));
    expect(carried(rows)).toStrictEqual(rows);
  });
});

describe('left to structured clone', () => {
  const row = (i: number): Record<PropertyKey, unknown> => ({ id: i, name: `n${i}` });
  const list = ['x'];
  const odd: Readonly<Record<string, (i: number) => unknown>> = {
    'a symbol': (i) => ({ ...row(i), [Symbol.iterator]: 1 }),
    'another name': (i) => ({ ...row(i), more: 1 }),
    'a name less': (i) => ({ id: i }),
    'another order': (i) => ({ name: 'n', id: i }),
    'a proxy': (i) => new Proxy(row(i), {}),
    'a class': (i) => Object.assign(Object.create({ inherited: 1 }), row(i)),
    'no prototype': (i) => Object.assign(Object.create(null), row(i)),
    'an object inside': (i) => ({ ...row(i), name: {} }),
    'a date': (i) => ({ ...row(i), name: new Date(0) }),
    'a bigint': (i) => ({ ...row(i), name: 1n }),
    'a function': (i) => ({ ...row(i), name: () => 1 }),
    'a list in a list': (i) => ({ ...row(i), name: [[1]] }),
    'a long list': (i) => ({ ...row(i), name: new Array(17).fill(1) }),
    'a list with a hole': (i) => ({ ...row(i), name: Object.assign(new Array(3), { 0: 1, 2: 2 }) }),
    'a list with a name': (i) => ({ ...row(i), name: 'abc'.match(/b/) }),
    'the same list twice': () => ({ id: list, name: list }),
    'a getter that throws': (i) =>
      Object.defineProperty({ id: i }, 'name', {
        enumerable: true,
        get() {
          throw new Error('no');
        },
      }),
    'a number': (i) => i,
    null: () => null,
  };
  for (const [what, make] of Object.entries(odd)) {
    it(`${what} in the middle`, () => {
      expect(packRows(times(20, (i) => (i === 11 ? make(i) : row(i))))).toBeUndefined();
    });
  }

  it('the same row twice', () => {
    const one = row(1);
    expect(packRows(times(20, () => one))).toBeUndefined();
  });

  it('a name that sets the prototype', () => {
    expect(packRows(times(20, () => JSON.parse('{"__proto__": 1, "a": 2}')))).toBeUndefined();
  });

  it('anything, where objects inherit an enumerable name', () => {
    const prototype = Object.prototype as { inherited?: number };
    prototype.inherited = 1;
    try {
      expect(packRows(times(20, row))).toBeUndefined();
    } finally {
      delete prototype.inherited;
    }
  });
});
