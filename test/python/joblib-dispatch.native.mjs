// joblib.Parallel: when calls are read, sent and given back. The names start with the ids of README.md.
import assert from 'node:assert/strict';
import { newNotes, note, untilNoted, whenNoted } from '../doors/notes.native.mjs';
import { rejects } from '../doors/rejects.native.mjs';

const square = (x) => x * x;
const numbers = (n) => Array.from({ length: n }, (_, i) => i);
const squares = (n) => numbers(n).map((x) => x * x);

async function drained(stream) {
  const values = [];
  for await (const value of stream) values.push(value);
  return values;
}

const byItself = 'nJobs 1 is in line by itself';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'B54 nJobs 1 strictly alternates producing and consuming, batch by batch',
    async ({ Parallel, delayed }) => {
      const run = async (options) => {
        const events = [];
        const consume = (i) => events.push(`C${i}`);
        function* produce() {
          for (let i = 0; i < 6; i++) {
            events.push(`P${i}`);
            yield delayed(consume)(i);
          }
        }
        await Parallel({ nJobs: 1, ...options })(produce());
        return events.join(' ');
      };
      const oneByOne = 'P0 C0 P1 C1 P2 C2 P3 C3 P4 C4 P5 C5';
      assert.equal(await run({}), oneByOne);
      assert.equal(await run({ batchSize: 1 }), oneByOne);
      assert.equal(await run({ batchSize: 4 }), 'P0 P1 P2 P3 C0 C1 C2 C3 P4 P5 C4 C5');
    },
    { threads: byItself, processes: byItself },
  ],
  [
    'B57 generatorUnordered: nine quick results come before the slow one',
    async ({ Parallel, delayed }, o) => {
      const gate = newNotes();
      const task = (i) => {
        if (i === 0) untilNoted(gate);
        // Work of a millisecond: less is not worth a message to the idle worker, which would take it from behind the slow one.
        for (const until = performance.now() + 1; performance.now() < until; );
        return i;
      };
      const results = Parallel({ nJobs: 2, returnAs: 'generatorUnordered', ...o })(numbers(10).map((i) => delayed(task)(i)));
      const seen = [];
      for await (const i of results) {
        seen.push(i);
        if (seen.length < 9) continue;
        note(gate);
      }
      assert.equal(seen.at(-1), 0);
      assert.deepEqual(
        seen.sort((a, b) => a - b),
        numbers(10),
      );
    },
    { inline: 'it runs one task after the other' },
  ],
  [
    'B58 a generator starts work at the call, not at the first next()',
    async ({ Parallel, delayed }, o) => {
      for (const returnAs of ['generator', 'generatorUnordered']) {
        const started = newNotes();
        const task = (path, i) => {
          note(path);
          return i;
        };
        const results = Parallel({ nJobs: 2, returnAs, ...o })(numbers(5).map((i) => delayed(task)(started, i)));
        await whenNoted(started);
        assert.deepEqual((await drained(results)).sort(), numbers(5));
      }
    },
  ],
  [
    'B59 two calls at once on one object both give their results (joblib refuses the second)',
    async ({ Parallel, delayed }, o) => {
      const lists = Parallel({ nJobs: 2, ...o });
      const calls = (n) => numbers(n).map((x) => delayed(square)(x));
      assert.deepEqual(await Promise.all([lists(calls(30)), lists(calls(20)), lists([])]), [squares(30), squares(20), []]);
      const generators = Parallel({ nJobs: 2, returnAs: 'generator', ...o });
      assert.deepEqual(await Promise.all([drained(generators(calls(30))), drained(generators(calls(20)))]), [squares(30), squares(20)]);
    },
  ],
  [
    'B61 two generators of two objects do not disturb each other',
    async ({ Parallel, delayed }, o) => {
      const calls = () => numbers(10).map((x) => delayed(square)(x));
      const [one, other] = [1, 2].map(() => Parallel({ nJobs: 2, returnAs: 'generator', ...o })(calls()));
      const seen = [];
      for (let i = 0; i < 5; i++) seen.push((await one.next()).value, (await other.next()).value);
      assert.deepEqual(
        seen,
        squares(5).flatMap((y) => [y, y]),
      );
      // One is left half-way, the other goes on.
      await one.return();
      assert.deepEqual(await drained(other), squares(10).slice(5));
    },
  ],
  [
    'B64 eleven combinations of tasks, jobs, preDispatch and batchSize are exact',
    async ({ Parallel, delayed }, o) => {
      for (const [tasks, nJobs, preDispatch, batchSize] of [
        [0, 2, 'all', 'auto'],
        [0, 2, 'nJobs', 'auto'],
        [10, 2, 'nJobs', 'auto'],
        [517, 2, 'nJobs', 'auto'],
        [10, 2, 3, 'auto'],
        [10, 4, 'nJobs', 'auto'],
        [200, 12, 'nJobs', 'auto'],
        [25, 12, '2 * nJobs', 1],
        [250, 12, 'all', 1],
        [250, 12, '2 * nJobs', 7],
        [200, 12, '2 * nJobs', 'auto'],
      ]) {
        const calls = (function* () {
          for (let x = 0; x < tasks; x++) yield delayed(square)(x);
        })();
        const results = await Parallel({ nJobs, preDispatch, batchSize, ...o })(calls);
        assert.deepEqual(results, squares(tasks), `${tasks} tasks, ${nJobs} jobs, ${preDispatch}, ${batchSize}`);
      }
    },
  ],
  [
    'preDispatch bounds how far the calls are read ahead of what has ended',
    async ({ Parallel, delayed }, o) => {
      for (const [preDispatch, bound] of [
        [3, 3],
        ['2 * nJobs', 4],
      ]) {
        let taken = 0;
        let furthest = 0;
        function* calls() {
          for (let read = 1; read <= 40; read++) {
            furthest = Math.max(furthest, read - taken);
            yield delayed(square)(read);
          }
        }
        for await (const _ of Parallel({ nJobs: 2, preDispatch, batchSize: 1, returnAs: 'generator', ...o })(calls())) taken++;
        assert.equal(taken, 40);
        // A result counts as taken when it is handed over, one before the loop's body counts it.
        assert.ok(furthest <= bound + 1, `${furthest} ahead with preDispatch ${preDispatch}`);
      }
    },
  ],
  [
    'B65 batchSize of 0, -1 and 1.42 is refused by name; "auto" follows durations (in joblib it stays 1 for threads)',
    async ({ Parallel, delayed }, o) => {
      for (const batchSize of [0, -1, 1.42, 'large'])
        assert.throws(() => Parallel({ batchSize, ...o }), { name: 'UsageError', message: /"batchSize" is / });
      for (const preDispatch of [0, -1, '2 * cores', 'nJobs; process.exit()'])
        assert.throws(() => Parallel({ preDispatch, ...o }), { name: 'UsageError', message: /"preDispatch" is / });
      assert.throws(() => Parallel({ returnAs: 'list', ...o }), { name: 'UsageError', message: /"returnAs" is "list".*'array'/ });
      const calls = numbers(1000).map((x) => delayed(square)(x));
      assert.deepEqual(await Parallel({ nJobs: 2, batchSize: 'auto', ...o })(calls), squares(1000));
    },
  ],
  [
    'what is no delayed call is refused, with how to write one',
    async ({ Parallel, delayed }, o) => {
      const parallel = Parallel({ nJobs: 2, ...o });
      for (const wrong of [[square(2)], [square], [delayed(square)]]) {
        const error = await rejects(parallel(wrong));
        assert.equal(error.name, 'UsageError');
        assert.match(error.message, /delayed\(/);
      }
    },
  ],
];
