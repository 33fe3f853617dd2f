// Plays the plan of a round against the package: starts its jobs, ends its pool, and gives what came of each job.
import { map, mapReduce, mapSettled, mapStream, Pool, run, shutdown } from '../../dist/index.js';
import { faultOf } from './faults.native.mjs';
import { taskOf } from './tasks.native.mjs';

const after = (ms) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);

/** `watched(label, promise)` gives the promise, and tells when it never settles. Gives what came of each job. */
export async function play(plan, folder, watched) {
  const pool = plan.isShared ? undefined : new Pool({ workers: plan.workers, backend: plan.backend, ...plan.poolOptions });
  const label = (what) => `${plan.backend}, round ${plan.round}: ${what}`;
  const jobs = plan.jobs.map(async (job) => {
    const withFile = { ...job, file: `${folder}/${plan.round}-${job.id}` };
    await after(job.startAfterMs);
    return watched(label(`job ${job.id} (${job.door})`), playJob(plan, withFile, pool));
  });
  const all = Promise.all(jobs);
  if (/midway/.test(plan.ending)) await after(plan.endingAfterMs);
  else await all;
  await watched(label(plan.ending), end(plan, pool));
  return all;
}

async function end({ ending }, pool) {
  if (ending === 'shutdown') return shutdown();
  if (ending === 'dispose') return pool[Symbol.asyncDispose]();
  return ending.startsWith('close') ? pool.close() : pool.terminate();
}

/** `{ job, outcomes }`, `{ job, values }`, `{ job, values, error }` or `{ job, error }`. */
async function playJob(plan, job, pool) {
  const reason = new Error(`job ${job.id} was aborted`);
  const aborting = new AbortController();
  const timer = job.abortAfterMs === undefined ? undefined : setTimeout(() => aborting.abort(reason), job.abortAfterMs);
  const values = [];
  try {
    const found = await doorOf(plan, job, pool, aborting.signal, values);
    return { job, reason, ...found };
  } catch (error) {
    return { job, reason, error, values };
  } finally {
    clearTimeout(timer);
  }
}

async function doorOf(plan, job, pool, signal, values) {
  const { door, workers: _, ...options } = { door: job.door, ...optionsOf(job), signal };
  const where = pool ? { pool } : { workers: plan.workers, backend: plan.backend };
  const task = taskOf(job);
  switch (door) {
    case 'map':
      return { values: await map(itemsOf(job), task, { ...options, ...where }) };
    case 'mapSettled': {
      const outcomes = await mapSettled(itemsOf(job), task, { ...options, ...where });
      return { outcomes: outcomes.map((o) => (o.status === 'fulfilled' ? { value: o.value } : { error: o.reason })) };
    }
    case 'mapReduce':
      return { sum: await mapReduce(itemsOf(job), task, (a, b) => a + b, { ...options, ...where, initial: 0 }) };
    case 'run': {
      const [item] = [...itemsOf(job)];
      return { values: [await run(task, [item], { ...options, ...where })] };
    }
    case 'mapStream':
    case 'mapStreamUnordered': {
      const stream = mapStream(itemsOf(job), task, { ...options, ...where, ordered: door === 'mapStream' });
      return read(stream, job, values);
    }
    case 'pool.map':
      return { values: await pool.map(task, itemsOf(job), options) };
    case 'pool.starmap':
      return {
        values: await pool.starmap(
          task,
          [...itemsOf(job)].map((item) => [item]),
          options,
        ),
      };
    case 'pool.apply':
      return { values: [await pool.apply(task, [[...itemsOf(job)][0]], options)] };
    case 'pool.imap':
      return read(pool.imap(task, itemsOf(job), options), job, values);
    case 'pool.imapUnordered':
      return read(pool.imapUnordered(task, itemsOf(job), options), job, values);
  }
  throw new Error(`no such door: ${door}`);
}

async function read(stream, job, values) {
  if (job.leaveAfter === 0) {
    await stream.return();
    return { values, left: true };
  }
  for await (const value of stream) {
    values.push(value);
    if (values.length === job.leaveAfter) return { values, left: true };
  }
  return { values };
}

function optionsOf({ concurrency, chunkSize, maxInFlight, priority, retries, timeoutMs, graceMs }) {
  const options = { concurrency, chunkSize, maxInFlight, priority, timeoutMs, graceMs };
  if (retries) {
    const { notThirds, ...rest } = retries;
    options.retries = notThirds ? { ...rest, when: (_, { index }) => index % 3 !== 0 } : rest;
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function itemsOf(job) {
  const item = (n) =>
    faultOf(job, n, 1) === 'refused' ? { n, held: Promise.resolve() } : n % 3 === 0 ? { n, pad: 'x'.repeat(n % 100) } : n;
  const list = Array.from({ length: job.size }, (_, n) => item(n));
  if (!job.asGenerator) return list;
  return (function* () {
    yield* list;
  })();
}
