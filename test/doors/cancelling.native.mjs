// What bounds and ends running work: concurrency, signals, streams that are left, disposal, terminate.
import assert from 'node:assert/strict';
import { newNotes, note, noted } from './notes.native.mjs';
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
];
