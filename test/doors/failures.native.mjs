// Tasks that throw.
import assert from 'node:assert/strict';
import { newNotes, note, noted, untilNoted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

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

/** [name, body, skip reasons by backend] */
export const cases = [
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
        [local] = e.stack.match(/failures\.native\.mjs:\d+:\d+/);
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
      const ran = newNotes();
      // Opened when the call has rejected: what started before waits for it. In line nothing can wait for the host.
      const gate = newNotes();
      if (o.backend === 'inline') note(gate);
      const error = await rejects(
        pool.map(
          (x) => {
            note(ran);
            if (x === 0) throw new Error('first');
            untilNoted(gate);
            return x;
          },
          Array.from({ length: 200 }, (_, i) => i),
          1,
        ),
      );
      assert.equal(error.message, 'first');
      note(gate);
      assert.deepEqual(await pool.map(triple, [1, 2]), [3, 6]);
      assert.ok(noted(ran).length < 10, `${noted(ran).length} of 200 ran`);
      await pool.close();
    },
  ],
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
];
