// The tasks of the soak. Each writes down that it starts and that it ends: what has run, and how often, is counted by that.
import { appendFileSync } from 'node:fs';
import { context } from '../../dist/index.js';
import { faultOf, resultOf, thrownBy, workOf } from './faults.native.mjs';

/** The function of a job. An item is its number, or an object with it. */
export function taskOf(job) {
  if (job.isAsync) return async (item) => playAsync(job, typeof item === 'number' ? item : item.n);
  return (item) => playSync(job, typeof item === 'number' ? item : item.n);
}

function begin(job, n) {
  const { attempt } = context;
  appendFileSync(job.file, `s ${n} ${attempt}\n`);
  return attempt;
}

function end(job, n, attempt) {
  appendFileSync(job.file, `e ${n} ${attempt}\n`);
}

function playSync(job, n) {
  const attempt = begin(job, n);
  const until = performance.now() + workOf(job, n);
  while (performance.now() < until);
  const fault = faultOf(job, n, attempt);
  if (fault !== undefined) hurt(job, n, fault, attempt);
  end(job, n, attempt);
  return fault === 'unserialisable' ? { n, held: Promise.resolve() } : resultOf(job, n);
}

async function playAsync(job, n) {
  const attempt = begin(job, n);
  const ms = workOf(job, n);
  await (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);
  const fault = faultOf(job, n, attempt);
  if (fault === 'hang') await new Promise(() => {});
  if (fault !== undefined) hurt(job, n, fault, attempt);
  // A task that has left a rejection behind is still there when it is found.
  if (fault === 'dangling') await new Promise((resolve) => setTimeout(resolve, 2_000));
  end(job, n, attempt);
  return fault === 'unserialisable' ? { n, held: Promise.resolve() } : resultOf(job, n);
}

function hurt(job, n, fault, attempt) {
  switch (fault) {
    case 'throw':
      end(job, n, attempt);
      throw thrownBy(job, n);
    case 'exit':
      process.exit(n % 4);
      break;
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      for (;;);
    case 'loop':
      for (;;);
    case 'memory':
      for (const all = []; ; ) all.push(new Array(10_000).fill(all.length));
    case 'dangling':
      void Promise.reject(new RangeError(`dangling ${n}`));
  }
}
