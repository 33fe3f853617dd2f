// perWorker: what each worker makes once, keeps, and lets go of.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, counter, increase } from './asks.native.mjs';
import { meet, newNotes } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

const folder = mkdtempSync(join(tmpdir(), 'allcores-per-worker-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newLog = () => join(folder, `${++files}.log`);
const lines = (log) => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);

class Model {
  constructor(weight) {
    this.weight = weight;
  }
}

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a value is made once per worker and kept across tasks, calls and doors',
    async ({ perWorker, Pool, Parallel, delayed, map }, o) => {
      const own = perWorker(() => ({ id: Math.random(), uses: 0 }));
      const use = () => {
        const value = own.get();
        value.uses++;
        return [value.id, value.uses];
      };
      const pool = new Pool({ workers: 2, ...o });
      const all = [
        ...(await pool.map(use, [1, 2, 3, 4, 5], 1)),
        ...(await pool.map(() => use(), [1, 2, 3])),
        ...(await map([1, 2], async () => use(), { pool })),
        ...(await Parallel({ pool })([delayed(use)(), delayed(() => own.get() && use())()])),
      ];
      const uses = new Map();
      for (const [id] of all) uses.set(id, (uses.get(id) ?? 0) + 1);
      assert.ok(uses.size <= (o.backend === 'inline' ? 1 : 2), `${uses.size} values`);
      for (const [id, count] of uses) assert.equal(Math.max(...all.filter(([i]) => i === id).map(([, n]) => n)), count);
      await pool.close();
    },
  ],
  [
    'each worker makes its own, and a value of an own module reached by name is one with it',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const first = await pool.map(() => [increase(), counter.get().count], [1, 2]);
      const [[thread, before]] = first[0];
      assert.deepEqual(first, [
        [[thread, before], before],
        [[thread, before + 1], before + 1],
      ]);
      assert.deepEqual(await pool.apply(increase), [thread, before + 2]);
      await pool.close();
      const other = new Pool({ workers: 1, ...o });
      assert.equal((await other.apply(increase))[1], o.backend === 'inline' ? before + 3 : 1);
      await other.close();
    },
  ],
  [
    'a make that throws is tried again at the next call, sync or async',
    async ({ perWorker, mapSettled, Pool }, o) => {
      const tries = { sync: 0, async: 0 };
      const sync = perWorker(() => {
        tries.sync++;
        if (tries.sync < 3) throw new RangeError(`sync ${tries.sync}`);
        return tries.sync;
      });
      const later = perWorker(async () => {
        tries.async++;
        await null;
        if (tries.async < 3) throw new RangeError(`async ${tries.async}`);
        return tries.async;
      });
      const pool = new Pool({ workers: 1, ...o });
      const shown = (out) => out.map((r) => r.value ?? `${r.reason.name} ${r.reason.message}`);
      const opts = { pool, chunkSize: 4 };
      assert.deepEqual(shown(await mapSettled([1, 2, 3, 4], () => sync.get(), opts)), ['RangeError sync 1', 'RangeError sync 2', 3, 3]);
      assert.deepEqual(shown(await mapSettled([1, 2, 3, 4], () => later.get(), opts)), ['RangeError async 1', 'RangeError async 2', 3, 3]);
      await pool.close();
    },
  ],
  [
    'an async make is made once, however many tasks wait for it',
    async ({ perWorker, Pool, range }, o) => {
      const own = perWorker(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { id: Math.random() };
      });
      const pool = new Pool({ workers: 1, ...o });
      const ids = await pool.map(async () => (await own.get()).id, range(20), { concurrency: 10, chunkSize: 1 });
      assert.equal(new Set(ids).size, 1);
      await pool.close();
    },
  ],
  [
    'undefined, null and 0 are values, made once too',
    async ({ perWorker, run }, o) => {
      const count = { made: 0 };
      const nothing = [undefined, null, 0].map((value) =>
        perWorker(() => {
          count.made++;
          return value;
        }),
      );
      const twice = () => [...nothing, ...nothing].map((own) => `${own.get()}`).concat(count.made);
      assert.deepEqual(await run(twice, [], o), ['undefined', 'null', '0', 'undefined', 'null', '0', 3]);
    },
  ],
  [
    'captured together with instances of classes, both are what they are',
    async ({ perWorker, run }, o) => {
      const model = new Model(3);
      const own = perWorker(() => new Model(model.weight * 2));
      const task = () => [
        own.get() instanceof Model,
        model instanceof Model,
        own.get().weight,
        new Set([own.get(), own.get()]).size,
        own.get() === model,
      ];
      assert.deepEqual(await run(task, [], o), [true, true, 6, 1, false]);
      // As an argument it is the same one.
      assert.equal(await run((a, b) => a.get() === own.get() && b === a, [own, own], o), true);
    },
  ],
  [
    'what was made is disposed at close, the latest first, by dispose or by its own symbol',
    async ({ perWorker, Pool }, o) => {
      const log = newLog();
      const tell = (text) => process.getBuiltinModule('node:fs').appendFileSync(log, `${text}\n`);
      const first = perWorker(() => 'first', { dispose: (value) => tell(`dispose ${value}`) });
      const second = perWorker(async () => 'second', {
        async dispose(value) {
          await new Promise((resolve) => setImmediate(resolve));
          tell(`dispose ${value}`);
        },
      });
      const third = perWorker(() => new Connection(log));
      const never = perWorker(() => 'never', { dispose: tell });
      const failing = perWorker(
        () => {
          throw new Error('not made');
        },
        { dispose: tell },
      );
      const pool = new Pool({ workers: 1, ...o });
      const task = async () => {
        try {
          failing.get();
        } catch {}
        return [first.get(), await second.get(), third.get() !== undefined, never !== undefined];
      };
      await pool.map(task, [1, 2]);
      assert.deepEqual(lines(log), []);
      await pool.close();
      assert.deepEqual(lines(log), ['disposed 1', 'dispose second', 'dispose first']);
    },
    { inline: 'values live as long as the last pool in line' },
  ],
  [
    'every worker of a pool disposes its own, also at asyncDispose and shutdown',
    async ({ perWorker, Pool, shutdown, map }, o) => {
      for (const end of ['close', Symbol.asyncDispose, 'shutdown']) {
        const log = newLog();
        const own = perWorker(() => log, { dispose: (path) => process.getBuiltinModule('node:fs').appendFileSync(path, 'gone\n') });
        const both = newNotes();
        const task = (path) => {
          own.get();
          meet(path, 2);
        };
        const pool = end === 'shutdown' ? undefined : new Pool({ workers: 2, ...o });
        await map([both, both], task, { ...(pool ? { pool } : { ...o, workers: 2 }), chunkSize: 1 });
        await (pool ? pool[end]() : shutdown());
        assert.deepEqual(lines(log), ['gone', 'gone'], String(end));
      }
    },
    { inline: 'it has one worker' },
  ],
  [
    'a disposal that throws is a warning, and the others are disposed all the same',
    async ({ perWorker, Pool }, o) => {
      const log = newLog();
      const after = perWorker(() => 1, { dispose: () => process.getBuiltinModule('node:fs').appendFileSync(log, 'after\n') });
      const throws = perWorker(() => 2, {
        dispose: () => {
          throw new Error('stuck');
        },
      });
      const pool = new Pool({ workers: 1, ...o });
      await pool.map(() => [after.get(), throws.get()], [1]);
      const warned = new Promise((resolve) => process.on('warning', (w) => /stuck/.test(w.message) && resolve(w)));
      await pool.close();
      const { message, code } = await warned;
      assert.match(message, /what worker [tp]\d+ made with perWorker could not be disposed: stuck/);
      assert.equal(code, 'ALLCORES_DISPOSE');
      assert.deepEqual(lines(log), ['after']);
    },
    { inline: 'values live as long as the last pool in line' },
  ],
  [
    'a disposal that never ends holds close up for seconds, not for ever',
    async ({ perWorker, Pool }, o) => {
      const own = perWorker(() => 1, { dispose: () => new Promise(() => {}) });
      const pool = new Pool({ workers: 1, ...o });
      await pool.map(() => own.get(), [1]);
      const warned = new Promise((resolve) => process.on('warning', (w) => w.code === 'ALLCORES_DISPOSE' && resolve(w.message)));
      await pool.close();
      assert.match(await warned, /what worker [tp]\d+ made with perWorker was not disposed within 5 s; it is left/);
    },
    { inline: 'values live as long as the last pool in line' },
  ],
  [
    'terminate does not wait for a disposal',
    async ({ perWorker, Pool }, o) => {
      const log = newLog();
      const own = perWorker(() => log, { dispose: (path) => process.getBuiltinModule('node:fs').appendFileSync(path, 'gone\n') });
      const pool = new Pool({ workers: 1, ...o });
      await pool.map(() => own.get(), [1]);
      await pool.terminate();
      assert.deepEqual(lines(log), []);
    },
  ],
  [
    'wrong arguments are refused; what make captures is checked at the call',
    async ({ perWorker, map }, o) => {
      assert.throws(() => perWorker(5), { code: 'BAD_ARGUMENT', message: /the first argument is 5.*perWorker\(\(\) => connect\(\)\)/ });
      assert.throws(() => perWorker(() => 1, 5), { code: 'BAD_OPTION' });
      assert.throws(() => perWorker(() => 1, { dispose: 5 }), { code: 'BAD_OPTION', message: /option "dispose" is 5/ });
      assert.throws(() => perWorker(() => 1, { close: () => 1 }), { code: 'UNKNOWN_OPTION', message: /unknown option "close".*dispose/ });
      const pending = Promise.resolve();
      const own = perWorker(() => pending);
      const error = await rejects(map([1], () => own.get(), o));
      assert.equal(error.name, 'NotShippableError');
      assert.match(error.message, /pending/);
    },
  ],
];
