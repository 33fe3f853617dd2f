/** Numbers as columns give what a plain loop gives, whatever is among them and whatever happens to workers. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { context, map, mapSettled, mapStream, Pool, range, share } from '../../dist/index.js';

const special = fc.constantFrom(0, -0, Number.NaN, 1 / 0, -1 / 0, 2 ** 53, 5e-324);
const numbers = fc.oneof({ weight: 8, arbitrary: fc.integer() }, { weight: 8, arbitrary: fc.double() }, { weight: 1, arbitrary: special });
const others = fc.constantFrom<unknown>(undefined, null, 'text', 1n, true, { a: 1 });

/** A list of numbers, repeated to a length where columns are used, with other values and holes at some places. */
const lists = fc
  .record({
    some: fc.array(numbers, { minLength: 1, maxLength: 20 }),
    length: fc.integer({ min: 0, max: 3000 }),
    odd: fc.array(fc.tuple(fc.nat(), others), { maxLength: 2 }),
    hole: fc.option(fc.nat(), { freq: 5 }),
  })
  .map(({ some, length, odd, hole }) => {
    const list: unknown[] = Array.from({ length }, (_, i) => some[i % some.length]);
    for (const [at, value] of odd) if (length > 0) list[at % length] = value;
    if (hole !== null && length > 0) delete list[hole % length];
    return list;
  });

/** Each stands alone, as it travels. */
const functions: Record<string, (x: unknown, i: number) => unknown> = {
  same: (x) => x,
  half: (x) => (typeof x === 'number' ? x / 2 : x),
  index: (_x, i) => -i,
  texts: (x, i) => (i % 7 === 3 ? String(x) : x),
  bigints: (x, i) => (i % 500 === 499 ? BigInt(i) : x),
  nothing: (_x, i) => (i % 1000 === 999 ? undefined : i),
  objects: (x) => ({ x }),
  later: async (x) => x,
  sometimesLater: (x, i) => (i % 300 === 250 ? Promise.resolve(x) : x),
};

/** Object.is for each, and no holes. */
function same(results: ArrayLike<unknown>, expected: ArrayLike<unknown>): void {
  expect(results.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(results[i], expected[i]) || !(i in Object(results))) expect([i, results[i]]).toEqual([i, expected[i]]);
}

