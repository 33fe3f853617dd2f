// Parallel and delayed: what may be called, how calls are read, how results come.
import assert from 'node:assert/strict';
import { newNotes, note, untilNoted } from './notes.native.mjs';

const k = 3;
const triple = (x) => x * k;
const join = (...args) => args.join('-');
const collect = async (results) => {
  const all = [];
  for await (const y of results) all.push(y);
  return all;
};

class Point {
  constructor(x) {
    this.x = x;
  }
}
class Dot extends Point {}
const isPoint = (p) => p instanceof Point && !(p instanceof Dot);
const isDot = (p) => p instanceof Dot && p instanceof Point;
const moved = (p, by) => new Point(p.x + by);

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'Parallel makes delayed calls and gives their results in order',
    async ({ Parallel, delayed, range }, o) => {
      const roots = await Parallel(o)(range(50).map((i) => delayed(Math.sqrt)(i ** 2)));
      assert.deepEqual(roots, [...range(50)]);
      assert.deepEqual(await Parallel(o)([]), []);
      assert.deepEqual(await Parallel(o)(new Set([delayed(triple)(2)])), [6]);
      assert.deepEqual(await Parallel(o)([delayed(() => undefined)(), delayed(join)(), delayed(join)(1, [2], 3)]), [
        undefined,
        '',
        '1-2-3',
      ]);
    },
  ],
  [
    'one Parallel call makes calls of several functions, sync and async, in chunks together',
    async ({ Parallel, delayed, range }, o) => {
      const later = async (x) => {
        await null;
        return -x;
      };
      const [a, b, c] = await Parallel({ ...o, batchSize: 3 })([delayed(triple)(1), delayed(join)('a', 'b'), delayed(later)(5)]);
      assert.deepEqual([a, b, c], [3, 'a-b', -5]);
      const fns = [triple, later, (x) => `${x}`, Math.abs];
      const all = await Parallel({ ...o, batchSize: 7 })(range(100).map((i) => delayed(fns[i % 4])(i)));
      assert.deepEqual(
        all,
        Array.from({ length: 100 }, (_, i) => [i * 3, -i, `${i}`, i][i % 4]),
      );
    },
  ],
  [
    'Parallel reads a generator no further ahead than preDispatch says',
    async ({ Parallel, delayed }, o) => {
      let read = 0;
      let taken = 0;
      let ahead = 0;
      let closed = false;
      function* calls() {
        try {
          for (let i = 0; i < 1000; i++) {
            read++;
            ahead = Math.max(ahead, read - taken);
            yield delayed(triple)(i);
          }
        } finally {
          closed = true;
        }
      }
      for await (const y of Parallel({ ...o, nJobs: 2, returnAs: 'generator', preDispatch: '2 * nJobs', batchSize: 1 })(calls())) {
        assert.equal(y, taken * 3);
        if (++taken === 20) break;
      }
      // One is on its way to the reader, who has not counted it yet.
      assert.ok(ahead <= 4 + 1, `${ahead} read ahead`);
      assert.ok(read <= 26, `${read} read`);
      assert.equal(closed, true);
    },
  ],
  [
    'Parallel takes async generators and promises of delayed calls',
    async ({ Parallel, delayed }, o) => {
      async function* calls() {
        for (let i = 0; i < 20; i++) {
          if (i % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
          yield delayed(i % 2 ? triple : join)(i);
        }
      }
      const wanted = Array.from({ length: 20 }, (_, i) => (i % 2 ? i * 3 : `${i}`));
      assert.deepEqual(await Parallel(o)(calls()), wanted);
      assert.deepEqual(await collect(Parallel({ ...o, returnAs: 'generator' })(calls())), wanted);
      assert.deepEqual(await Parallel(o)([Promise.resolve(delayed(triple)(1)), delayed(triple)(2)]), [3, 6]);
      function* promised() {
        yield Promise.resolve(delayed(triple)(1));
        yield delayed(join)('x');
      }
      assert.deepEqual(await Parallel(o)(promised()), [3, 'x']);
    },
  ],
  [
    'an arrow made anew for each call, and closures over values of their own, each see their own',
    async ({ Parallel, delayed, range }, o) => {
      assert.deepEqual(await Parallel(o)(range(30).map((i) => delayed((x) => x + 1)(i))), [...range(1, 31)]);
      assert.deepEqual(
        await Parallel({ ...o, batchSize: 4 })(range(30).map((i) => delayed((x) => x + i)(i))),
        range(30).map((i) => 2 * i),
      );
      // Text alone does not make functions equal.
      const made = [1, -0, 0, 10n, Number.NaN, undefined, null, 'a', ['a'], { a: 1 }].map((v) => () => v);
      const results = await Parallel(o)(made.map((f) => delayed(f)()));
      assert.deepEqual(
        results,
        made.map((f) => f()),
      );
      assert.ok(Object.is(results[1], -0) && Object.is(results[2], 0));
    },
  ],
  [
    'functions that look alike and differ in properties or captured functions stay apart',
    async ({ Parallel, delayed }, o) => {
      const make = (inner) => () => inner();
      const tagged = (tag) =>
        Object.assign(
          function self() {
            return self.tag;
          },
          { tag },
        );
      const calls = [make(() => 1), make(() => 2), make(Math.random.bind(null)), tagged('a'), tagged('b')].map((f) => delayed(f)());
      const [one, two, random, a, b] = await Parallel({ ...o, batchSize: 5 })(calls);
      assert.deepEqual([one, two, typeof random, a, b], [1, 2, 'number', 'a', 'b']);
    },
  ],
  [
    'instances keep their class for each function of a mixed chunk, among arguments and results',
    async ({ Parallel, delayed }, o) => {
      const p = new Point(1);
      const calls = [
        delayed(isPoint)(p),
        delayed(isDot)(new Dot(2)),
        delayed(moved)(p, 4),
        delayed(join)(1),
        delayed(isDot)(p),
        delayed(isPoint)(p),
      ];
      const [first, second, third, ...rest] = await Parallel({ ...o, nJobs: 2, batchSize: 6 })(calls);
      assert.deepEqual([first, second, ...rest], [true, true, '1', false, true]);
      assert.ok(third instanceof Point);
      assert.equal(third.x, 5);
    },
  ],
  [
    'returnAs gives an array, results in order, or results as they finish',
    async ({ Parallel, delayed, range }, o) => {
      const calls = () => range(30).map((i) => delayed(triple)(i));
      const wanted = range(30).map((i) => i * 3);
      assert.deepEqual(await Parallel({ ...o, returnAs: 'array' })(calls()), wanted);
      assert.deepEqual(await collect(Parallel({ ...o, returnAs: 'generator' })(calls())), wanted);
      const unordered = await collect(Parallel({ ...o, returnAs: 'generatorUnordered' })(calls()));
      assert.deepEqual(
        unordered.sort((a, b) => a - b),
        wanted,
      );
    },
  ],
  [
    'as results finish, a quick call overtakes a slow one',
    async ({ Parallel, delayed }, o) => {
      const flag = newNotes();
      const slow = (path) => {
        untilNoted(path);
        return 'slow';
      };
      const quick = () => 'quick';
      const calls = [delayed(slow)(flag), delayed(quick)()];
      const results = Parallel({ ...o, nJobs: 2, batchSize: 1, returnAs: 'generatorUnordered' })(calls);
      assert.equal((await results.next()).value, 'quick');
      note(flag);
      assert.equal((await results.next()).value, 'slow');
      assert.equal((await results.next()).done, true);
    },
    { inline: 'one task after the other' },
  ],
  [
    'preDispatch and batchSize take the forms they document and refuse others',
    async ({ Parallel, delayed, range }, o) => {
      const forms = [
        { preDispatch: 'all' },
        { preDispatch: 3 },
        { preDispatch: '3*n_jobs' },
        { preDispatch: 'nJobs' },
        { preDispatch: ' 2 * nJobs ' },
      ];
      for (const form of [...forms, { batchSize: 'auto' }, { batchSize: 7, preDispatch: 2 }, { batchSize: 1000 }]) {
        function* calls() {
          for (let i = 0; i < 25; i++) yield delayed(triple)(i);
        }
        const results = await Parallel({ ...o, nJobs: 2, ...form })(calls());
        assert.deepEqual(
          results,
          range(25).map((i) => i * 3),
          JSON.stringify(form),
        );
      }
      for (const preDispatch of [0, -1, 1.5, 'many', '0 * nJobs', '1.5*nJobs', '', null, '10']) {
        assert.throws(() => Parallel({ preDispatch }), { code: 'BAD_OPTION', message: /"preDispatch" is .*; it must be/ });
      }
      for (const batchSize of [0, -1, 1.5, 'big', null]) assert.throws(() => Parallel({ batchSize }), { code: 'BAD_OPTION' });
    },
  ],
];
