// context: which task this is, and what it says while it runs.
import assert from 'node:assert/strict';
import { nested, whereAmI } from './asks.native.mjs';
import { newNotes, note, whenNoted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a task knows its index, its attempt and its worker, also after awaits and from any door',
    async ({ map, mapSettled, mapStream, mapBatches, run, Parallel, Pool, delayed, mapReduce, range, context }, o) => {
      const self = async () => {
        const before = context.index;
        await null;
        return [before, context.index, context.attempt, /^([tp]\d+|inline)$/.test(context.workerId), context.isWorker];
      };
      const inWorker = o.backend !== 'inline';
      const wanted = (n) => Array.from({ length: n }, (_, i) => [i, i, 1, true, inWorker]);
      assert.deepEqual(await map(range(20), self, { ...o, chunkSize: 3 }), wanted(20));
      assert.deepEqual(
        (await mapSettled(range(3), self, o)).map((r) => r.value),
        wanted(3),
      );
      const streamed = [];
      for await (const y of mapStream(range(5), self, o)) streamed.push(y);
      assert.deepEqual(streamed, wanted(5));
      assert.deepEqual(await mapBatches(range(6), 2, self, o), wanted(3));
      assert.deepEqual(await run(self, [], o), wanted(1)[0]);
      assert.deepEqual(await Parallel(o)(range(9).map(() => delayed(self)())), wanted(9));
      const pool = new Pool({ workers: 2, ...o });
      assert.deepEqual(await pool.starmap(self, [[], []]), wanted(2));
      await pool.close();
      const right = async (x) => {
        await null;
        return context.index === x ? 1 : 0;
      };
      assert.equal(await mapReduce(range(3000), right, (a, b) => a + b, { ...o, chunkSize: 20 }), 3000);
    },
  ],
  [
    'outside a task context says so, and only isWorker may be read',
    async ({ context, map }, o) => {
      const outside = () => {
        for (const member of ['index', 'attempt', 'workerId']) {
          const message = new RegExp(`context.${member} was used outside a task`);
          assert.throws(() => context[member], { name: 'UsageError', code: 'BAD_ARGUMENT', message });
        }
        assert.throws(() => context.emit(1), /context.emit was used outside a task/);
        assert.equal(context.isWorker, false);
      };
      outside();
      await map([1, 2], async () => context.index, o);
      outside();
      await rejects(
        map(
          [1, 2],
          async () => {
            await null;
            throw new Error(`${context.index}`);
          },
          o,
        ),
      );
      await turn();
      outside();
    },
  ],
  [
    'while a task in line waits, the program around it is no task',
    async ({ context, map }, o) => {
      for (const asks of [true, false]) {
        const gate = newNotes();
        const { promise, resolve } = Promise.withResolvers?.() ?? withResolvers();
        globalThis.begun = resolve;
        const task = async (g) => {
          globalThis.begun?.();
          await whenNoted(g);
          return 1;
        };
        const asking = async (g) => (await task(g)) + context.index;
        const running = map([gate], asks ? asking : task, o);
        if (o.backend === 'inline') await promise;
        assert.throws(() => context.index, /outside a task/);
        note(gate);
        await running;
      }
      delete globalThis.begun;
    },
  ],
  [
    'a hundred calls that wait at the same time are not taken for calls within each other',
    async ({ map }, o) => {
      const gate = newNotes();
      const task = async (g) => {
        await whenNoted(g);
        return 1;
      };
      const all = [];
      for (let i = 0; i < 100; i++) {
        all.push(map([gate], task, { ...o, concurrency: 100 }));
        await turn();
      }
      note(gate);
      // On a place in line they come one after the other.
      assert.deepEqual(await Promise.all(all), new Array(100).fill([1]));
    },
  ],
  [
    'tasks side by side each know their own index',
    async ({ map, range, context }, o) => {
      const self = async (x) => {
        const seen = [context.index];
        for (let i = 0; i < (x * 7) % 5; i++) {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(context.index);
        }
        return seen.every((index) => index === x) && context.index === x;
      };
      assert.deepEqual(await map(range(200), self, { ...o, workers: 2, concurrency: 40, chunkSize: 3 }), new Array(200).fill(true));
    },
  ],
  [
    'own modules reached by name see the task that calls them, on one to three levels of nested calls',
    async ({ map, context }, o) => {
      const [first] = await map([1, 2], async (x) => (await whereAmI()).concat(x), o);
      assert.deepEqual([first[0], first[2], first[3]], [0, 1, 1]);
      const levels = (n) =>
        n === 0 ? [0] : [0, [withIndex(n - 1, 0), withIndex(n - 1, 1)], [withIndex(n - 1, 0), withIndex(n - 1, 1)], 0];
      const withIndex = (n, index) => {
        const tree = levels(n);
        tree[0] = index;
        if (n > 0) tree[3] = index;
        return tree;
      };
      for (const depth of [1, 2, 3]) {
        const trees = await map([5, 6], async (x) => [context.index, await nested(depth, x), context.index], {
          ...o,
          workers: 2,
          chunkSize: 1,
        });
        assert.deepEqual(trees, [
          [0, withIndex(depth, 0), 0],
          [1, withIndex(depth, 1), 1],
        ]);
      }
    },
  ],
  [
    'a task whose nested call is still running knows itself, not the nested task',
    async ({ map, context }, o) => {
      const task = async () => {
        const { map: mapHere } = await import('allcores');
        const gate = new Int32Array(new SharedArrayBuffer(4));
        const inner = mapHere([gate, gate], async (g) => {
          await Atomics.waitAsync(g, 0, 0, 10_000).value;
          return 1;
        });
        for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
        const between = context.index;
        Atomics.store(gate, 0, 1);
        Atomics.notify(gate, 0);
        await inner;
        return [between, context.index];
      };
      assert.deepEqual(await map([1, 2, 3], task, { ...o, workers: 1 }), [
        [0, 0],
        [1, 1],
        [2, 2],
      ]);
    },
  ],
];

function withResolvers() {
  let resolve;
  const promise = new Promise((yes) => {
    resolve = yes;
  });
  return { promise, resolve };
}
