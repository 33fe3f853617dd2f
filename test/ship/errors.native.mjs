// biome-ignore-all lint: odd code is what these cases are about
// Errors, captured and thrown: class, code, cause, and the place in the stack.

import fs from 'node:fs';
import util from 'node:util';

class MyError extends Error {
  constructor(m, code) {
    super(m);
    this.name = 'MyError';
    this.code = code;
  }
}
class Fail extends Error {
  constructor(code) {
    super(`code ${code}`);
    this.code = code;
  }
  get hint() {
    return 'hint ' + this.code;
  }
}

export const cases = [
  [
    'errors, subclass and cause',
    async (run, t) => {
      const e = new MyError('m', 5);
      e.cause = new TypeError('t');
      t.equal(
        await run(() => [
          e instanceof MyError,
          e.message,
          e.code,
          e.cause instanceof TypeError,
          util.types.isNativeError(e),
          e.stack.length > 5,
        ]),
        [true, 'm', 5, true, true, true],
      );
    },
  ],
  [
    'stack trace: file, line and column',
    async (run, t) => {
      const here = () => {
          throw new RangeError('boom');
        },
        mine = /errors\.native\.mjs:(\d+):(\d+)/;
      let local;
      try {
        here();
      } catch (e) {
        local = mine.exec(e.stack)[0];
      }
      const e = await t.throws(() => run(here));
      t.ok(e instanceof RangeError);
      t.equal(mine.exec(e.stack)[0], local);
    },
  ],
  [
    'thrown custom error comes back as its class',
    async (run, t) => {
      const e = await t.throws(() =>
        run(() => {
          throw new MyError('x', 7);
        }),
      );
      t.equal([e instanceof MyError, e.code, e.message], [true, 7, 'x']);
    },
  ],
  [
    'system errors keep class and code',
    async (run, t) => {
      const e = await t.throws(() => run(() => fs.readFileSync('/nowhere/at/all')));
      t.equal([e.code, e instanceof Error, e.syscall], ['ENOENT', true, 'open']);
      const u = await t.throws(() => run(() => new URL('bad')));
      t.equal([u.code, u instanceof TypeError, u.name], ['ERR_INVALID_URL', true, 'TypeError']);
    },
  ],
  [
    'AggregateError, DOMException and thrown plain values',
    async (run, t) => {
      const a = await t.throws(() => run(() => Promise.any([Promise.reject(new Fail(1)), Promise.reject(2)])));
      t.equal([a instanceof AggregateError, a.errors[0] instanceof Fail, a.errors[0].hint, a.errors[1]], [true, true, 'hint 1', 2]);
      const d = await t.throws(() =>
        run(() => {
          throw new DOMException('stop', 'AbortError');
        }),
      );
      t.equal([d instanceof DOMException, d.name, d.message, d.code], [true, 'AbortError', 'stop', 20]);
      const v = await t.throws(() =>
        run(() => {
          throw { code: 7 };
        }),
      );
      t.equal(v, { code: 7 });
    },
  ],
  [
    'an error with cause keeps the whole chain',
    async (run, t) => {
      const e = await t.throws(() =>
        run(() => {
          throw new Fail(3, {});
        }),
      );
      t.equal([e instanceof Fail, e.hint, Object.keys(e)], [true, 'hint 3', ['code']]);
      const c = await t.throws(() =>
        run(() => {
          throw new Error('outer', { cause: new Fail(4) });
        }),
      );
      t.equal([c.cause instanceof Fail, Object.getOwnPropertyDescriptor(c, 'cause').enumerable], [true, false]);
    },
  ],
];
