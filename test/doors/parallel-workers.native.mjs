// Parallel: how many workers, whose, what goes wrong, and what becomes of it all.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { rejects } from './rejects.native.mjs';

const double = (x) => x * 2;
const where = () => `${process.getBuiltinModule('node:worker_threads').isMainThread}`;

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'nJobs counts as in Joblib, and 1 runs on the calling thread',
    async ({ Parallel, delayed, context }) => {
      const id = () => context.workerId;
      for (const nJobs of [-1, -2, 2, 2.9, -1000]) {
        const [worker] = await Parallel({ nJobs })([delayed(id)()]);
        assert.match(worker, nJobs === -1000 || nJobs === -2 ? /^(inline|t\d+)$/ : /^t\d+$/, `${nJobs}`);
      }
      assert.deepEqual(await Parallel({ nJobs: 1 })([delayed(id)()]), ['inline']);
      assert.deepEqual(await Parallel({ nJobs: 1, backend: 'threads' })([delayed(id)()]), ['inline']);
      for (const nJobs of [0, 0.5, -0.5, Number.NaN, 1025, -1025, Number.POSITIVE_INFINITY, 'all', null, 2n]) {
        assert.throws(() => Parallel({ nJobs }), {
          code: 'BAD_OPTION',
          message: /Parallel: option "nJobs" is .*; it must be a whole number from 1/,
        });
      }
    },
  ],
  [
    'with nJobs 1 each call of a generator is read when the one before has run, as in a loop',
    async ({ Parallel, delayed }) => {
      const events = [];
      const act = async (i) => {
        await null;
        events.push(`run ${i}`);
      };
      function* calls() {
        for (let i = 0; i < 3; i++) {
          events.push(`read ${i}`);
          yield delayed(act)(i);
        }
      }
      await Parallel({ nJobs: 1 })(calls());
      assert.deepEqual(events, ['read 0', 'run 0', 'read 1', 'run 1', 'read 2', 'run 2']);
    },
  ],
  [
    'the first failure rejects with its own error, and whereFailed names the call',
    async ({ Parallel, delayed, whereFailed }, o) => {
      class Boom extends Error {
        code = 'BOOM';
      }
      const fails = (a) => {
        throw new Boom(`no ${a}`);
      };
      const error = await rejects(Parallel({ ...o, batchSize: 2 })([delayed(double)(1), delayed(fails)('b', 7), delayed(double)(2)]));
      assert.ok(error instanceof Boom);
      assert.deepEqual([error.message, error.code], ['no b', 'BOOM']);
      const place = whereFailed(error);
      assert.deepEqual([place.index, place.preview, place.attempt], [1, "[ 'b', 7 ]", 1]);
    },
  ],
  [
    'a stream of Parallel gives results up to the failure, then its error, then its end',
    async ({ Parallel, delayed }, o) => {
      const fails = () => {
        throw new RangeError('third');
      };
      const results = Parallel({ ...o, nJobs: 2, batchSize: 1, returnAs: 'generator' })([
        delayed(double)(1),
        delayed(double)(2),
        delayed(fails)(),
      ]);
      assert.equal((await results.next()).value, 2);
      assert.equal((await results.next()).value, 4);
      assert.equal((await rejects(results.next())).message, 'third');
      assert.equal((await results.next()).done, true);
    },
  ],
  [
    'what is no list of delayed calls is refused with the right way to write it',
    async ({ Parallel, delayed, range }, o) => {
      const refused = async (calls, pattern) => {
        const error = await rejects(Parallel(o)(calls));
        assert.deepEqual([error.name, error.code], ['UsageError', 'BAD_ARGUMENT']);
        assert.match(error.message, pattern);
      };
      await refused([double(1)], /Parallel: calls\[0\] is 2; each must be delayed\(fn\)\(\.\.\.arguments\), as in/);
      await refused([delayed(double)], /calls\[0\] is a function.*delayed\(fn\) must be called, too/);
      await refused([delayed(double)(1), double], /calls\[1\] is a function/);
      await refused(delayed(double)(1), /Parallel: the calls are one delayed call; they must be a list/);
      await refused(range(3), /calls\[0\] is 0/);
      await refused(Float64Array.of(1, 2), /calls\[0\] is 1/);
      await refused(new Set([null]), /calls\[0\] is null/);
      await refused(undefined, /Parallel: the items are undefined/);
      await refused(double, /Parallel: the items are a function/);
      await refused(Promise.resolve([]), /Await it first/);
      assert.throws(() => delayed(double(1)), { code: 'BAD_ARGUMENT', message: /delayed: the function is 2; it must be a function/ });
      assert.throws(() => delayed(delayed(double)(1)), { code: 'BAD_ARGUMENT', message: /it has been delayed already/ });
    },
  ],
  [
    'a call that is none ends also an asynchronous input, and what was read before has run',
    async ({ Parallel, delayed }, o) => {
      for (const wrong of [5, double]) {
        let close;
        const closed = new Promise((resolve) => {
          close = resolve;
        });
        async function* calls() {
          try {
            yield delayed(double)(1);
            yield delayed(double)(2);
            yield wrong;
            for (;;) yield delayed(double)(3);
          } finally {
            close('closed');
          }
        }
        const seen = [];
        const error = await rejects(
          (async () => {
            for await (const y of Parallel({ ...o, returnAs: 'generator', preDispatch: 10 })(calls())) seen.push(y);
          })(),
        );
        assert.match(error.message, /\[2\] is/);
        assert.deepEqual(seen, [2, 4]);
        assert.equal(await closed, 'closed');
      }
    },
  ],
  [
    'a list with a call that cannot be made is refused before any of its calls is made',
    async ({ Parallel, delayed }, o) => {
      const mark = join(tmpdir(), `allcores-refused-${process.pid}-${o.backend}`);
      const pending = Promise.resolve();
      const touch = (path) => process.getBuiltinModule('node:fs').writeFileSync(path, '');
      // Workers are up and warm.
      await Parallel({ ...o, nJobs: 2 })([delayed(double)(1), delayed(double)(2)]);
      for (let round = 0; round < 30; round++) {
        const many = Array.from({ length: 40 }, () => delayed(touch)(mark));
        const last = round % 2 ? delayed(() => pending)() : 5;
        const error = await rejects(Parallel({ ...o, nJobs: 2, batchSize: 1 })([...many, last]));
        assert.match(error.name, /NotShippableError|UsageError/);
      }
      // A call after it: whatever was sent has run by now.
      await Parallel({ ...o, nJobs: 2 })([delayed(double)(1), delayed(double)(2)]);
      const ran = existsSync(mark);
      rmSync(mark, { force: true });
      assert.equal(ran, false);
    },
  ],
  [
    'a pool of the caller is used, stays open, and does not go with nJobs or backend',
    async ({ Parallel, Pool, delayed, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const parallel = Parallel({ pool });
      assert.deepEqual(await parallel([delayed(double)(1)]), [2]);
      await parallel[Symbol.asyncDispose]();
      assert.deepEqual(await parallel([delayed((x) => x + context.index)(1)]), [1]);
      for (const more of [{ nJobs: 2 }, { backend: 'threads' }]) {
        const error = await rejects(Promise.resolve(Parallel({ pool, ...more })([])).then(() => 0));
        assert.match(error.message, /Parallel: option "(nJobs|backend)" does not go with "pool"/);
      }
      await pool.close();
      assert.equal((await rejects(parallel([delayed(double)(1)]))).code, 'POOL_CLOSED');
    },
  ],
  [
    'one Parallel object makes two calls at once, each with results of its own',
    async ({ Parallel, delayed, range }, o) => {
      const parallel = Parallel({ ...o, nJobs: 2 });
      const [a, b] = await Promise.all([
        parallel(range(200).map((i) => delayed(double)(i))),
        parallel(range(200).map((i) => delayed((x) => -x)(i))),
      ]);
      assert.deepEqual([a[199], b[199], a.length, b.length], [398, -199, 200, 200]);
    },
  ],
  [
    'disposing a Parallel cancels streams that nobody reads and leaves those that are awaited',
    async ({ Parallel, delayed }, o) => {
      let closed = 0;
      function* endless() {
        try {
          for (let i = 0; ; i++) yield delayed(double)(i);
        } finally {
          closed++;
        }
      }
      const parallel = Parallel({ ...o, nJobs: 2, returnAs: 'generator', preDispatch: 10 });
      const left = parallel(endless());
      await left.next();
      await parallel[Symbol.asyncDispose]();
      assert.equal(closed, 1);
      // An early end would look like the last result.
      await assert.rejects(left.next(), { code: 'POOL_CLOSED' });
      assert.equal((await left.next()).done, true);
      const again = parallel([delayed(double)(4)]);
      assert.deepEqual(await again.next(), { done: false, value: 8 });
      assert.equal((await again.next()).done, true);
    },
  ],
  [
    'a Parallel object used again and again does not keep the streams it gave',
    async ({ Parallel, delayed }, o) => {
      const gc = collector();
      const parallel = Parallel({ ...o, nJobs: 2, returnAs: 'generator' });
      const given = [];
      for (let i = 0; i < 30; i++) {
        const results = parallel([delayed(double)(i)]);
        for await (const y of results) assert.equal(y, i * 2);
        given.push(new WeakRef(results));
      }
      await settled(gc);
      assert.ok(alive(given) <= 3, `${alive(given)} of 30 are kept`);
    },
  ],
  [
    'thousands of closures from a generator are forgotten as they go, on the host and in the workers',
    async ({ Parallel, delayed }, o) => {
      const gc = collector();
      const made = [];
      const count = 1500;
      let most = 0;
      function* calls() {
        for (let i = 0; i < count; i++) {
          const own = { bytes: new Array(200).fill(i) };
          const fn = () => {
            globalThis.seen ??= [];
            globalThis.seen.push(new WeakRef(own));
            return own.bytes[0];
          };
          made.push(new WeakRef(fn));
          yield delayed(fn)();
        }
      }
      let taken = 0;
      for await (const y of Parallel({ ...o, nJobs: 2, returnAs: 'generator', preDispatch: 20 })(calls())) {
        assert.equal(y, taken);
        if (++taken % 500 === 0) {
          await settled(gc);
          most = Math.max(most, alive(made));
        }
      }
      // Those that are kept for the next call, those read ahead, and what is on its way.
      assert.ok(most <= 64 + 20 + 60, `${most} of the closures are alive on the host`);
      if (o.backend === 'inline') return;
      const inWorker = () => {
        process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
        process.getBuiltinModule('node:vm').runInNewContext('gc')();
        return (globalThis.seen ?? []).filter((ref) => ref.deref()).length;
      };
      // In a turn of its own: what a WeakRef was made of lives to the end of the job it was made in.
      const left = await Parallel({ nJobs: 2, batchSize: 1 })([delayed(inWorker)(), delayed(inWorker)()]);
      assert.ok(Math.max(...left) <= 64 + 20 + 60, `${left} are alive in the workers`);
    },
    { slow: true },
  ],
  [
    'a signal ends a Parallel call with its own reason, and closes its generator',
    async ({ Parallel, delayed }, o) => {
      let closed = false;
      function* endless() {
        try {
          for (let i = 0; ; i++) yield delayed(double)(i);
        } finally {
          closed = true;
        }
      }
      const controller = new AbortController();
      const running = Parallel({ ...o, nJobs: 2, signal: controller.signal, preDispatch: 100 })(endless());
      setImmediate(() => controller.abort(new Error('enough')));
      assert.equal((await rejects(running)).message, 'enough');
      assert.equal(closed, true);
      assert.equal((await rejects(Parallel({ ...o, signal: controller.signal })([delayed(where)()]))).message, 'enough');
    },
  ],
];

function collector() {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

/** WeakRefs are cleared between turns only. */
async function settled(gc) {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

const alive = (refs) => refs.filter((ref) => ref.deref()).length;
