// context.emit: what a task says while it runs, and who hears it.
import assert from 'node:assert/strict';
import { say } from './asks.native.mjs';
import { rejects } from './rejects.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'what a task emits arrives in order and before its result, with index and worker',
    async ({ map, mapStream, range, context }, o) => {
      const heard = [];
      const onMessage = (value, { index, worker }) => heard.push([index, value, /^([tp]\d+|inline)$/.test(worker)]);
      const task = async (x) => {
        context.emit('a');
        await null;
        say({ x });
        return x;
      };
      const seen = [];
      for await (const y of mapStream(range(20), task, { ...o, workers: 2, onMessage })) {
        seen.push(y);
        const own = heard.filter(([index]) => index === y);
        assert.deepEqual(own, [
          [y, 'a', true],
          [y, { x: y }, true],
        ]);
      }
      assert.equal(seen.length, 20);
      heard.length = 0;
      await map([new Date(5)], (d) => context.emit([d, new Set([1])]), { ...o, onMessage });
      assert.deepEqual(heard, [[0, [new Date(5), new Set([1])], true]]);
    },
  ],
  [
    'messages of a reduction name the item, and instances keep their class',
    async ({ mapReduce, range, context }, o) => {
      class Note {
        constructor(x) {
          this.x = x;
        }
      }
      const heard = [];
      const onMessage = (note, { index }) => heard.push(note instanceof Note && note.x === index ? index : note);
      const fn = (x) => {
        if (x % 500 === 7) context.emit(new Note(x));
        return x;
      };
      await mapReduce(range(2000), fn, (a, b) => a + b, { ...o, workers: 2, onMessage });
      assert.deepEqual(
        heard.sort((a, b) => a - b),
        [7, 507, 1007, 1507],
      );
    },
  ],
  [
    'messages of a task that fails arrive before its failure',
    async ({ mapSettled, context }, o) => {
      const heard = [];
      const task = async (x) => {
        context.emit(x);
        await null;
        throw new Error('after the message');
      };
      const out = await mapSettled([1, 2], task, { ...o, onMessage: (x) => heard.push(x) });
      assert.deepEqual(
        [heard.sort(), out.map((r) => r.status)],
        [
          [1, 2],
          ['rejected', 'rejected'],
        ],
      );
    },
  ],
  [
    'without a listener emit does nothing, whatever it is given',
    async ({ map, context }, o) => {
      const task = (x) => {
        context.emit(x);
        context.emit(() => {});
        context.emit(new WeakMap());
        return x;
      };
      assert.deepEqual(await map([1, 2], task, o), [1, 2]);
    },
  ],
  [
    'a message that cannot travel is an error in its task, which may go on',
    async ({ mapSettled, context }, o) => {
      const task = (x) => {
        try {
          context.emit(x === 1 ? Promise.resolve() : (function* () {})());
        } catch (error) {
          return error.name;
        }
        return 'sent';
      };
      const heard = [];
      const out = await mapSettled([1, 2], task, { ...o, onMessage: (x) => heard.push(x) });
      assert.deepEqual(
        out.map((r) => r.value),
        ['NotShippableError', 'NotShippableError'],
      );
      assert.deepEqual(heard, []);
    },
    { inline: 'nothing travels' },
  ],
  [
    'a listener that throws, or rejects, ends the call with its error',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const talk = (x) => {
        context.emit(x);
        return x;
      };
      const throws = () => {
        throw new RangeError('heard enough');
      };
      for (const onMessage of [throws, async () => throws()]) {
        const endless = (function* () {
          for (let i = 0; ; i++) yield i;
        })();
        const error = await rejects(map(endless, talk, { pool, onMessage }));
        assert.deepEqual([error.name, error.message], ['RangeError', 'heard enough']);
      }
      assert.deepEqual(await map([1], talk, { pool, onMessage: () => {} }), [1]);
      await pool.close();
    },
  ],
  [
    'no message arrives after the call has ended',
    async ({ map, Pool, context }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      let ended = false;
      let late = 0;
      const onMessage = () => {
        if (ended) late++;
      };
      const task = async (x) => {
        if (x === 0) throw new Error('first');
        for (let i = 0; i < 50; i++) {
          context.emit(i);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      await rejects(map([0, 1, 2, 3], task, { pool, chunkSize: 1, onMessage }));
      ended = true;
      await pool.close();
      assert.equal(late, 0);
    },
  ],
];
