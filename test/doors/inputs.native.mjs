// Inputs: empty, short, with holes, lazy, asynchronous, failing.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const k = 3;
const triple = (x) => x * k;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'the one line',
    async ({ map, range }, o) =>
      assert.deepEqual(
        await map(range(100_000), (x) => x * k, o),
        Array.from({ length: 100_000 }, (_, i) => i * 3),
      ),
  ],
  [
    'empty input gives an empty array',
    async ({ map, mapSettled, Pool }, o) => {
      assert.deepEqual(await map([], triple, o), []);
      assert.deepEqual(await mapSettled(new Set(), triple, o), []);
      assert.deepEqual(await map((function* () {})(), triple, o), []);
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(await pool.starmap(triple, []), []);
      for await (const _ of pool.imap(triple, [])) assert.fail('a result of nothing');
      await pool.close();
    },
  ],
  ['one item', async ({ map }, o) => assert.deepEqual(await map([5], triple, o), [15])],
  [
    'more workers than items',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 6, ...o });
      assert.deepEqual(await map([1, 2], triple, { pool }), [3, 6]);
      await pool.close();
    },
  ],
  [
    'a chunk larger than the list',
    async ({ map }, o) => assert.deepEqual(await map([1, 2, 3], triple, { chunkSize: 1000, ...o }), [3, 6, 9]),
  ],
  [
    'any chunk size gives the same results',
    async ({ map, range }, o) => {
      const expected = Array.from({ length: 1000 }, (_, i) => i * 3);
      for (const chunkSize of ['auto', 1, 7, 999, 1000, 1001, 70_000])
        assert.deepEqual(await map(range(1000), triple, { chunkSize, ...o }), expected);
    },
  ],
  [
    'holes and undefined items read as undefined',
    async ({ map }, o) => {
      const items = [1, undefined, 3];
      delete items[1];
      assert.deepEqual(await map(items, (x) => String(x), o), ['1', 'undefined', '3']);
      assert.deepEqual(await map([undefined, null], (x) => x, o), [undefined, null]);
    },
  ],
  [
    'generators are read lazily, and closed',
    async ({ mapStream, map }, o) => {
      let read = 0;
      let closed = false;
      function* numbers() {
        try {
          for (;;) yield read++;
        } finally {
          closed = true;
        }
      }
      const seen = [];
      for await (const y of mapStream(numbers(), triple, { maxInFlight: 10, ...o })) {
        seen.push(y);
        assert.ok(read <= seen.length + 10, `${read} read, ${seen.length} taken`);
        if (seen.length === 50) break;
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 50 }, (_, i) => i * 3),
      );
      assert.ok(closed);
      assert.deepEqual(
        await map(
          (function* () {
            yield* [1, 2, 3];
          })(),
          triple,
          o,
        ),
        [3, 6, 9],
      );
    },
  ],
  [
    'async generators are read lazily, item by item',
    async ({ mapStream }, o) => {
      let read = 0;
      async function* slow() {
        for (let i = 0; i < 20; i++) {
          await wait(1);
          read++;
          yield i;
        }
      }
      const seen = [];
      for await (const y of mapStream(slow(), triple, { maxInFlight: 4, ...o })) {
        if (seen.length === 0) assert.ok(read < 20);
        seen.push(y);
      }
      assert.deepEqual(
        seen,
        Array.from({ length: 20 }, (_, i) => i * 3),
      );
    },
  ],
  [
    'promises among the items are awaited',
    async ({ map }, o) => {
      assert.deepEqual(await map([Promise.resolve(1), 2, wait(5).then(() => 3)], triple, o), [3, 6, 9]);
      assert.deepEqual(
        await map(
          (function* () {
            yield 1;
            yield Promise.resolve(2);
            yield 3;
          })(),
          triple,
          o,
        ),
        [3, 6, 9],
      );
    },
  ],
  [
    'an input that throws at item 3 rejects with its own error, and the pool works on',
    async ({ map, mapSettled, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const broken = new Error('input');
      function* items() {
        yield 0;
        yield 1;
        yield 2;
        throw broken;
      }
      assert.equal(await rejects(map(items(), triple, { pool })), broken);
      assert.equal(await rejects(mapSettled(items(), triple, { pool })), broken);
      async function* later() {
        yield 0;
        yield 1;
        yield 2;
        throw broken;
      }
      assert.equal(await rejects(map(later(), triple, { pool })), broken);
      assert.deepEqual(await map([1], triple, { pool }), [3]);
      await pool.close();
    },
  ],
  [
    'a stream over an input that throws at item 3 gives three results, then the error',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const seen = [];
      const error = await rejects(
        (async () => {
          for await (const y of pool.imap(
            triple,
            (function* () {
              yield 0;
              yield 1;
              yield 2;
              throw new Error('input');
            })(),
          ))
            seen.push(y);
        })(),
      );
      assert.deepEqual([seen, error.message], [[0, 3, 6], 'input']);
      await pool.close();
    },
  ],
];
