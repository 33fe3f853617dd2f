// multiprocessing.Pool: imap and imap_unordered, and inputs that fail.
import assert from 'node:assert/strict';
import { rejects } from '../doors/rejects.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);

/** Fails when its item number `at` is asked for. */
function* failingAt(at, error) {
  for (let i = 0; i < at; i++) yield i;
  throw error;
}

/** What a stream gives until it ends or fails. */
async function drained(stream) {
  const values = [];
  try {
    for await (const value of stream) values.push(value);
    return { values };
  } catch (error) {
    return { values, error };
  }
}

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B08 an input that throws: map rejects with that very error, and the pool is good for the next call',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const broken = new RangeError('somebody said when');
      for (const at of [0, 1, 3, 50]) {
        for (const chunkSize of [undefined, 1, 100]) {
          assert.equal(await rejects(pool.map(square, failingAt(at, broken), chunkSize)), broken);
          assert.equal(
            await rejects(
              pool.starmap(
                square,
                (function* () {
                  yield [1];
                  throw broken;
                })(),
                chunkSize,
              ),
            ),
            broken,
          );
        }
      }
      const unreadable = {
        [Symbol.iterator]() {
          throw broken;
        },
      };
      assert.equal(await rejects(pool.map(square, unreadable)), broken);
      assert.deepEqual(await pool.map(square, [2, 3]), [4, 9]);
      await pool.close();
    },
  ],
  [
    'B10 imap gives results in order and ends after the last one, with chunk size 100 too',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 4, ...o });
      for (const [length, chunkSize] of [
        [10, undefined],
        [100, 1],
        [1000, 100],
      ]) {
        const stream = pool.imap(square, numbers(length), chunkSize);
        for (let i = 0; i < length; i++) assert.deepEqual(await stream.next(), { done: false, value: i * i });
        for (const _ of [1, 2]) assert.deepEqual(await stream.next(), { done: true, value: undefined });
      }
      await pool.close();
    },
  ],
  [
    'B11 imap over an input that fails at item 3: items 0 to 2, then the error, then nothing',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const broken = new Error('input');
      for (const chunkSize of [undefined, 1, 2]) {
        const stream = pool.imap(square, failingAt(3, broken), chunkSize);
        assert.deepEqual(await drained(stream), { values: [0, 1, 4], error: broken });
        assert.deepEqual(await stream.next(), { done: true, value: undefined });
      }
      assert.equal(await rejects(pool.imap(square, failingAt(0, broken)).next()), broken);
      assert.deepEqual(await drained(pool.imap(square, numbers(3))), { values: [0, 1, 4] });
      await pool.close();
    },
  ],
  [
    'B13 imapUnordered gives the same results, each once, in any order',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 4, ...o });
      for (const chunkSize of [undefined, 1, 100]) {
        const { values } = await drained(pool.imapUnordered(square, numbers(1000), chunkSize));
        assert.deepEqual(
          values.sort((a, b) => a - b),
          numbers(1000).map((x) => square(x)),
        );
      }
      await pool.close();
    },
  ],
  [
    'B14 imapUnordered over an input that fails: some of the results, then the error',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const broken = new Error('input');
      const possible = [0, 1, 4, 9, 16, 25, 36];
      for (const chunkSize of [undefined, 1, 3]) {
        const { values, error } = await drained(pool.imapUnordered(square, failingAt(7, broken), chunkSize));
        assert.equal(error, broken);
        assert.equal(new Set(values).size, values.length);
        for (const value of values) assert.ok(possible.includes(value), `${value} is no result`);
      }
      await pool.close();
    },
  ],
  [
    'B15 an error of the function surfaces at its position in imap; unlike in Python the stream ends there, and the rest is cancelled',
    async ({ Pool, whereFailed }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const failing = (x) => {
        if (x === 3) throw new RangeError('three');
        return x * x;
      };
      for (const chunkSize of [undefined, 1, 100]) {
        const stream = pool.imap(failing, numbers(10), chunkSize);
        const { values, error } = await drained(stream);
        assert.deepEqual([values, error.name, error.message, whereFailed(error).index], [[0, 1, 4], 'RangeError', 'three', 3]);
        assert.deepEqual(await stream.next(), { done: true, value: undefined });
      }
      let closed = false;
      function* endless() {
        try {
          for (let i = 0; ; i++) yield i;
        } finally {
          closed = true;
        }
      }
      for (const method of ['imap', 'imapUnordered']) {
        closed = false;
        const { error } = await drained(pool[method](failing, endless(), { chunkSize: 1, maxInFlight: 10 }));
        assert.deepEqual([error.message, closed], ['three', true]);
      }
      await pool.close();
    },
  ],
  [
    'B17 at most maxInFlight items are read ahead of the results taken',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      for (const method of ['imap', 'imapUnordered']) {
        for (const maxInFlight of [1, 2, 5, 100]) {
          let taken = 0;
          let furthest = 0;
          function* items() {
            for (let read = 1; read <= 60; read++) {
              furthest = Math.max(furthest, read - taken);
              yield read;
            }
          }
          for await (const _ of pool[method](square, items(), { maxInFlight })) taken++;
          assert.equal(taken, 60);
          // A result counts as taken when it is handed over, one before the loop's body counts it.
          assert.ok(furthest <= maxInFlight + 1, `${method}: ${furthest} ahead with maxInFlight ${maxInFlight}`);
        }
      }
      await pool.close();
    },
  ],
  [
    "B23 an error of the caller's own iterator is the caller's: the same object, with its own stack, of no item",
    async ({ Pool, whereFailed }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const mine = new TypeError('mine');
      const { stack } = mine;
      const failures = [
        rejects(pool.map(square, failingAt(2, mine))),
        drained(pool.imap(square, failingAt(2, mine))).then(({ error }) => error),
        drained(pool.imapUnordered(square, failingAt(2, mine))).then(({ error }) => error),
      ];
      for (const error of await Promise.all(failures)) {
        assert.equal(error, mine);
        assert.deepEqual([error.stack, error.cause, Object.keys(error), whereFailed(error)], [stack, undefined, [], undefined]);
      }
      await pool.close();
    },
  ],
  [
    "B22 a task's error keeps class and fields, and its stack names the task's file and line",
    async ({ Pool, whereFailed }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      class ParseError extends SyntaxError {
        constructor(message, column) {
          super(message);
          this.name = 'ParseError';
          this.column = column;
        }
      }
      const parse = (text) => {
        throw new ParseError(`cannot parse ${text}`, 12);
      };
      const error = await rejects(pool.map((text) => parse(text), ['a']));
      assert.ok(error instanceof ParseError && error instanceof SyntaxError);
      assert.deepEqual([error.name, error.message, error.column], ['ParseError', 'cannot parse a', 12]);
      assert.match(error.stack, /at parse \(.*streams\.native\.mjs:\d+:\d+\)/);
      assert.equal(whereFailed(error).index, 0);
      await pool.close();
    },
  ],
];
