// What stays behind: node --expose-gc test/leaks/main.mjs (after a build; a few minutes). ALLCORES_LEAKS_SHARE (default 1) makes it shorter.
// Each work is done in rounds of the same size, the first for warming up. After each round, with everything closed, the heap, handles,
// listeners, threads, descriptors and child processes must be back where they were.
import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { map, mapStream, Pool, range } from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';

const share = Number(process.env.ALLCORES_LEAKS_SHARE ?? 1);
const ROUNDS = 4;
/** Bytes a unit of work may leave behind in each round after the first. Garbage that V8 keeps for itself is not told from a leak below this. */
const SLACK_BYTES = 512 * 1024;

const square = (x) => x * x;

const onOnePool = (body) => async (count, backend) => {
  const pool = new Pool({ workers: 2, backend });
  try {
    await body(count, pool);
  } finally {
    await pool.close();
  }
};

/** [name, how many by backend, the work of so many]. */
const works = [
  [
    'tasks on one pool',
    { threads: 250_000, processes: 250_000 },
    onOnePool(async (count, pool) => {
      const squares = await pool.map(square, range(count));
      if (squares.length !== count || squares[count - 1] !== (count - 1) ** 2) throw new Error('a wrong result');
    }),
  ],
  [
    'pools that are closed or terminated',
    { threads: 500, processes: 100 },
    async (count, backend) => {
      for (let i = 0; i < count; i++) {
        const pool = new Pool({ workers: 1, backend });
        if ((await pool.map(square, [i]))[0] !== i * i) throw new Error('a wrong result');
        await (i % 2 === 0 ? pool.close() : pool.terminate());
      }
    },
  ],
  [
    'jobs that are aborted, all by one signal each time',
    { threads: 2000, processes: 2000 },
    onOnePool(async (count, pool) => {
      for (let i = 0; i < count; i += 10) {
        const stop = new AbortController();
        const jobs = Array.from({ length: 10 }, () => map(range(100), square, { pool, chunkSize: 5, signal: stop.signal }).catch(() => {}));
        stop.abort();
        await Promise.all(jobs);
        if (getEventListeners(stop.signal, 'abort').length > 0) throw new Error('a listener stays on the signal');
      }
    }),
  ],
  [
    'jobs that end by themselves, under one signal that lives on',
    { threads: 2000, processes: 2000 },
    onOnePool(async (count, pool) => {
      const stop = new AbortController();
      for (let i = 0; i < count; i++) await map([i], square, { pool, signal: stop.signal });
      if (getEventListeners(stop.signal, 'abort').length > 0) throw new Error('a listener stays on the signal');
    }),
  ],
  [
    'streams that are left',
    { threads: 1000, processes: 1000 },
    onOnePool(async (count, pool) => {
      for (let i = 0; i < count; i++) {
        for await (const y of mapStream(range(1000), square, { pool, maxInFlight: 20 })) if (y > 4) break;
      }
    }),
  ],
  [
    'workers that are lost',
    { threads: 200, processes: 100 },
    onOnePool(async (count, pool) => {
      for (let i = 0; i < count; i++) {
        const error = await map([i], () => process.exit(1), { pool }).catch((e) => e);
        if (error.code !== 'WORKER_LOST') throw error;
      }
    }),
  ],
];

function measured() {
  globalThis.gc();
  globalThis.gc();
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return {
    heapBytes: process.memoryUsage().heapUsed,
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'TTYWrap' && name !== 'PipeWrap').length,
    listeners,
    threads: entriesOf('/proc/self/task'),
    descriptors: entriesOf('/proc/self/fd'),
    children: childrenOf(),
  };
}

/** Linux alone tells; elsewhere these figures stay 0. */
function entriesOf(folder) {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
}

function childrenOf() {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean).length;
  } catch {
    return 0;
  }
}

/** Threads that have been told to end are gone a moment later. */
async function settled(before) {
  const until = performance.now() + 5000;
  for (;;) {
    const now = measured();
    const isBack = ['handles', 'listeners', 'threads', 'descriptors', 'children'].every((name) => now[name] <= before[name]);
    if (isBack || performance.now() > until) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

let failed = 0;
for (const backend of WORKER_BACKENDS) {
  for (const [name, counts, work] of works) {
    const count = Math.max(10, Math.round(counts[backend] * share));
    const from = performance.now();
    const figures = [];
    for (let round = 0; round < ROUNDS; round++) {
      await work(count, backend);
      figures.push(await settled(figures[0] ?? measured()));
    }
    const [first, ...later] = figures;
    const wrong = [];
    for (const what of ['handles', 'listeners', 'threads', 'descriptors', 'children']) {
      if (later.at(-1)[what] > first[what]) wrong.push(`${what}: ${figures.map((f) => f[what]).join(', ')}`);
    }
    // A leak grows in every round.
    const grown = later.map((f, i) => f.heapBytes - figures[i].heapBytes);
    if (grown.every((bytes) => bytes > 0) && later.at(-1).heapBytes - first.heapBytes > SLACK_BYTES)
      wrong.push(`heap: ${figures.map((f) => `${(f.heapBytes / 2 ** 20).toFixed(2)} MB`).join(', ')}`);
    failed += wrong.length;
    const { heapBytes, ...rest } = later.at(-1);
    const heap = `heap ${((heapBytes - first.heapBytes) / 1024).toFixed(0)} kB more than after the first`;
    console.log(
      `${wrong.length > 0 ? 'LEAKS' : 'ok'} ${backend}: ${ROUNDS} × ${count} ${name}: ${heap}, ${JSON.stringify(rest)}, ${((performance.now() - from) / 1000).toFixed(1)} s`,
    );
    for (const text of wrong) console.log(`   ${text}`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
