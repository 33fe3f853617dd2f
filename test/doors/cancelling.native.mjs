// What bounds and ends running work: concurrency, signals, streams that are left, disposal, terminate.
import assert from 'node:assert/strict';
import { newNotes, note, noted, whenNoted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

const k = 3;
const triple = (x) => x * k;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'a stream that is left cancels the rest',
    async ({ mapStream, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ran = newNotes();
      for await (const _ of mapStream(
        Array.from({ length: 500 }, (_, i) => i),
        (x) => {
          note(ran);
          block(2);
          return x;
        },
        { pool, chunkSize: 1 },
      ))
        break;
      await pool.close();
      assert.ok(noted(ran).length < 100, `${noted(ran).length} of 500 ran`);
    },
  ],
  [
    'concurrency bounds what runs at once, above and below the number of workers',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      for (const concurrency of [1, 3, 10]) {
        const steps = newNotes();
        await map(
          Array.from({ length: 40 }, (_, i) => i),
          async () => {
            note(steps, 1);
            await wait(3);
            note(steps, -1);
          },
          { pool, concurrency },
        );
        let now = 0;
        const most = Math.max(...noted(steps).map((step) => (now += Number(step))));
        assert.ok(most <= concurrency, `${most} ran at once, ${concurrency} allowed`);
        if (concurrency > 2) assert.ok(most > 2, `only ${most} ran at once`);
      }
      await pool.close();
    },
  ],
  [
    'as many tasks as the concurrency allows run at once, also in one worker: they may wait for each other',
    async ({ map, Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      for (const concurrency of [13, 16, 22]) {
        const here = newNotes();
        const meetAll = async () => {
          note(here);
          await whenNoted(here, concurrency);
          return 1;
        };
        const ones = await map(new Array(concurrency).fill(0), meetAll, { pool, concurrency, chunkSize: 1 });
        assert.equal(ones.length, concurrency);
      }
      await pool.close();
    },
  ],
  [
    'a signal rejects with its own reason; queued work never starts; an aborted one starts nothing',
    async ({ map, mapStream, Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const ran = newNotes();
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = map(
        Array.from({ length: 300 }, (_, i) => i),
        async () => {
          note(ran);
          await wait(5);
        },
        { pool, signal: controller.signal, chunkSize: 1 },
      );
      setTimeout(() => controller.abort(reason), 40);
      assert.equal(await rejects(running), reason);
      assert.equal(await rejects(map([1], triple, { pool, signal: AbortSignal.abort(reason) })), reason);
      assert.throws(() => mapStream([1], triple, { pool, signal: AbortSignal.abort(reason) }), reason);
      await pool.close();
      assert.ok(noted(ran).length < 150, `${noted(ran).length} of 300 ran`);
    },
  ],
  [
    'disposal cancels streams that nobody reads',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const stream = pool.imap(
        triple,
        (function* () {
          for (let i = 0; ; i++) yield i;
        })(),
      );
      await pool[Symbol.asyncDispose]();
      // An early end would look like the last result.
      await assert.rejects(stream.next(), { name: 'PoolClosedError', code: 'POOL_CLOSED' });
      assert.deepEqual(await stream.next(), { done: true, value: undefined });
    },
  ],
  [
    'terminate rejects what is in progress and returns promptly',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      const running = pool.map(
        async () => {
          await wait(60_000);
        },
        Array.from({ length: 10_000 }, (_, i) => i),
      );
      const lost = rejects(running);
      await pool.ready();
      await pool.terminate();
      assert.deepEqual([(await lost).name, (await lost).code], ['PoolClosedError', 'POOL_TERMINATED']);
      assert.equal((await rejects(pool.apply(triple, [1]))).code, 'POOL_TERMINATED');
      await pool.join();
    },
    { inline: 'what runs on the host cannot be killed' },
  ],
  [
    'a cancelled call tells the task that runs, with the reason of the signal, and its worker stays',
    async ({ map, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const controller = new AbortController();
      const reason = new RangeError('enough');
      const task = async () => {
        const { signal } = context;
        context.emit('up');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        globalThis.toldWith = [signal.reason.name, signal.reason.message, context.aborted];
      };
      const running = map([1, 2, 3], task, { pool, signal: controller.signal, graceMs: 60_000, onMessage: () => controller.abort(reason) });
      assert.equal(await rejects(running), reason);
      // It waits for the task before it.
      const seen = await pool.apply(() => {
        const told = globalThis.toldWith;
        delete globalThis.toldWith;
        return told;
      });
      assert.deepEqual(seen, ['RangeError', 'enough', true]);
      await pool.close();
    },
  ],
  [
    'a task that was told and waits on for ever is given up after the grace time',
    async ({ map, mapStream, Pool, context }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const controller = new AbortController();
      const stuck = async () => {
        context.emit('up');
        await new Promise(() => {});
      };
      const running = map([1, 2], stuck, { pool, signal: controller.signal, graceMs: 10, onMessage: () => controller.abort() });
      assert.equal((await rejects(running)).name, 'AbortError');
      assert.deepEqual(await pool.map(triple, [1]), [3]);
      // The same for a stream that is left.
      const sometimes = async (x) => (x === 1 ? x : stuck());
      for await (const x of mapStream([1, 2, 3], sometimes, { pool, graceMs: 10, chunkSize: 1 })) if (x === 1) break;
      assert.deepEqual(await pool.map(triple, [2]), [6]);
      await pool.close();
    },
  ],
  [
    'a task that computes on after its call was cancelled is killed after the grace time, and the pool goes on',
    async ({ map, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const [before] = await pool.map(() => context.workerId, [0]);
      const controller = new AbortController();
      const reason = new Error('enough');
      const spin = () => {
        context.emit('up');
        for (;;);
      };
      const running = map([1, 2], spin, { pool, signal: controller.signal, graceMs: 10, onMessage: () => controller.abort(reason) });
      assert.equal(await rejects(running), reason);
      const [after] = await pool.map(() => context.workerId, [0]);
      assert.notEqual(after, before);
      await pool.close();
    },
    { inline: 'what runs on the host cannot be killed' },
  ],
  [
    'of a cancelled call nothing more starts, not even what its worker had claimed already',
    async ({ map, Pool, context }, o) => {
      const pool = await new Pool({ workers: 1, ...o }).ready();
      const controller = new AbortController();
      const task = (x) => {
        if (x < 100) return x;
        if (x > 100) globalThis.ranOn = (globalThis.ranOn ?? 0) + 1;
        context.emit(x);
        // By now a block of several tasks is claimed with this one.
        while (!context.aborted);
      };
      const items = Array.from({ length: 200 }, (_, x) => x);
      const options = { pool, chunkSize: 200, signal: controller.signal, graceMs: 60_000, onMessage: () => controller.abort() };
      assert.equal((await rejects(map(items, task, options))).name, 'AbortError');
      assert.equal(await pool.apply(() => globalThis.ranOn ?? 0), 0);
      await pool.close();
    },
    { inline: 'a loop on the host keeps its signal from aborting' },
  ],
  [
    'a map that fails tells the others to stop, and kills none, however long they take',
    async ({ map, Pool, context }, o) => {
      const pool = await new Pool({ workers: 2, ...o }).ready();
      const gate = new Int32Array(new SharedArrayBuffer(4));
      const task = (x) => {
        // Each waits until the other has started.
        Atomics.add(gate, 0, 1);
        while (Atomics.load(gate, 0) < 2);
        if (x === 0) throw new Error('first');
        while (!context.aborted);
        block(600);
        globalThis.finished = context.workerId;
      };
      assert.equal((await rejects(map([0, 1], task, { pool, graceMs: 0, chunkSize: 1 }))).message, 'first');
      // One task for each worker: they wait for each other.
      Atomics.store(gate, 0, 0);
      const meet = () => {
        Atomics.add(gate, 0, 1);
        while (Atomics.load(gate, 0) < 2);
        return globalThis.finished === context.workerId;
      };
      assert.deepEqual((await map([0, 1], meet, { pool, chunkSize: 1 })).sort(), [false, true]);
      await pool.close();
    },
    { inline: 'one runs after the other', processes: 'it watches by shared memory' },
  ],
];
