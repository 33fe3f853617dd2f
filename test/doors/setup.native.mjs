// What a pool does once in each worker before its first task: setup, initializer, initargs.
import assert from 'node:assert/strict';
import { meet, newNotes, note, noted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

const inlineGlobal = 'the globals are the host’s own';
const fixture = (name) => new URL(`./fixtures/${name}`, import.meta.url);
const triple = (x) => x * 3;

class Config {
  constructor(k) {
    this.k = k;
  }
}

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a setup function runs once in each worker, before its first task, sync or async',
    async ({ Pool }, o) => {
      const started = newNotes();
      const setup = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        globalThis.isSetUp = true;
        note(started);
      };
      const pool = new Pool({ workers: 2, setup, ...o });
      const workers = pool.workers;
      // Not at `new Pool`: workers start at the first call.
      assert.equal(noted(started).length, 0);
      const both = newNotes();
      const seen = await pool.map(
        ([path, count]) => {
          // Each worker has taken part.
          meet(path, count);
          return globalThis.isSetUp;
        },
        Array.from({ length: workers }, () => [both, workers]),
        1,
      );
      assert.deepEqual(seen, new Array(workers).fill(true));
      await pool.map(triple, [1, 2, 3], 1);
      assert.equal(noted(started).length, workers);
      await pool.close();
      delete globalThis.isSetUp;
    },
  ],
  [
    'a setup that never ends is given up after startTimeoutMs: ready and calls reject with the reason',
    async ({ Pool }, o) => {
      const setup = () => {
        for (;;);
      };
      const pool = new Pool({ workers: 1, setup, startTimeoutMs: 100, ...o });
      const whys = await Promise.all([rejects(pool.map(triple, [1])), rejects(pool.ready())]);
      for (const error of whys) assert.match(error.message, /not ready within 100 ms \(startTimeoutMs\): does its setup ever end\?/);
      await pool.close();
    },
    { inline: 'the setup runs on the calling thread, which nothing can stop' },
  ],
  [
    'ready resolves when every worker has been set up',
    async ({ Pool }, o) => {
      const started = newNotes();
      const pool = new Pool({ workers: 2, setup: () => note(started), ...o });
      assert.equal(await pool.ready(), pool);
      assert.equal(noted(started).length, pool.workers);
      await pool.ready();
      await pool.close();
    },
  ],
  [
    'initializer gets initargs, with their classes and what it captures',
    async ({ Pool }, o) => {
      const k = 5;
      const initializer = (config, list) => {
        globalThis.initialized = [config instanceof Config, config.k * k, list];
      };
      const pool = new Pool({ workers: 1, initializer, initargs: [new Config(2), [1, new Map([[1, 2]])]], ...o });
      assert.deepEqual(await pool.apply(() => globalThis.initialized), [true, 10, [1, new Map([[1, 2]])]]);
      await pool.close();
      const bare = new Pool({ workers: 1, initializer: (...args) => Object.assign(globalThis, { initialized: args.length }), ...o });
      assert.equal(await bare.apply(() => globalThis.initialized), 0);
      await bare.close();
      delete globalThis.initialized;
    },
  ],
  [
    'a setup module is imported by path, by URL and by the text of one, and its default function called',
    async ({ Pool }, o) => {
      const url = fixture('setup-default.mjs');
      const path = (await import('node:url')).fileURLToPath(url);
      const relative = (await import('node:path')).relative(process.cwd(), path);
      for (const setup of [url, url.href, path, relative]) {
        const pool = new Pool({ workers: 1, setup, ...o });
        assert.deepEqual(await pool.apply(() => [globalThis.setupImports, globalThis.setupRuns]), [1, 1], `${setup}`);
        await pool.close();
      }
      for (const name of ['setup-plain.mjs', 'setup-object.mjs']) {
        const pool = new Pool({ workers: 1, setup: fixture(name), ...o });
        assert.equal(await pool.apply(triple, [2]), 6);
        await pool.close();
      }
    },
    { inline: inlineGlobal },
  ],
  [
    'tasks and setup share the instance of a module',
    async ({ Pool }, o) => {
      const url = fixture('setup-default.mjs').href;
      const pool = new Pool({ workers: 1, setup: url, ...o });
      assert.equal(await pool.apply(async (u) => (await import(u)).runs, [url]), 1);
      await pool.close();
    },
    { inline: 'the module has been loaded before' },
  ],
  [
    'a setup that throws is the cause of an error of every call and of ready, and other pools work on',
    async ({ Pool, map }, o) => {
      const setups = [
        () => {
          throw new RangeError('no database');
        },
        async () => {
          await null;
          throw new RangeError('no database');
        },
      ];
      for (const setup of setups) {
        const pool = new Pool({ workers: 2, setup, ...o });
        const [ready, first] = await Promise.all([rejects(pool.ready()), rejects(pool.map(triple, [1, 2, 3]))]);
        const later = await rejects(pool.map(triple, [1]));
        const again = await rejects(pool.ready());
        for (const error of [ready, first, later, again]) {
          assert.deepEqual([error.name, error.code], ['WorkerLostError', 'WORKER_START_FAILED']);
          assert.match(error.message, /no worker can be started: its setup failed with RangeError: no database\. The cause says why/);
          assert.ok(error.cause instanceof RangeError);
          assert.equal(error.cause.message, 'no database');
          assert.match(error.cause.stack, /setup\.native\.mjs:\d+/);
        }
        assert.deepEqual(await map([1], triple, o), [3]);
        const stream = pool.imap(triple, [1]);
        assert.equal((await rejects(stream.next())).code, 'WORKER_START_FAILED');
        await pool.close();
      }
    },
  ],
  [
    'a setup module that throws, throws no error, or is not there is told of',
    async ({ Pool }, o) => {
      const throws = new Pool({ workers: 1, setup: fixture('setup-throws.mjs'), ...o });
      const error = await rejects(throws.apply(triple, [1]));
      assert.match(error.message, /its setup failed with RangeError: module cannot start/);
      await throws.close();
      const odd = new Pool({
        workers: 1,
        setup: () => {
          throw undefined;
        },
        ...o,
      });
      assert.match((await rejects(odd.apply(triple, [1]))).message, /its setup failed with undefined/);
      await odd.close();
      const message = /option "setup" names the module .*nowhere\.mjs, which does not exist/;
      assert.throws(() => new Pool({ setup: './nowhere.mjs', ...o }), { code: 'BAD_OPTION', message });
      assert.throws(() => new Pool({ setup: 'file:///nowhere.mjs', ...o }), { code: 'BAD_OPTION', message });
    },
  ],
  [
    'where only some workers can be set up, ready says so and calls run on those',
    async ({ Pool }, o) => {
      const first = newNotes();
      const setup = () => {
        try {
          // Only one can make it.
          process.getBuiltinModule('node:fs').mkdirSync(first);
        } catch {
          throw new RangeError('one is enough');
        }
      };
      const pool = new Pool({ workers: 2, setup, ...o });
      const error = await rejects(pool.ready());
      assert.equal(error.code, 'WORKER_START_FAILED');
      assert.match(error.message, /a worker cannot be started.*its setup failed with RangeError: one is enough/);
      assert.equal(error.cause.message, 'one is enough');
      assert.equal((await rejects(pool.ready())).code, 'WORKER_START_FAILED');
      assert.deepEqual(await pool.map(triple, [1, 2, 3], 1), [3, 6, 9]);
      await pool.close();
    },
    { inline: 'it has one worker' },
  ],
  [
    'a worker that replaces another is set up too',
    async ({ Pool, mapSettled }, o) => {
      const started = newNotes();
      const setup = () => {
        globalThis.isSetUp = true;
        note(started);
      };
      const pool = new Pool({ workers: 1, setup, ...o });
      const task = (x) => (x === 2 ? process.exit(3) : globalThis.isSetUp);
      const out = await mapSettled([1, 2, 3, 4], task, { pool, chunkSize: 1 });
      assert.deepEqual(
        out.map((r) => r.value ?? r.reason.code),
        [true, 'WORKER_LOST', true, true],
      );
      assert.equal(noted(started).length, 2);
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
  [
    'a setup that ends its own thread, or never ends, leaves no call without an answer',
    async ({ Pool }, o) => {
      const exits = new Pool({ workers: 2, setup: () => process.exit(4), ...o });
      const error = await rejects(exits.map(triple, [1]));
      assert.deepEqual([error.code, /exited with code 4/.test(error.message)], ['WORKER_START_FAILED', true]);
      await exits.close();
      const waits = new Pool({ workers: 1, setup: () => new Promise(() => {}), ...o });
      const running = rejects(waits.map(triple, [1]));
      const ready = rejects(waits.ready());
      await waits.terminate();
      assert.deepEqual([(await running).code, (await ready).code], ['POOL_TERMINATED', 'POOL_TERMINATED']);
    },
    { inline: 'it would end the host' },
  ],
  [
    'a setup that assigns or changes what it captures is refused, and perWorker is the way',
    async ({ Pool, perWorker }, o) => {
      let db;
      const cache = new Map();
      const message =
        /new Pool: the initializer "connect" assigns `db` \(setup\.native\.mjs:\d+:\d+\), and tasks would not see it.*perWorker/s;
      const connect = (url) => {
        db = { url };
      };
      assert.throws(() => new Pool({ initializer: connect, initargs: ['x'], ...o }), { name: 'NotShippableError', message });
      const fill = () => cache.set(1, 2);
      assert.throws(() => new Pool({ setup: fill, ...o }), { message: /the setup "fill" changes `cache`.*const cache = perWorker/s });
      const own = perWorker(() => ({ db, size: cache.size }));
      const pool = new Pool({ workers: 1, setup: () => void own.get(), ...o });
      assert.deepEqual(await pool.apply(() => own.get()), { db: undefined, size: 0 });
      await pool.close();
    },
  ],
  [
    'a setup that changes through Object.assign, an alias or a class static is refused as well',
    async ({ Pool }, o) => {
      const settings = {};
      class Registry {
        name = 'registry';
        static db = undefined;
      }
      const seen = () => [settings, Registry.db];
      const refused = (setup, name) =>
        assert.throws(() => new Pool({ setup, ...o }), { message: new RegExp(`changes \`${name}\`.*const ${name} = perWorker`, 's') });
      refused(() => Object.assign(settings, { k: 1 }), 'settings');
      refused(() => {
        const own = settings;
        own.k = 1;
      }, 'settings');
      refused(() => {
        Registry.db = 1;
      }, 'Registry');
      assert.deepEqual(seen(), [{}, undefined]);
    },
  ],
  [
    'a setup may count for itself what nothing else in its file names',
    async ({ Pool }, o) => {
      let startsOnlyHere = 0;
      const setup = () => {
        startsOnlyHere += 1;
        globalThis.startsSeen = startsOnlyHere;
      };
      const pool = new Pool({ workers: 1, setup, ...o });
      assert.equal(await pool.apply(() => globalThis.startsSeen), 1);
      await pool.close();
      delete globalThis.startsSeen;
    },
  ],
  [
    'wrong setups are refused before anything starts',
    async ({ Pool }, o) => {
      const pending = Promise.resolve();
      assert.throws(() => new Pool({ setup: triple, initializer: triple, ...o }), { code: 'BAD_OPTION', message: /say the same/ });
      assert.throws(() => new Pool({ initargs: [1], ...o }), { code: 'BAD_OPTION', message: /there is none/ });
      assert.throws(() => new Pool({ initializer: triple, initargs: 5, ...o }), { code: 'BAD_OPTION', message: /"initargs" is 5/ });
      for (const setup of ['', 5, {}, null]) assert.throws(() => new Pool({ setup, ...o }), { code: 'BAD_OPTION' });
      assert.throws(() => new Pool({ setup: () => pending, ...o }), { name: 'NotShippableError', message: /pending/ });
      assert.throws(() => new Pool(2, triple, [1]), { code: 'BAD_ARGUMENT', message: /initializer: init, initargs: \[1\]/ });
      if (o.backend === 'inline') return;
      assert.throws(() => new Pool({ initializer: triple, initargs: [pending], ...o }), { message: /initargs\[0\]/ });
    },
  ],
  [
    'a setup belongs to new Pool and to no other door',
    async ({ map, Parallel }) => {
      const error = await rejects(map([1], triple, { setup: triple }));
      assert.match(error.message, /unknown option "setup": it belongs to new Pool\(\{ … \}\)/);
      assert.throws(() => Parallel({ initializer: triple }), { code: 'UNKNOWN_OPTION', message: /belongs to new Pool/ });
    },
  ],
];
