// What a plain loop says must come of each item, and whether it did.
import { isDeepStrictEqual } from 'node:util';
import { faultOf, KILLERS, OddError, resultOf, TIMED, thrownBy } from './faults.native.mjs';

const WORKER_LOST = 'WORKER_LOST';

/** How often an item of the job may be tried. */
function triesOf({ retries }, n) {
  if (!retries || (retries.notThirds && n % 3 === 0)) return 1;
  return retries.times + 1;
}

/** A synchronous task has ended before anybody finds the rejection that it has left behind. */
function failsBy(job, fault) {
  return fault !== undefined && !(fault === 'dangling' && !job.isAsync);
}

/** `{ fault, tries, most }`: what the last try runs into, if anything; how many tries that takes, and how many there may be. */
export function expectedOf(job, n) {
  const most = triesOf(job, n);
  for (let attempt = 1; ; attempt++) {
    const fault = faultOf(job, n, attempt);
    if (fault === 'refused') return { fault, tries: 0, most: 0 };
    if (!failsBy(job, fault)) return { fault: undefined, tries: attempt, most };
    if (attempt >= most) return { fault, tries: attempt, most };
  }
}

/** Whether an item that stands beside others in its worker may have been lost with them. */
export function mayBeLostBeside(plan, job) {
  return job.concurrency !== undefined && plan.jobs.some((other) => other.concurrency !== undefined && endsWorkers(other));
}

/** Whether workers may be ended under the jobs of a plan. */
export function mayLoseWorkers(plan) {
  return plan.ending === 'terminate midway' || plan.jobs.some(endsWorkers);
}

function endsWorkers({ faults, abortAfterMs, leaveAfter, timeoutMs }) {
  const isCut = abortAfterMs !== undefined || leaveAfter !== undefined || timeoutMs !== undefined;
  return isCut || faults.some((fault) => KILLERS.includes(fault) || TIMED.includes(fault));
}

/** What is wrong with this outcome, `{ value }` or `{ error }`; undefined for nothing. */
export function wrongWith(plan, job, n, outcome) {
  const { fault, most } = expectedOf(job, n);
  if (isExpected(job, n, fault, outcome)) return undefined;
  if (mayBeLostBeside(plan, job)) {
    if (outcome.error?.code === WORKER_LOST) return undefined;
    // Beside a task that never gives the thread back its own time runs out, too.
    if (outcome.error?.code === 'TASK_TIMEOUT' && job.timeoutMs !== undefined) return undefined;
    // A try that was lost with another brings the next one forward.
    for (let attempt = 1; attempt <= most; attempt++) {
      const other = faultOf(job, n, attempt);
      if (isExpected(job, n, failsBy(job, other) ? other : undefined, outcome)) return undefined;
    }
  }
  return `item ${n} must ${fault === undefined ? 'succeed' : `fail by ${fault}`}, and it gave ${words(outcome)}`;
}

function isExpected(job, n, fault, outcome) {
  if (fault === undefined) return 'value' in outcome && isDeepStrictEqual(outcome.value, resultOf(job, n));
  return !('value' in outcome) && isFault(job, n, fault, outcome.error);
}

/** Whether an error is what this fault gives. */
function isFault(job, n, fault, error) {
  const isAbout = (code) => error?.code === code && (error.index === undefined || error.index === n);
  switch (fault) {
    case 'refused':
    case 'unserialisable':
      return error?.code === 'NOT_SHIPPABLE';
    case 'exit':
    case 'kill':
    case 'memory':
      return isAbout(WORKER_LOST);
    case 'loop':
    case 'hang':
      return isAbout('TASK_TIMEOUT');
    case 'dangling':
      return error instanceof RangeError && error.message === `dangling ${n}`;
    case 'throw':
      return isThrown(thrownBy(job, n), error);
  }
  throw new Error(`no such fault: ${fault}`);
}

function isThrown(thrown, error) {
  if (!(thrown instanceof Error)) return isDeepStrictEqual(error, thrown);
  // One whose getter throws cannot be copied whole.
  if (/^getter/.test(thrown.message)) return error instanceof Error;
  if (thrown instanceof OddError && !(error instanceof OddError && error.n === thrown.n)) return false;
  return error instanceof Error && error.name === thrown.name && error.message === thrown.message;
}

export function words(outcome) {
  if ('value' in outcome)
    return `the value ${String(JSON.stringify(outcome.value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))).slice(0, 200)}`;
  const { error } = outcome;
  const isError = error instanceof Error;
  return `the error ${isError ? `${error.name} ${error.code ?? ''} ${error.message}`.slice(0, 400) : JSON.stringify(error)}`;
}
