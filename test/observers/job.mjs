// A program with a bar, for progress-tmux.test.ts: node job.mjs <which program> <file that lets it go on> [text to begin with]
// Its tasks come to a certain point and wait there, so that the test can look as long as it needs.
import { existsSync } from 'node:fs';
import { Pool, range } from '../../dist/index.js';

const [, , which, go, begin = ''] = process.argv;
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const toGo = async () => {
  while (!existsSync(go)) await wait(20);
};

/** A job that has `done` tasks of `size` after a while, then calls `midway`, waits to go on, and ends, with the error if there is one. */
async function job({ name = 'crunch', size = 1000, done = 400, error, midway = () => {} }) {
  const crunch = (i) => {
    if (i < done) return i;
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(go)) Atomics.wait(sleeper, 0, 0, 20);
    if (error) throw error;
    return i;
  };
  async function* unknown() {
    yield* range(done);
    await toGo();
  }
  const pool = new Pool(1);
  const running = pool.map(crunch, size === null ? unknown() : range(size), { chunkSize: 1, progress: { label: name } });
  // It may fail before it is awaited below.
  running.catch(() => {});
  await wait(300);
  await midway();
  try {
    return await running;
  } finally {
    await pool.close();
  }
}

const programs = {
  one: () => job({}),
  unknown: () => job({ name: 'read', size: null }),
  two: () => Promise.all([job({ name: 'shrink images', size: 12_000, done: 5200 }), job({ name: 'fetch', size: 80, done: 60 })]),
  fails: () => job({ error: new Error('in the middle') }),
  prints: () =>
    job({
      async midway() {
        console.log('a line of stdout');
        await wait(300);
        console.error('two lines\nof stderr');
        process.emitWarning('mind the gap');
      },
    }),
  halves: () =>
    job({
      async midway() {
        process.stdout.write('half a line');
        await toGo();
        console.log(', the other half');
        await wait(300);
      },
    }),
  exits: () =>
    job({
      async midway() {
        await toGo();
        process.exit(3);
      },
    }),
  throws: () =>
    job({
      async midway() {
        await toGo();
        setImmediate(() => {
          throw new RangeError('nobody caught this');
        });
        await wait(60_000);
      },
    }),
};

/** What is in place in this process: compared before and after. */
const traces = () =>
  JSON.stringify([
    ['stdout', 'stderr'].map((name) => [Object.hasOwn(process[name], 'write'), process[name].eventNames().map(String)]),
    process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate/.test(name)),
  ]);
// Streams come into being at their first use.
process.stderr.write('');
process.stdout.write(begin);
const before = traces();
try {
  await programs[which]();
  console.log('the result');
} catch (error) {
  console.log('caught:', error.message);
}
// What is left of this turn of the event loop is over with it.
await new Promise((resolve) => setImmediate(resolve));
console.log(traces() === before ? 'nothing left behind' : `left behind: ${before} is now ${traces()}`);
