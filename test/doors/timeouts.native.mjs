// The time limit of a task: told to stop first, given up or killed last, and nobody else loses by it.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const forEver = () => new Promise(() => {});
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const outcomes = (settled) => settled.map((r) => (r.status === 'fulfilled' ? r.value : r.reason.name));

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a task that computes for ever is ended after its time, and only that task: what ran before and after it stands and ran once',
    async ({ mapSettled, Pool, TaskTimeoutError, whereFailed, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const runs = [];
      const settled = await mapSettled(
        Array.from({ length: 20 }, (_, x) => x),
        (x) => {
          context.emit(x);
          if (x === 7) for (;;);
          return x * 2;
        },
        { pool, timeoutMs: 1000, graceMs: 50, onMessage: (x) => runs.push(x) },
      );
      assert.deepEqual(
        outcomes(settled),
        Array.from({ length: 20 }, (_, x) => (x === 7 ? 'TaskTimeoutError' : x * 2)),
      );
      const error = settled[7].reason;
      assert.ok(error instanceof TaskTimeoutError);
      assert.deepEqual([error.code, error.index, error.timeoutMs, 'cause' in error], ['TASK_TIMEOUT', 7, 1000, false]);
      assert.match(error.message, /^items\[7\] \(7\) ran longer than 1000 ms in "/);
      assert.deepEqual([whereFailed(error).index, whereFailed(error).attempt], [7, 1]);
      assert.deepEqual(
        runs.sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, x) => x),
      );
      await pool.close();
    },
    { inline: 'what runs on the host cannot be killed' },
  ],
  [
    'a loop that looks at context.aborted ends by itself: it has timed out all the same, and its worker stays',
    async ({ mapSettled, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const workerOf = () => context.workerId;
      const [before] = await pool.map(workerOf, [0]);
      const [{ reason }] = await mapSettled(
        [1],
        () => {
          while (!context.aborted);
          return 'late';
        },
        { pool, timeoutMs: 30, graceMs: 60_000 },
      );
      assert.deepEqual([reason.name, 'cause' in reason], ['TaskTimeoutError', false]);
      assert.deepEqual(await pool.map(workerOf, [0]), [before]);
      await pool.close();
    },
    { inline: 'a loop on the host keeps its clock from running' },
  ],
  [
    'context.signal aborts with the reason; what the task throws instead is the cause',
    async ({ mapSettled, Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const heard = [];
      const settled = await mapSettled(
        ['reason', 'other', 'value', 'nothing'],
        async (how) => {
          const { signal } = context;
          if (how === 'nothing') return signal.aborted;
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          // The task is still the task where it is told.
          context.emit([context.index, signal.reason.name, signal.reason.code, signal.reason.index, context.aborted]);
          if (how === 'reason') signal.throwIfAborted();
          if (how === 'other') throw new RangeError('cleaning up failed');
          return 'late';
        },
        { pool, timeoutMs: 100, graceMs: 60_000, onMessage: (m) => heard.push(m) },
      );
      assert.deepEqual(outcomes(settled), ['TaskTimeoutError', 'TaskTimeoutError', 'TaskTimeoutError', false]);
      assert.deepEqual(
        settled.map(({ reason }) => reason?.cause?.message),
        [undefined, 'cleaning up failed', undefined, undefined],
      );
      assert.ok(settled[1].reason.cause instanceof RangeError);
      assert.deepEqual(
        heard,
        [0, 1, 2].map((index) => [index, 'TaskTimeoutError', 'TASK_TIMEOUT', index, true]),
      );
      await pool.close();
    },
  ],
  [
    'a task that waits for ever is given up after the grace time, and the next ones run',
    async ({ mapSettled, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const settled = await mapSettled([1, 2, 3, 4], async (x) => (x === 2 ? forEver() : x), { pool, timeoutMs: 200, graceMs: 20 });
      assert.deepEqual(outcomes(settled), [1, 'TaskTimeoutError', 3, 4]);
      assert.deepEqual(await pool.map((x) => x, [5]), [5]);
      await pool.close();
    },
  ],
  [
    'the time of a task counts from its own start, not from that of its chunk',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const items = Array.from({ length: 12 }, (_, x) => x);
      const slow = async (x) => {
        await wait(100);
        return x;
      };
      assert.deepEqual(await map(items, slow, { pool, timeoutMs: 1000, chunkSize: 12 }), items);
      await pool.close();
    },
  ],
  [
    'the start of a worker and its setup take no time from its tasks',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, setup: () => block(500), ...o });
      assert.deepEqual(await map([1, 2], async (x) => x, { pool, timeoutMs: 250 }), [1, 2]);
      await pool.close();
    },
  ],
  [
    'map rejects with the TaskTimeoutError at once, and the pool works on',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const error = await rejects(map([1, 2, 3], async (x) => (x === 2 ? forEver() : x), { pool, timeoutMs: 100, graceMs: 20 }));
      assert.deepEqual([error.name, error.index], ['TaskTimeoutError', 1]);
      assert.deepEqual(await map([1, 2], (x) => x * 3, { pool }), [3, 6]);
      await pool.close();
    },
  ],
  [
    'a timed-out task gets its retries, and each try its full time',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const fn = async (x) => (x === 2 && context.attempt < 3 ? forEver() : [x, context.attempt]);
      assert.deepEqual(await map([1, 2, 3], fn, { pool, timeoutMs: 150, graceMs: 20, retries: 2 }), [
        [1, 1],
        [2, 3],
        [3, 1],
      ]);
      await pool.close();
    },
  ],
  [
    'streams, Parallel and reductions know the limit',
    async ({ mapStream, mapReduce, Parallel, delayed, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const limits = { pool, timeoutMs: 100, graceMs: 20 };
      const fn = async (x) => (x === 3 ? forEver() : x);
      const got = [];
      const error = await rejects(
        (async () => {
          for await (const x of mapStream([1, 2, 3, 4], fn, limits)) got.push(x);
        })(),
      );
      assert.deepEqual([got, error.name, error.index], [[1, 2], 'TaskTimeoutError', 2]);
      const parallel = await rejects(Parallel(limits)([1, 3].map((x) => delayed(fn)(x))));
      assert.deepEqual([parallel.name, parallel.index], ['TaskTimeoutError', 1]);
      const reduced = await rejects(mapReduce([1, 2, 3, 4], fn, (a, b) => a + b, limits));
      assert.deepEqual([reduced.name, reduced.index, reduced.timeoutMs], ['TaskTimeoutError', 2, 100]);
      await pool.close();
    },
  ],
  [
    'what ran beside a task that had to be killed is lost, and is told why',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      let isUp;
      const up = new Promise((resolve) => {
        isUp = resolve;
      });
      const waits = async () => {
        context.emit('up');
        await forEver();
      };
      const innocent = rejects(map(['a'], waits, { pool, concurrency: 2, onMessage: isUp }));
      await up;
      const spin = async () => {
        for (;;);
      };
      const guilty = await rejects(map(['b'], spin, { pool, concurrency: 2, timeoutMs: 100, graceMs: 20 }));
      assert.equal(guilty.name, 'TaskTimeoutError');
      const lost = await innocent;
      assert.deepEqual([lost.code, lost.index, lost.preview], ['WORKER_LOST', 0, "'a'"]);
      assert.match(lost.message, /items\[0\] \('a'\) was lost: .*items\[0\] beside it ran longer than 100 ms and did not stop/);
      await pool.close();
    },
    { inline: 'what runs on the host cannot be killed' },
  ],
  [
    'a limit that is none is refused, and names from elsewhere are understood',
    async ({ map }, o) => {
      for (const timeoutMs of [0, -1, '5', Number.NaN]) {
        const error = await rejects(map([1], (x) => x, { ...o, timeoutMs }));
        assert.match(error.message, /"timeoutMs" is .*must be a number of milliseconds above 0/);
      }
      assert.match((await rejects(map([1], (x) => x, { ...o, timeout: 5 }))).message, /it is called "timeoutMs" here .*milliseconds/);
      assert.match((await rejects(map([1], (x) => x, { ...o, graceMs: -1 }))).message, /must be a number of milliseconds from 0/);
      assert.deepEqual(await map([1], (x) => x, { ...o, timeoutMs: Infinity, graceMs: Infinity }), [1]);
    },
  ],
  [
    'a limit of months does not fire at once',
    async ({ map }, o) => {
      const slow = async (x) => {
        await wait(30);
        return x;
      };
      assert.deepEqual(await map([1], slow, { ...o, timeoutMs: 2 ** 40 }), [1]);
    },
  ],
];
