// Any value goes in as an item and comes back as a result: a rich arbitrary of fast-check, and what "the same" means.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mustBeAlike } from '../ship/fuzz/alike.native.mjs';

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  sum() {
    return this.x + this.y;
  }
}

class Secret extends Point {
  #key;
  constructor(key) {
    super(1, 2);
    this.#key = key;
  }
  secrets() {
    return this.#key;
  }
}

class Trouble extends RangeError {
  name = 'Trouble';
}

const KINDS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];

const primitives = fc.oneof(
  fc.constantFrom(undefined, null, Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '', true, false),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  // Half of a surrogate pair.
  fc.constantFrom('\ud800', 'a\udfffb'),
);
const errors = fc
  .tuple(fc.constantFrom(Error, TypeError, RangeError, Trouble), fc.string(), fc.option(fc.integer()))
  .map(([Kind, text, cause]) => Object.assign(new Kind(text, cause === null ? undefined : { cause }), { code: 'E_SUCH' }));
const leaves = fc.oneof(
  { weight: 5, arbitrary: primitives },
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(/a+/giu, /(?<x>.)/s, /\//y).map((r) => new RegExp(r)),
  fc.tuple(fc.constantFrom(...KINDS), fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 9 })).map(([Kind, list]) => Kind.from(list)),
  fc.array(fc.bigInt({ min: 0n, max: 99n }), { maxLength: 4 }).map((list) => BigInt64Array.from(list)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.buffer),
  fc.uint8Array({ minLength: 4, maxLength: 9 }).map((bytes) => new DataView(bytes.buffer, 1, 2)),
  fc.webUrl().map((url) => new URL(url)),
  fc.constantFrom(new URLSearchParams('a=1&a=2')).map((params) => new URLSearchParams(params)),
  errors,
  fc.tuple(fc.integer(), fc.integer()).map(([x, y]) => new Point(x, y)),
  fc.integer().map((key) => new Secret(key)),
  fc.constantFrom(Object(1), Object('text'), Object(true), Object(3n)).map((boxed) => Object(boxed.valueOf())),
);

/** Nested, with holes, things met twice, and cycles. */
export const values = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaves,
    tie('list'),
    tie('record'),
    tie('map'),
    tie('set'),
    tie('twice'),
    tie('cycle'),
  ),
  list: fc
    .tuple(fc.array(tie('any'), { maxLength: 4 }), fc.boolean())
    .map(([list, hasHole]) => (hasHole ? Object.assign(new Array(list.length + 2), list) : list)),
  record: fc
    .tuple(fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }), fc.boolean())
    .map(([record, isBare]) => (isBare ? Object.assign(Object.create(null), record) : record)),
  map: fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((entries) => new Map(entries)),
  set: fc.array(tie('any'), { maxLength: 3 }).map((list) => new Set(list)),
  twice: tie('any').map((value) => ({ first: value, second: [value] })),
  cycle: tie('any').map((value) => {
    const cycle = { value, list: [] };
    cycle.list.push(cycle, new Map([[cycle, cycle]]));
    return cycle;
  }),
})).any;

/** What each thing that keeps its content to itself says about it, in the order in which they are met. */
function toldBy(value, seen = new Set()) {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const inside = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : [];
  const own = ArrayBuffer.isView(value) ? [] : Object.values(value);
  const mine = value instanceof URL ? [value.href] : value instanceof URLSearchParams ? [String(value)] : [];
  return [...mine, ...[...inside, ...own].flatMap((one) => toldBy(one, seen))];
}

/** The same values as items and as results, in one call. Several values cross together: chunks carry more than one. */
export async function comeBack(list, pool) {
  const results = await pool.map((x) => x, list);
  assert.equal(results.length, list.length);
  for (const [i, value] of list.entries()) {
    await mustBeAlike(value, results[i], { isHome: true });
    assert.deepEqual(toldBy(results[i]), toldBy(value));
    if (Buffer.isBuffer(value)) assert.ok(Buffer.isBuffer(results[i]));
  }
}

/** So many random lists of values. A list that differs is shrunk, and shown with the seed. */
export function someValuesComeBack(pool, { seed, numRuns }) {
  return fc.assert(
    fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 5 }), (list) => comeBack(list, pool)),
    { seed, numRuns },
  );
}
