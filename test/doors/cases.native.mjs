// Behaviour of the doors, each case run by plain Node against the built package. `api` is the package; `options` names the backend.
import assert from 'node:assert/strict';

const k = 3;
const triple = (x) => x * k;
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
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const rejects = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('it did not reject');
};

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
    'fn gets the item and its index from map, and exactly its item from a pool',
    async ({ map, Pool }, o) => {
      assert.deepEqual(await map(['a', 'b'], (...args) => args, o), [
        ['a', 0],
        ['b', 1],
      ]);
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(await pool.map((...args) => args, ['a', 'b']), [['a'], ['b']]);
      await pool.close();
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
  [
    'a task that throws: class, name, message, code, properties, cause, and a stack with file and line',
    async ({ map, whereFailed }, o) => {
      const fn = (x) => {
        if (x === 2) throw new TaxError('too high', { cause: new TypeError('inner') });
        return x;
      };
      const error = await rejects(map([1, 2, 3], fn, o));
      assert.ok(error instanceof TaxError && error instanceof RangeError);
      assert.deepEqual([error.name, error.message, error.code, error.details], ['TaxError', 'too high', 'E_TAX', { rate: [1, 2] }]);
      assert.ok(error.cause instanceof TypeError && error.cause.message === 'inner');
      let local;
      try {
        fn(2);
      } catch (e) {
        [local] = e.stack.match(/cases\.native\.mjs:\d+:\d+/);
      }
      assert.ok(error.stack.includes(local), `${local} in ${error.stack}`);
      assert.doesNotMatch(error.stack, /worker eval/);
      const place = whereFailed(error);
      assert.deepEqual([place.index, place.preview, place.attempt], [1, '2', 1]);
    },
  ],
  [
    'what is thrown need not be an error',
    async ({ map }, o) => {
      assert.equal(
        await rejects(
          map(
            [1],
            () => {
              throw 'text';
            },
            o,
          ),
        ),
        'text',
      );
      assert.equal(
        await rejects(
          map(
            [1],
            () => {
              throw undefined;
            },
            o,
          ),
        ),
        undefined,
      );
      assert.deepEqual(
        await rejects(
          map(
            [1],
            () => {
              throw { status: 404 };
            },
            o,
          ),
        ),
        { status: 404 },
      );
      assert.equal(
        (
          await rejects(
            map(
              [1],
              async () => {
                await null;
                throw new Error('later');
              },
              o,
            ),
          )
        ).message,
        'later',
      );
    },
  ],
  [
    'the pool works on after a failure, and queued work of the failed call never starts',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ran = new Int32Array(new SharedArrayBuffer(4));
      const error = await rejects(
        pool.map(
          (x) => {
            Atomics.add(ran, 0, 1);
            if (x === 0) throw new Error('first');
            block(5);
            return x;
          },
          Array.from({ length: 200 }, (_, i) => i),
          1,
        ),
      );
      assert.equal(error.message, 'first');
      assert.deepEqual(await pool.map(triple, [1, 2]), [3, 6]);
      assert.ok(Atomics.load(ran, 0) < 50, `${Atomics.load(ran, 0)} of 200 ran`);
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
  [
    'a stream that is left cancels the rest',
    async ({ mapStream, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ran = new Int32Array(new SharedArrayBuffer(4));
      for await (const _ of mapStream(
        Array.from({ length: 500 }, (_, i) => i),
        (x) => {
          Atomics.add(ran, 0, 1);
          block(2);
          return x;
        },
        { pool, chunkSize: 1 },
      ))
        break;
      await pool.close();
      assert.ok(Atomics.load(ran, 0) < 100, `${Atomics.load(ran, 0)} of 500 ran`);
    },
  ],
  [
    'starmap spreads each list over the parameters',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(
        await pool.starmap(
          (a, b, c = 10) => a * b + c,
          [
            [1, 2],
            [3, 4, 0],
          ],
        ),
        [12, 12],
      );
      assert.match((await rejects(pool.starmap((a) => a, [[1], 2]))).message, /items\[1\] is 2; each item must be an array of arguments/);
      await pool.close();
    },
  ],
  [
    'apply and run make one call',
    async ({ Pool, run }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.equal(await pool.apply((a, b) => a + b + k, [1, 2]), 6);
      assert.equal(await pool.apply(async () => k), 3);
      assert.equal(await run((a, b) => a + b + k, [1, 2], o), 6);
      await pool.close();
    },
  ],
  [
    'mapBatches gives whole batches and the index of their first item',
    async ({ mapBatches, range }, o) => {
      const shape = (batch, first) => [batch.length, first, Array.isArray(batch)];
      assert.deepEqual(await mapBatches(range(7), 3, shape, o), [
        [3, 0, true],
        [3, 3, true],
        [1, 6, true],
      ]);
      assert.deepEqual(await mapBatches(new Set([1, 2, 3]), 2, shape, o), [
        [2, 0, true],
        [1, 2, true],
      ]);
      assert.deepEqual(await mapBatches(Float32Array.of(1, 2, 3), 2, (b) => [b.constructor.name, b[0]], o), [
        ['Float32Array', 1],
        ['Float32Array', 3],
      ]);
      assert.deepEqual(await mapBatches([], 2, shape, o), []);
    },
  ],
  [
    'concurrency bounds what runs at once, above and below the number of workers',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      for (const concurrency of [1, 3, 10]) {
        const cells = new Int32Array(new SharedArrayBuffer(8));
        await map(
          Array.from({ length: 40 }, (_, i) => i),
          async () => {
            const now = Atomics.add(cells, 0, 1) + 1;
            for (let most = Atomics.load(cells, 1); now > most; most = Atomics.load(cells, 1)) Atomics.compareExchange(cells, 1, most, now);
            await wait(3);
            Atomics.sub(cells, 0, 1);
          },
          { pool, concurrency },
        );
        assert.ok(cells[1] <= concurrency, `${cells[1]} ran at once, ${concurrency} allowed`);
        if (concurrency > 2) assert.ok(cells[1] > 2, `only ${cells[1]} ran at once`);
      }
      await pool.close();
    },
  ],
  [
    'a signal rejects with its own reason; queued work never starts; an aborted one starts nothing',
    async ({ map, mapStream, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ran = new Int32Array(new SharedArrayBuffer(4));
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = map(
        Array.from({ length: 300 }, (_, i) => i),
        async () => {
          Atomics.add(ran, 0, 1);
          await wait(5);
        },
        { pool, signal: controller.signal, chunkSize: 1 },
      );
      setTimeout(() => controller.abort(reason), 40);
      assert.equal(await rejects(running), reason);
      assert.equal(await rejects(map([1], triple, { pool, signal: AbortSignal.abort(reason) })), reason);
      assert.throws(() => mapStream([1], triple, { pool, signal: AbortSignal.abort(reason) }), reason);
      await pool.close();
      assert.ok(Atomics.load(ran, 0) < 150, `${Atomics.load(ran, 0)} of 300 ran`);
    },
  ],
  [
    'a result that cannot travel is refused by index and name',
    async ({ map }, o) => {
      const error = await rejects(map([1, 2], (x) => (x === 2 ? { open: Promise.resolve(1) } : x), o));
      assert.match(error.message, /the result of items\[1\].*Promise/);
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    "a captured variable is read at the call, and the caller's stays as it is",
    async ({ map }, o) => {
      let n = 1;
      const list = [1];
      const promise = map([1, 2], (x) => x + n + list.length, o);
      n = 100;
      list.push(2);
      assert.deepEqual(await promise, [3, 4]);
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'what cannot travel is refused before anything runs: variable, function, file and line, why, what to do',
    async ({ map }, o) => {
      const pending = Promise.resolve(1);
      const helper = () => pending;
      const error = await rejects(map([1], (x) => helper(x), o));
      assert.equal(error.name, 'NotShippableError');
      assert.match(error.message, /`pending`.*`helper`.*cases\.native\.mjs:\d+:\d+.*Promise/s);
      assert.match(error.message, /await/i);
    },
  ],
  [
    'close finishes what is in progress and refuses what comes after',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const running = pool.map(
        async (x) => {
          await wait(20);
          return x;
        },
        [1, 2, 3],
      );
      const closing = pool.close();
      const refused = await rejects(pool.map(triple, [1]));
      assert.deepEqual([refused.name, refused.code], ['PoolClosedError', 'POOL_CLOSED']);
      assert.match(refused.message, /closed.*new Pool/);
      assert.deepEqual(await running, [1, 2, 3]);
      await closing;
      await pool.join();
      await pool.close();
    },
  ],
  [
    'close lets streams run to their end, read or not',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const stream = pool.imap(
        triple,
        Array.from({ length: 100 }, (_, i) => i),
        { maxInFlight: 5 },
      );
      await pool.close();
      const all = [];
      for await (const y of stream) all.push(y);
      assert.equal(all.length, 100);
    },
  ],
  [
    'disposal cancels streams that nobody reads',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const stream = pool.imap(
        triple,
        (function* () {
          for (let i = 0; ; i++) yield i;
        })(),
      );
      await pool[Symbol.asyncDispose]();
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
    },
  ],
  [
    'terminate rejects what is in progress and returns promptly',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const running = pool.map(
        async () => {
          await wait(60_000);
        },
        Array.from({ length: 10_000 }, (_, i) => i),
      );
      const lost = rejects(running);
      await pool.ready();
      await pool.terminate();
      assert.deepEqual([(await lost).name, (await lost).code], ['PoolClosedError', 'POOL_TERMINATED']);
      assert.equal((await rejects(pool.apply(triple, [1]))).code, 'POOL_TERMINATED');
      await pool.join();
    },
    { inline: 'what runs on the host cannot be killed' },
  ],
  [
    'join before close is refused',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.match((await rejects(pool.join())).message, /still open.*close\(\)/);
      await pool.close();
    },
  ],
  [
    'shutdown ends the shared pools, and the next map starts anew',
    async ({ map, shutdown }, o) => {
      assert.deepEqual(await map([1], triple, o), [3]);
      await shutdown();
      assert.deepEqual(await map([1], triple, o), [3]);
    },
  ],
  [
    'a call inside a task runs in line',
    async (_, o) => {
      const { map } = await import('allcores');
      assert.deepEqual(await map([1, 2], async (x) => (await map([x, x + 1], triple)).join(), o), ['3,6', '6,9']);
    },
  ],
  [
    'a task that ends its worker is blamed alone, and the pool works on',
    async ({ mapSettled, map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const out = await mapSettled([1, 2, 3, 4], (x) => (x === 2 ? process.exit(7) : x * k), { pool, chunkSize: 1 });
      assert.deepEqual(
        out.map((r) => r.value ?? r.reason.name),
        [3, 'WorkerLostError', 9, 12],
      );
      assert.match(out[1].reason.message, /items\[1\] \(2\).*code 7/);
      assert.deepEqual(await map([1], triple, { pool }), [3]);
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
];

cases.push(
  [
    'an error that holds what cannot travel arrives without that, with all the rest',
    async ({ map }, o) => {
      const error = await rejects(
        map(
          [1],
          () => {
            const e = new TaxError('broken', { cause: new Error('inner') });
            e.pending = Promise.resolve();
            e.rows = [{ a: 1 }];
            throw e;
          },
          o,
        ),
      );
      assert.ok(error instanceof TaxError);
      assert.deepEqual(
        [error.message, error.code, error.rows, error.pending, error.cause.message],
        ['broken', 'E_TAX', [{ a: 1 }], undefined, 'inner'],
      );
    },
    { inline: 'nothing is copied inline' },
  ],
  [
    'thrown symbols, functions and objects without a text settle the call',
    async ({ map }, o) => {
      for (const make of [() => Symbol('s'), () => Object.create(null), () => new Proxy({}, {})]) {
        const error = await rejects(
          map([make], () => 0, o).then(
            () => assert.fail('no'),
            (e) => Promise.reject(e),
          ),
        );
        assert.match(error.message, /items\[0\] is a function/);
      }
      assert.ok(
        await rejects(
          map(
            [1],
            () => {
              throw Symbol('s');
            },
            o,
          ),
        ),
      );
      assert.ok(
        await rejects(
          map(
            [1],
            () => {
              throw Object.create(null);
            },
            o,
          ),
        ),
      );
      assert.ok(
        await rejects(
          map(
            [1],
            () => {
              throw Promise.resolve(1);
            },
            o,
          ),
        ),
      );
    },
  ],
  [
    'ready is answered also when the pool ends first',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ready = pool.ready().then(
        () => 'up',
        (e) => e.code,
      );
      await pool.close();
      assert.match(await ready, /^(up|POOL_CLOSED)$/);
    },
  ],
  [
    'apply wants a list of arguments',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      assert.match((await rejects(pool.apply(triple, 5))).message, /pool\.apply: the arguments are 5; they must be an array/);
      await pool.close();
    },
  ],
  [
    'a late error of a finished task replaces its worker and warns; nobody else notices',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const warned = new Promise((resolve) => process.on('warning', (w) => w.code === 'ALLCORES_LATE_CRASH' && resolve(w)));
      await pool.map(() => {
        setImmediate(() => {
          throw new Error('too late');
        });
        return 1;
      }, [1]);
      assert.match((await warned).message, /worker t\d+ was replaced: .*too late/);
      assert.deepEqual(await map([1, 2], triple, { pool }), [3, 6]);
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
);