describe.each(['threads', 'processes'] as const)('columns on %s', (backend) => {
  const pool = new Pool({ workers: 2, backend });
  afterAll(() => pool.terminate());
  const numRuns = backend === 'threads' ? 60 : 20;

  test('any list and any function give what the loop gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        lists,
        fc.constantFrom(...Object.keys(functions)),
        fc.constantFrom('auto' as const, 300, 1000, 5000),
        async (list, name, chunkSize) => {
          const fn = functions[name]!;
          const expected = await Promise.all(Array.from(list, fn));
          same(await map(list, fn, { pool, chunkSize }), expected);
        },
      ),
      { numRuns },
    );
  });

  test('every kind of typed array, shared and not, gives what its loop gives', async () => {
    const kinds = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
    for (const Kind of kinds) {
      const items = new Kind(Array.from({ length: 2000 }, (_, i) => (i - 300) * 1.25)) as Float64Array;
      const Result = (Kind as unknown) === Float32Array ? Float32Array : Float64Array;
      const expected = new Result(Array.from(items, (x, i) => x / 3 + i));
      for (const given of [items, share(items)]) {
        const results = await map(given, (x, i) => x / 3 + i, { pool, chunkSize: 700 });
        expect(results.constructor).toBe(Result);
        expect(results.buffer instanceof SharedArrayBuffer).toBe(given.buffer instanceof SharedArrayBuffer);
        same(results, expected);
      }
    }
    for (const Kind of [BigInt64Array, BigUint64Array]) {
      const items = new Kind(Array.from({ length: 1000 }, (_, i) => BigInt(i))) as BigInt64Array;
      for (const given of [items, share(items)])
        same(
          await map(given, (x) => x * 2n, { pool, chunkSize: 700 }),
          items.map((x) => x * 2n),
        );
    }
  });

  test('ranges, also of fractions and backwards', async () => {
    for (const r of [range(70_000), range(0, 300, 0.1), range(1000, -1000, -1)]) same(await map(r, (x) => x, { pool }), [...r]);
  });

  test('a typed array refuses what is no number, wherever it comes', async () => {
    const fn = (x: number) => (x === 900 ? ('text' as never) : x);
    await expect(
      map(
        Float64Array.from({ length: 1000 }, (_, i) => i),
        fn,
        { pool, chunkSize: 500 },
      ),
    ).rejects.toMatchObject({
      code: 'BAD_RESULT',
    });
  });

  test('failed tasks fail alone, and are tried again with their own items', async () => {
    const items = Array.from({ length: 2000 }, (_, i) => i + 0.5);
    const settled = await mapSettled(
      items,
      (x, i) => {
        if (i % 400 === 7) throw new RangeError(`no ${x}`);
        return x * 2;
      },
      { pool, chunkSize: 500 },
    );
    settled.forEach((outcome, i) => {
      if (i % 400 === 7) expect(outcome).toMatchObject({ status: 'rejected', reason: { message: `no ${i + 0.5}` } });
      else expect(outcome).toEqual({ status: 'fulfilled', value: (i + 0.5) * 2 });
    });
    const tried = await map(
      items,
      (x, i) => {
        if (i % 400 === 7 && context.attempt < 3) throw new Error('not yet');
        return x * 2;
      },
      { pool, chunkSize: 500, retries: 2 },
    );
    same(
      tried,
      items.map((x) => x * 2),
    );
  });

  test('a worker that dies in the middle of a chunk costs no result, and none is computed from another', async () => {
    const items = Array.from({ length: 3000 }, (_, i) => i + 0.25);
    const results = await map(
      items,
      (x, i) => {
        if (i % 1000 === 600 && context.attempt === 1) process.exit(3);
        return -x;
      },
      { pool, chunkSize: 1000, retries: 1 },
    );
    same(
      results,
      items.map((x) => -x),
    );
  });

  test('calls that are aborted or fail leave nothing behind in the memory that others use', async () => {
    const items = Array.from({ length: 5000 }, (_, i) => i);
    const expected = items.map((x) => x + 0.5);
    for (let round = 0; round < 10; round++) {
      const controller = new AbortController();
      const aborted = map(items, (x) => x * 1000, { pool, chunkSize: 500, signal: controller.signal }).catch(() => {});
      const failing = map(
        items,
        (x) => {
          if (x === 2500) throw new Error('fails');
          return x * 2000;
        },
        { pool, chunkSize: 500 },
      ).catch(() => {});
      const good = map(items, (x) => x + 0.5, { pool, chunkSize: 500 });
      controller.abort();
      same(await good, expected);
      await Promise.all([aborted, failing]);
    }
  });

  test('streams and unstarted tails', async () => {
    let next = 0;
    for await (const y of mapStream(range(5000), (x) => x + 0.5, { pool, chunkSize: 700 })) expect(y).toBe(next++ + 0.5);
    expect(next).toBe(5000);
    // The first task holds its worker until the last has run, which the other worker must have taken over.
    if (backend === 'processes') return;
    const seen = new Int32Array(new SharedArrayBuffer(4));
    const results = await map(
      range(1000),
      (_x, i) => {
        if (i === 0) Atomics.wait(seen, 0, 0);
        if (i === 999) {
          Atomics.store(seen, 0, 1);
          Atomics.notify(seen, 0);
        }
        return i;
      },
      { pool },
    );
    same(
      results,
      Array.from({ length: 1000 }, (_, i) => i),
    );
  });

  test('numbers are those of the call, and a long array whose length changes meanwhile is refused', async () => {
    const items = Array.from({ length: 3000 }, (_, i) => i);
    const early = map(items, (x) => x, { pool, chunkSize: 500 });
    items.fill(-1);
    same(
      await early,
      Array.from({ length: 3000 }, (_, i) => i),
    );
    const long = new Array<number>(4 * 1024 * 1024 + 1).fill(1);
    const call = map(long, (x) => x, { pool });
    long.length = 5;
    await expect(call).rejects.toThrow('leave its length alone');
  });
});
