// joblib.Parallel: answers, options, errors, life. The names start with the ids of README.md.
import assert from 'node:assert/strict';
import { meet, newNotes } from '../doors/notes.native.mjs';
import { rejects } from '../doors/rejects.native.mjs';

const square = (x) => x * x;
const power = (x, y) => x ** y;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const squares = (n) => numbers(n).map((x) => x * x);
const TEN_MINUTES = 600_000;

/** Which thread of which process this is. */
const whereAmI = () => `${process.pid} ${process.getBuiltinModule('node:worker_threads').threadId}`;
/** Waits until `count` tasks are here at the same time; says where it was. */
const meetHere = (here, count) => {
  meet(here, count);
  return whereAmI();
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B48 the same answers for nJobs 1, 2, -1 and -2, and for every kind of input',
    async ({ Parallel, delayed }, o) => {
      const inputs = [
        () => numbers(20).map((x) => delayed(square)(x)),
        function* () {
          for (let x = 0; x < 20; x++) yield delayed(square)(x);
        },
        async function* () {
          for (let x = 0; x < 20; x++) yield delayed(square)(x);
        },
        () => new Set(numbers(20).map((x) => delayed(square)(x))),
      ];
      for (const nJobs of [undefined, 1, 2, -1, -2])
        for (const input of inputs) assert.deepEqual(await Parallel({ nJobs, ...o })(input()), squares(20), `nJobs ${nJobs}`);
    },
  ],
  [
    'B48 each call has its own function and its own arguments',
    async ({ Parallel, delayed }, o) => {
      const calls = [delayed(square)(5), delayed(power)(2, 10), delayed(async () => 'later')(), delayed((...args) => args.length)(1, 2, 3)];
      for (const nJobs of [1, 2]) assert.deepEqual(await Parallel({ nJobs, ...o })(calls), [25, 1024, 'later', 3]);
    },
  ],
  [
    'B49 nJobs of 0, 0.5, "2.3" and NaN is refused by name',
    async ({ Parallel }, o) => {
      for (const nJobs of [0, 0.5, '2.3', Number.NaN, 'many', null])
        assert.throws(
          () => Parallel({ nJobs, ...o }),
          { name: 'UsageError', code: 'BAD_OPTION', message: /"nJobs" is / },
          `nJobs ${nJobs}`,
        );
    },
  ],
  [
    'B49 nJobs of "2" and 2.3 counts as 2: two tasks at the same time, on two workers',
    async ({ Parallel, delayed }, o) => {
      for (const nJobs of ['2', 2.3]) {
        const parallel = Parallel({ nJobs, batchSize: 1, ...o });
        const ids = new Set();
        for (const _ of [1, 2, 3]) {
          const here = newNotes();
          for (const id of await parallel([delayed(meetHere)(here, 2), delayed(meetHere)(here, 2)])) ids.add(id);
        }
        assert.equal(ids.size, 2);
      }
    },
    { inline: 'the host is its only worker' },
  ],
  [
    'B50 in a scope the same workers serve every call, and the object is usable after it',
    async ({ Parallel, delayed }, o) => {
      const parallel = Parallel({ nJobs: 2, batchSize: 1, ...o });
      const idsOfOneCall = async () => {
        const here = newNotes();
        return new Set(
          await parallel(o.backend === 'inline' ? [delayed(() => whereAmI())()] : [delayed(meetHere)(here, 2), delayed(meetHere)(here, 2)]),
        );
      };
      const first = await idsOfOneCall();
      assert.deepEqual(await idsOfOneCall(), first);
      await parallel[Symbol.asyncDispose]();
      assert.deepEqual(await parallel([delayed(square)(3)]), [9]);
      await parallel[Symbol.asyncDispose]();
    },
  ],
  [
    'B51 an error of a task has its own class, and the next call is right',
    async ({ Parallel, delayed }, o) => {
      const parallel = Parallel({ nJobs: 2, ...o });
      const divide = (a, b) => {
        if (b === 0) throw new RangeError('division by zero');
        return a / b;
      };
      for (const _ of [1, 2]) {
        const error = await rejects(parallel([1, 0, 2].map((b) => delayed(divide)(4, b))));
        assert.deepEqual([error.constructor, error.message], [RangeError, 'division by zero']);
        assert.deepEqual(await parallel([1, 2].map((b) => delayed(divide)(4, b))), [4, 2]);
      }
      await parallel[Symbol.asyncDispose]();
    },
  ],
  [
    'B52 what is no Error but stops a task reaches the caller as it is, and the next call is right',
    async ({ Parallel, delayed }, o) => {
      const parallel = Parallel({ nJobs: 2, ...o });
      const stop = (how) => {
        if (how === 'abort') throw new DOMException('enough', 'AbortError');
        throw { signal: how };
      };
      const aborted = await rejects(parallel([delayed(stop)('abort')]));
      assert.deepEqual([aborted instanceof DOMException, aborted.name, aborted.message], [true, 'AbortError', 'enough']);
      assert.deepEqual(await rejects(parallel([delayed(square)(1), delayed(stop)('SIGINT')])), { signal: 'SIGINT' });
      assert.deepEqual(await parallel([delayed(square)(3)]), [9]);
      await parallel[Symbol.asyncDispose]();
    },
  ],
  [
    'B53 an error of the generator of calls, at 0, 5 and 19, reaches the caller each time',
    async ({ Parallel, delayed }, o) => {
      const broken = new Error('generator');
      function* failingAt(at) {
        for (let i = 0; i < 20; i++) {
          if (i === at) throw broken;
          yield delayed(square)(i);
        }
      }
      for (const nJobs of [1, 2]) {
        const parallel = Parallel({ nJobs, ...o });
        for (const at of [0, 5, 19]) {
          assert.equal(await rejects(parallel(failingAt(at))), broken);
          assert.deepEqual(await parallel(failingAt(20)), squares(20));
        }
      }
    },
  ],
  [
    'B56 the first task fails with 100 long ones behind it: the error comes at once',
    async ({ Parallel, delayed, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const task = async (i) => {
        if (i === 0) throw new Error('at once');
        await new Promise((resolve) => setTimeout(resolve, TEN_MINUTES).unref());
      };
      const error = await rejects(Parallel({ pool })(numbers(101).map((i) => delayed(task)(i))));
      assert.equal(error.message, 'at once');
      await pool.terminate();
    },
  ],
  [
    'B63 an exhausted iterator gives an empty list',
    async ({ Parallel, delayed }, o) => {
      const calls = [delayed(square)(1)].values();
      const parallel = Parallel({ nJobs: 2, ...o });
      assert.deepEqual(await parallel(calls), [1]);
      assert.deepEqual(await parallel(calls), []);
      assert.deepEqual(await parallel([]), []);
    },
  ],
  [
    'B66 calls inside calls give the right answers, three levels deep',
    async ({ Parallel, delayed }, o) => {
      const level = async (depth) => {
        if (depth === 0) return 1;
        const counts = await Parallel({ nJobs: 2 })([0, 1].map(() => delayed(level)(depth - 1)));
        return counts[0] + counts[1];
      };
      assert.deepEqual(await Parallel({ nJobs: 2, ...o })([delayed(level)(3), delayed(level)(2)]), [8, 4]);
    },
  ],
  [
    'B66 an endless recursion of calls ends in an error',
    async ({ Parallel, delayed }, o) => {
      const bomb = async (depth) => (await Parallel({ nJobs: 2 })([delayed(bomb)(depth + 1)]))[0];
      const error = await rejects(Parallel({ nJobs: 2, ...o })([delayed(bomb)(0)]));
      assert.equal(error.name, 'UsageError');
      assert.match(error.message, /64/);
    },
  ],
  [
    'B70 an unknown backend is refused with a list of the known ones, and so are hints that contradict each other',
    async ({ Parallel, Pool }, o) => {
      for (const backend of ['loky', 'unknown'])
        assert.throws(() => Parallel({ backend }), {
          name: 'UsageError',
          message: new RegExp(`"backend" is "${backend}".*'threads', 'processes'.*'inline'`),
        });
      for (const option of ['prefer', 'require']) assert.throws(() => Parallel({ [option]: 'threads' }), { code: 'UNKNOWN_OPTION' });
      const pool = new Pool({ workers: 2, ...o });
      const call = async () => Parallel({ pool, nJobs: 3 })([]);
      assert.match((await rejects(call())).message, /"nJobs" does not go with "pool"|"workers" does not go with "pool"/);
      await pool.close();
    },
  ],
  [
    'parallelConfig sets what Parallel is not told, until its function has ended',
    async ({ Parallel, delayed, parallelConfig }) => {
      const here = whereAmI();
      const where = delayed(() => whereAmI());
      const there = await parallelConfig({ backend: 'inline' }, async () => {
        await null;
        return [...(await Parallel()([where()])), ...(await Parallel({ backend: 'threads', nJobs: 2 })([where()]))];
      });
      assert.deepEqual([there[0] === here, there[1] === here], [true, false]);
      assert.notEqual((await Parallel({ nJobs: 2 })([where()]))[0], here);
      const broken = new Error('inside');
      const failing = async () => {
        throw broken;
      };
      assert.equal(await rejects(parallelConfig({ backend: 'inline' }, failing)), broken);
      assert.notEqual((await Parallel({ nJobs: 2 })([where()]))[0], here);
    },
    { inline: 'it names the backends itself' },
  ],
];
