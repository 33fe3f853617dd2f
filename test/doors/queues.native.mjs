// Calls that wait: whose turn it is, how many may wait, and the numbers of a pool meanwhile.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { rejects } from './rejects.native.mjs';

/** Holds tasks until it is opened, on every backend: each connects, and goes on when it hangs up. */
async function gate() {
  const server = createServer();
  const sockets = [];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    /** Resolves when one more task has come. */
    async reached() {
      const [socket] = await once(server, 'connection');
      sockets.push(socket.on('error', () => {}));
    },
    async open() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A task that waits at the gate. */
async function through(port) {
  const { connect } = await import('node:net');
  const { once } = await import('node:events');
  const socket = connect(port, '127.0.0.1');
  await once(socket.resume(), 'close');
  return 'through';
}

const double = (x) => x * 2;
/** Long enough that few of its chunks are handed over ahead. */
const doubleSlowly = (x) => {
  const end = performance.now() + 0.5;
  while (performance.now() < end);
  return x * 2;
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'stats tells what the pool does, before, during and after',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const none = { queued: 0, running: 0, done: 0, failed: 0, retried: 0 };
      const counts = { workersStarted: 0, workersLost: 0, workersRetired: 0 };
      assert.deepEqual(pool.stats(), { workers: 1, up: 0, busy: 0, idle: 0, calls: { running: 0, waiting: 0 }, tasks: none, ...counts });
      const door = await gate();
      const reached = door.reached();
      const first = pool.apply(through, [door.port]);
      await reached;
      const others = [pool.map(double, [1, 2, 3]), pool.apply(double, [4])];
      const { up, busy, idle, calls, tasks } = pool.stats();
      assert.deepEqual({ up, busy, idle, calls }, { up: 1, busy: 1, idle: 0, calls: { running: 1, waiting: 2 } });
      assert.deepEqual(tasks, { ...none, queued: 4, running: 1 });
      await door.open();
      assert.deepEqual([await first, ...(await Promise.all(others))], ['through', [2, 4, 6], 8]);
      const after = pool.stats();
      assert.deepEqual(after.calls, { running: 0, waiting: 0 });
      assert.deepEqual(after.tasks, { ...none, done: 5 });
      assert.deepEqual([after.workersStarted, after.workersLost], [1, 0]);
      await pool.close();
      assert.deepEqual(pool.stats().workersLost, 0);
    },
  ],
  [
    'stats counts what has failed',
    async ({ Pool, mapSettled }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const fails = (x) => {
        if (x > 1) throw new Error('no');
        return x;
      };
      await mapSettled([1, 2, 3], fails, { pool });
      const { done, failed } = pool.stats().tasks;
      assert.deepEqual({ done, failed }, { done: 1, failed: 2 });
      await pool.close();
    },
  ],
  [
    'a lost worker is counted, and so is the one in its place',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      await rejects(pool.apply(() => process.exit(3)));
      await pool.apply(double, [1]);
      const { up, workersStarted, workersLost, workersRetired } = pool.stats();
      assert.deepEqual(
        { up, workersStarted, workersLost, workersRetired },
        { up: 1, workersStarted: 2, workersLost: 1, workersRetired: 0 },
      );
      await pool.close();
    },
    { inline: 'it would end the host' },
  ],
  [
    'maxQueue refuses one call too many before anything of it is shipped',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, maxQueue: 1, ...o });
      const door = await gate();
      const reached = door.reached();
      const first = pool.apply(through, [door.port]);
      await reached;
      const second = pool.apply(double, [2]);
      let reads = 0;
      const given = Object.defineProperty({}, 'k', { enumerable: true, get: () => ++reads });
      const refused = await rejects(pool.map((x) => x * k, [1], { with: given }));
      assert.deepEqual([refused.name, refused.code], ['QueueFullError', 'QUEUE_FULL']);
      assert.match(refused.message, /^pool\.map: a call waits for a worker already, and the pool's maxQueue is 1\./);
      assert.equal(reads, 0);
      assert.throws(() => pool.imap(double, [1]), { code: 'QUEUE_FULL' });
      await door.open();
      assert.deepEqual(await Promise.all([first, second]), ['through', 4]);
      assert.equal(await pool.apply(double, [3]), 6);
      await pool.close();
    },
  ],
  [
    'with maxQueue 0 a call is taken when a worker is idle',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, maxQueue: 0, ...o });
      assert.equal(await pool.apply(double, [1]), 2);
      const door = await gate();
      const reached = door.reached();
      const first = pool.apply(through, [door.port]);
      await reached;
      assert.match((await rejects(pool.apply(double, [2]))).message, /no worker is idle, and the pool's maxQueue is 0/);
      await door.open();
      await first;
      assert.equal(await pool.apply(double, [3]), 6);
      await pool.close();
    },
  ],
  [
    'a call of higher priority goes first, also before what was handed over already',
    async ({ Pool, map }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const door = await gate();
      const reached = door.reached();
      const order = [];
      const first = pool.apply(through, [door.port]);
      await reached;
      const calls = [0, -1, 5, 0, 5].map((priority) => map([1], double, { pool, priority }).then(() => order.push(priority)));
      await door.open();
      await Promise.all([first, ...calls]);
      // A process is asked by a message, which may come when it has started what was handed over.
      if (pool.backend === 'processes' && order[0] === 0) order.splice(2, 0, order.shift());
      assert.deepEqual(order, [5, 5, 0, 0, -1]);
      await pool.close();
    },
  ],
  [
    'a short call need not wait for a long one to end',
    async ({ Pool }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const door = await gate();
      const reached = door.reached();
      const first = pool.apply(through, [door.port]);
      await reached;
      let longDone = 0;
      const long = pool.imap(doubleSlowly, Array(100).fill(1), 10);
      const short = pool.apply(double, [4]).then(() => longDone);
      await door.open();
      for await (const _ of long) longDone++;
      await first;
      // In turn: a chunk of the long one, the short one, the rest.
      assert.ok((await short) <= 20, `${await short} of the long one were done first`);
      await pool.close();
    },
  ],
];
