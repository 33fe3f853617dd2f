// How often a task runs: each sentence stands in docs/executions-and-errors.md, and is played here on each backend that it names.
import assert from 'node:assert/strict';
import { newNotes, note, noted } from '../doors/notes.native.mjs';

const items = (count) => Array.from({ length: count }, (_, i) => i);

/** Runs of each item, as the tasks have noted them. */
function runs(path) {
  const counts = new Map();
  for (const line of noted(path)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

const twice = (path) => [...runs(path)].filter(([, count]) => count > 1).map(([item]) => Number(item));
const failed = (outcomes) => outcomes.flatMap((o, i) => (o.status === 'rejected' ? [i] : []));

/** Keeps its thread busy. */
const busy = (ms) => {
  for (const since = performance.now(); performance.now() - since < ms; );
};

/** Ends its worker without a word, as far as the backend lets it. */
const die = (backend) => {
  if (backend === 'processes') process.kill(process.pid, 'SIGKILL');
  const hoard = [];
  for (;;) hoard.push(new Array(1000).fill(hoard.length));
};

const small = { resourceLimits: { maxOldGenerationSizeMb: 40 } };
const WORKERS = ['threads', 'processes'];
const ALL = [...WORKERS, 'inline'];

/** [the sentence, the backends it holds on, what shows it] */
export const sentences = [
  [
    'A task that succeeds runs once.',
    ALL,
    async ({ map }, o) => {
      const path = newNotes();
      await map(items(500), (i) => note(path, i), o);
      assert.deepEqual([runs(path).size, twice(path)], [500, []]);
    },
  ],
  [
    'Without `retries`, a task that has started and not ended never runs again, however its worker ends.',
    WORKERS,
    async ({ mapSettled, Pool }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 2, ...small, ...o });
      const outcomes = await mapSettled(
        items(60),
        (i) => {
          note(path, i);
          busy(4);
          if (i === 30) die(backend);
          return i;
        },
        { pool },
      );
      assert.deepEqual([failed(outcomes), outcomes[30].reason.code, twice(path)], [[30], 'WORKER_LOST', []]);
    },
  ],
  [
    'With `retries`, a task that failed, whose worker was lost, or whose time was up, runs again, once for each try.',
    WORKERS,
    async ({ map, Pool, context }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 2, ...small, ...o });
      const results = await map(
        items(12),
        (i) => {
          note(path, i);
          busy(4);
          if (context.attempt === 1) {
            if (i === 2) throw new Error('once');
            if (i === 5) die(backend);
            if (i === 8) for (;;);
          }
          return i;
        },
        { pool, retries: 1, timeoutMs: 2000, graceMs: 1 },
      );
      assert.deepEqual(results, items(12));
      assert.deepEqual(
        twice(path).sort((a, b) => a - b),
        [2, 5, 8],
      );
    },
  ],
  [
    'A task that has ended and whose result has been handed over never runs again, whatever becomes of its worker. Handed over are, before a task starts, all but the last 2 ms of finished work.',
    WORKERS,
    async ({ mapSettled, Pool }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 1, ...small, ...o });
      const outcomes = await mapSettled(
        items(20),
        (i) => {
          note(path, i);
          busy(3);
          if (i === 15) die(backend);
          return i;
        },
        { pool, chunkSize: 20 },
      );
      assert.deepEqual([failed(outcomes), twice(path)], [[15], []]);
    },
  ],
  [
    'Of tasks quicker than that, those that had ended and were not handed over when their worker was lost run again: no attempt is counted for it. On threads a worker is lost like that only when it runs out of memory, and then up to 15 tasks that were claimed together, or those of up to 10 quick chunks, may be among them.',
    WORKERS,
    async ({ mapSettled, Pool }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 1, ...small, ...o });
      const outcomes = await mapSettled(
        items(400),
        (i) => {
          note(path, i);
          if (i === 390) die(backend);
          return i;
        },
        { pool, chunkSize: 400 },
      );
      assert.deepEqual(failed(outcomes), [390]);
      assert.deepEqual(
        outcomes.map((outcome) => outcome.value),
        items(400).map((i) => (i === 390 ? undefined : i)),
      );
      assert.ok(
        twice(path).every((i) => i < 390 && i > 190),
        `ran twice: ${twice(path)}`,
      );
      assert.ok([...runs(path).values()].every((count) => count <= 2));
    },
  ],
  [
    'Where tasks have a `timeoutMs`, each result is handed over before the next task starts: nothing that has ended runs again.',
    WORKERS,
    async ({ mapSettled, Pool }, o) => {
      const path = newNotes();
      const pool = new Pool({ workers: 1, ...o });
      const outcomes = await mapSettled(
        items(400),
        (i) => {
          note(path, i);
          if (i === 390) for (;;);
          return i;
        },
        { pool, chunkSize: 400, timeoutMs: 500, graceMs: 1 },
      );
      assert.deepEqual([failed(outcomes), outcomes[390].reason.code, twice(path)], [[390], 'TASK_TIMEOUT', []]);
    },
  ],
  [
    'A task that has not started when its worker is lost runs elsewhere, once.',
    WORKERS,
    async ({ mapSettled, Pool }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 2, ...small, ...o });
      const outcomes = await mapSettled(
        items(100),
        (i) => {
          note(path, i);
          if (i === 0) die(backend);
          return i;
        },
        { pool, chunkSize: 50 },
      );
      assert.deepEqual([failed(outcomes), runs(path).size, twice(path)], [[0], 100, []]);
    },
  ],
  [
    'What ends its worker while several items are rebuilt there, or several results packed, is found by halves: what had ended and was not handed over runs again.',
    WORKERS,
    async ({ mapSettled, Pool, registerType }, o) => {
      const path = newNotes();
      class Trap {
        constructor(i) {
          this.i = i;
        }
      }
      const { backend } = o;
      registerType({
        tag: `trap ${path}`,
        type: Trap,
        toPlain: ({ i }) => i,
        fromPlain: (i) => {
          if (i === 5) die(backend);
          return new Trap(i);
        },
      });
      const pool = new Pool({ workers: 1, ...small, ...o });
      const outcomes = await mapSettled(
        items(8).map((i) => new Trap(i)),
        ({ i }) => note(path, i),
        { pool, chunkSize: 8 },
      );
      assert.deepEqual([failed(outcomes), twice(path)], [[5], []]);
      assert.equal(outcomes[5].reason.code, 'WORKER_LOST');
    },
  ],
  [
    'Of `mapReduce` all this is said of blocks of items, which are its tasks.',
    WORKERS,
    async ({ mapReduce, Pool, context }, o) => {
      const path = newNotes();
      const { backend } = o;
      const pool = new Pool({ workers: 2, ...small, ...o });
      const sum = await mapReduce(
        items(300),
        (i) => {
          note(path, i);
          if (i === 200 && context.attempt === 1) die(backend);
          return i;
        },
        (a, b) => a + b,
        { pool, retries: 1 },
      );
      assert.equal(sum, (299 * 300) / 2);
      assert.ok([...runs(path).values()].every((count) => count <= 2));
    },
  ],
  [
    'When a call ends early, by a failure or by its signal, nothing of it starts any more: at once on threads and in line, and on processes as soon as the word has arrived there.',
    ALL,
    async ({ map }, given) => {
      const path = newNotes();
      const o = given.backend === 'inline' ? given : { ...given, workers: 2 };
      const stop = new AbortController();
      await assert.rejects(
        map(
          items(1000),
          async (i) => {
            note(path, i);
            await new Promise((resolve) => setTimeout(resolve, 2));
          },
          {
            ...o,
            signal: stop.signal,
            progress: ({ done }) => {
              if (done > 0) stop.abort(new Error('enough'));
            },
          },
        ),
        /enough/,
      );
      const then = noted(path).length;
      await map([1], (x) => x, o);
      assert.ok(then < 1000);
      const late = noted(path).length - then;
      assert.ok(late <= (o.backend === 'processes' ? 2 : 0), `${late} started late`);
      await map([1], (x) => x, o);
      assert.equal(noted(path).length, then + late);
      assert.deepEqual(twice(path), []);
    },
  ],
  [
    'A `setup` runs once in each worker, so again in one that takes the place of another.',
    WORKERS,
    async ({ Pool }, o) => {
      const path = newNotes();
      const pool = new Pool({ workers: 1, maxTasksPerWorker: 2, setup: () => note(path, 'set up'), ...o });
      await pool.map((x) => x, items(6), 1);
      assert.ok(noted(path).length >= 3 && noted(path).length <= 4, `${noted(path).length} setups`);
    },
  ],
];
