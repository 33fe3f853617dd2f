// Results: their order, their kinds, and many at once.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const k = 3;
class TaxError extends RangeError {
  constructor(message, options) {
    super(message, options);
    this.name = 'TaxError';
    this.code = 'E_TAX';
    this.details = { rate: [1, 2] };
  }
}
const tripled = (x) => x * 3;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'results stand in input order whatever finishes first',
    async ({ map }, o) => {
      assert.deepEqual(
        await map(
          [40, 1, 30, 2],
          async (ms) => {
            await wait(ms);
            return ms;
          },
          { concurrency: 4, ...o },
        ),
        [40, 1, 30, 2],
      );
    },
  ],
  [
    'NaN, -0, bigints, Maps, Sets, Dates, nested data travel both ways',
    async ({ map }, o) => {
      const items = [
        Number.NaN,
        -0,
        10n,
        new Map([[1, { a: [new Date(5)] }]]),
        new Set(['x']),
        /a+/gi,
        new Float64Array([1, 2]),
        { deep: { er: [1, [2]] } },
      ];
      const back = await map(items, (x) => x, o);
      assert.deepEqual(back, items);
      assert.ok(Object.is(back[1], -0));
    },
  ],
  [
    'instances and Buffers keep their class',
    async ({ map }, o) => {
      class Point {
        constructor(x) {
          this.x = x;
        }
        norm() {
          return this.x * k;
        }
      }
      const back = await map(
        [new Point(1), new Point(2)],
        (p) => {
          p.x += 1;
          return [p.norm(), p instanceof Point, p];
        },
        o,
      );
      assert.deepEqual(
        back.map((b) => b.slice(0, 2)),
        [
          [6, true],
          [9, true],
        ],
      );
      assert.ok(back[0][2] instanceof Point);
      assert.equal(back[1][2].norm(), 9);
      const [buffer] = await map([Buffer.from('abc')], (b) => Buffer.from(b.toString('utf8').toUpperCase()), o);
      assert.ok(Buffer.isBuffer(buffer));
      assert.equal(buffer.toString(), 'ABC');
      const [url] = await map([new URL('http://a/b?c=1')], (u) => u, o);
      assert.equal(url.searchParams.get('c'), '1');
    },
  ],
  [
    'typed arrays give typed arrays: floats their own kind, integers doubles, bigints their own',
    async ({ map }, o) => {
      assert.deepEqual(await map(new Float32Array([1, 2]), (x) => x / 3, o), Float32Array.of(1 / 3, 2 / 3));
      assert.deepEqual(await map(new Uint8Array([0, 51, 255]), (p) => p / 255, o), Float64Array.of(0, 0.2, 1));
      assert.deepEqual(await map(new BigInt64Array([1n, 2n]), (x) => x * 2n, o), BigInt64Array.of(2n, 4n));
      const error = await rejects(map(new Uint8Array([1, 2]), (p) => (p === 2 ? 'two' : p), o));
      assert.match(error.message, /result of items\[1\] is a string/);
      assert.ok(error instanceof TypeError);
    },
  ],
  [
    'a subarray of a large buffer travels alone',
    async ({ map }, o) => {
      const big = new Float64Array(1000).map((_, i) => i);
      assert.deepEqual(await map([big.subarray(2, 4)], (a) => [a.length, a[0]], o), [[2, 2]]);
    },
  ],
  [
    '70,000 calls in flight at once, each with its own result',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const all = await Promise.all(Array.from({ length: 70_000 }, (_, i) => pool.apply(tripled, [i])));
      assert.ok(all.every((y, i) => y === i * 3));
      await pool.close();
    },
    { slow: true, inline: 'one run of it is enough' },
  ],
  [
    '70,000 tasks of one call in flight at once',
    async ({ map, range }, o) => {
      const all = await map(
        range(70_000),
        async (x) => {
          await null;
          return x * k;
        },
        { concurrency: 1000, ...o },
      );
      assert.ok(all.length === 70_000 && all.every((y, i) => y === i * 3));
    },
    { slow: true },
  ],
  [
    'five maps at once on one pool do not mix',
    async ({ map, range, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const all = await Promise.all([1, 2, 3, 4, 5].map((m) => map(range(2000), (x) => x * m, { pool })));
      assert.ok(all.every((list, j) => list.every((y, i) => y === i * (j + 1))));
      await pool.close();
    },
  ],
  [
    'mapSettled gives every outcome in order',
    async ({ mapSettled }, o) => {
      const out = await mapSettled(
        [1, 2, 3, 4],
        (x) => {
          if (x % 2 === 0) throw new TaxError(`no ${x}`);
          return x;
        },
        o,
      );
      assert.deepEqual(
        out.map((r) => r.value ?? r.reason.message),
        [1, 'no 2', 3, 'no 4'],
      );
      assert.ok(out[1].reason instanceof TaxError);
    },
  ],
  [
    'unordered streams give each result once, the quick ones first',
    async ({ mapStream }, o) => {
      const seen = [];
      for await (const y of mapStream(
        [120, 10, 20, 30],
        async (ms) => {
          await wait(ms);
          return ms;
        },
        { ordered: false, concurrency: 4, ...o },
      ))
        seen.push(y);
      assert.equal(seen.length, 4);
      assert.equal(seen.at(-1), 120);
      assert.deepEqual(
        [...seen].sort((a, b) => a - b),
        [10, 20, 30, 120],
      );
    },
  ],
];
