// Whether a round kept what is promised: every item has exactly one outcome, it is what the loop says, and nothing ran twice that must not.
import { existsSync, readFileSync } from 'node:fs';
import { inspect, isDeepStrictEqual } from 'node:util';
import { whereFailed } from '../../dist/index.js';
import { expectedOf, mayBeLostBeside, mayLoseWorkers, words, wrongWith } from './expected.native.mjs';
import { faultOf, KILLERS, resultOf } from './faults.native.mjs';

/** What is wrong with what came of a job: a list of sentences. `figures` learns what happened. */
export function wrongs(plan, ended, figures) {
  const wrong = [...outcomeWrongs(plan, ended), ...runWrongs(plan, ended, figures)];
  figures.jobs++;
  figures.items += ended.job.size;
  return wrong.map((text) => `${plan.backend}, seed ${plan.seed}, round ${plan.round}, job ${ended.job.id} (${ended.job.door}): ${text}`);
}

const errorOf = (ended) => ('error' in ended ? { error: ended.error } : undefined);

function outcomeWrongs(plan, ended) {
  const { job, reason } = ended;
  const failure = errorOf(ended);
  if (failure) {
    if (failure.error === reason) return job.abortAfterMs === undefined ? ['it was aborted by nobody'] : [];
    if (mayBeRefused(plan, failure.error)) return [];
  }
  if (job.door === 'mapReduce') return reductionWrongs(plan, ended, failure);
  if (ended.outcomes) {
    if (ended.outcomes.length !== job.size) return [`${ended.outcomes.length} outcomes of ${job.size} items`];
    return ended.outcomes.flatMap((outcome, n) => [wrongWith(plan, job, n, outcome), placeWrong(outcome, n)].filter(Boolean));
  }
  const isOrdered = !/Unordered/.test(job.door);
  const streams = /Stream|imap/.test(job.door);
  const wrong = isOrdered
    ? ended.values.flatMap((value, n) => wrongWith(plan, job, n, { value }) ?? [])
    : wrongAsSet(plan, job, ended.values);
  if (failure) wrong.push(...failureWrongs(plan, job, failure, streams && isOrdered ? ended.values.length : undefined));
  else if (!ended.left && ended.values.length !== job.size) wrong.push(`${ended.values.length} results of ${job.size} items`);
  return wrong;
}

/** The error of a call as a whole must be that of one of its items. */
function failureWrongs(plan, job, failure, at) {
  const told = whereFailed(failure.error)?.index;
  const index = at ?? told;
  if (at !== undefined && told !== undefined && told !== at) return [`it stopped at ${at}, and the error is said to be of ${told}`];
  if (index !== undefined) return [wrongWith(plan, job, index, failure)].filter(Boolean);
  for (let n = 0; n < job.size; n++) if (wrongWith(plan, job, n, failure) === undefined) return [];
  return [`no item fails with ${words(failure)}`];
}

/** A pool that ends while calls are made may refuse or end them. */
function mayBeRefused({ ending }, error) {
  return (
    ((ending === 'close midway' || ending === 'dispose') && error?.code === 'POOL_CLOSED') ||
    (ending === 'terminate midway' && error?.code === 'POOL_TERMINATED')
  );
}

function placeWrong({ error }, n) {
  const index = whereFailed(error)?.index;
  return index === undefined || index === n ? undefined : `the error of item ${n} is said to be of item ${index}`;
}

/** An item of a reduction may be tried again because of another in its block, so only what no try changes is certain. */
function reductionWrongs(plan, { job, sum }, failure) {
  const faulty = Array.from({ length: job.size }, (_, n) => n).some((n) => [1, 2, 3, 4].some((attempt) => faultOf(job, n, attempt)));
  const must = Array.from({ length: job.size }, (_, n) => resultOf(job, n)).reduce((a, b) => a + b, 0);
  if (!failure) return sum === must ? [] : [`the sum is ${sum}, not ${must}`];
  return faulty || mayBeLostBeside(plan, job) ? [] : [`nothing is to fail, and it gave ${words(failure)}`];
}

function wrongAsSet(plan, job, values) {
  const left = new Map();
  for (let n = 0; n < job.size; n++) {
    if (expectedOf(job, n).fault !== undefined && !mayBeLostBeside(plan, job)) continue;
    const value = resultOf(job, n);
    left.set(keyOf(value), [...(left.get(keyOf(value)) ?? []), value]);
  }
  return values.flatMap((value) => {
    const same = left.get(keyOf(value)) ?? [];
    const at = same.findIndex((other) => isDeepStrictEqual(value, other));
    if (at < 0) return [`a result that no item has left to give: ${words({ value })}`];
    same.splice(at, 1);
    return [];
  });
}

const keyOf = (value) => inspect(value, { maxArrayLength: 3, breakLength: Number.POSITIVE_INFINITY });

/** What was written down by the tasks themselves. */
function runsOf(file) {
  const runs = new Map();
  if (!existsSync(file)) return runs;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const [kind, n, attempt] = line.split(' ');
    const key = `${n} ${attempt}`;
    if (!runs.has(key)) runs.set(key, { n: Number(n), attempt: Number(attempt), s: 0, e: 0 });
    runs.get(key)[kind]++;
  }
  return runs;
}

function runWrongs(plan, ended, figures) {
  const { job, outcomes } = ended;
  const runs = runsOf(job.file);
  const wrong = [];
  const losesWorkers = mayLoseWorkers(plan);
  for (const { n, attempt, s, e } of runs.values()) {
    figures.runs += s;
    const fault = faultOf(job, n, attempt);
    if (fault) figures.faults[fault] = (figures.faults[fault] ?? 0) + s;
    // A block of a reduction runs again as a whole.
    if (job.door === 'mapReduce') continue;
    const { tries, most } = expectedOf(job, n);
    if (s > 1) figures.ranAgain += s - 1;
    const what = `item ${n}, attempt ${attempt}, was started ${s} times and ended ${e} times`;
    if (fault === 'refused') wrong.push(`${what}, and it was refused`);
    else if (KILLERS.includes(fault) && (s !== 1 || e !== 0)) wrong.push(`${what}, and it ends its worker`);
    else if (s > 1 && !losesWorkers) wrong.push(`${what}, and no worker was lost`);
    // What had not ended is never started again: only finished results that were lost with their worker may be made again.
    else if (s - e > 1) wrong.push(`${what}: one that had not ended was started again`);
    const atMost = mayBeLostBeside(plan, job) ? most : tries;
    if (attempt > atMost) wrong.push(`${what}, and ${atMost} tries are all it has`);
    if (attempt > 1 && !runs.has(`${n} ${attempt - 1}`)) wrong.push(`${what}, and the attempt before never ran`);
  }
  const delivered = outcomes ?? (ended.left || 'error' in ended || !ended.values ? [] : ended.values.map((value) => ({ value })));
  // Of results that come as they finish nobody knows whose they are.
  if (!/Unordered/.test(job.door)) for (const [n, outcome] of delivered.entries()) wrong.push(...deliveredWrongs(job, n, outcome, runs));
  return wrong;
}

/** What has given its result has ended as often as it was started. */
function deliveredWrongs(job, n, outcome, runs) {
  const last = [5, 4, 3, 2, 1].map((attempt) => runs.get(`${n} ${attempt}`)).find(Boolean);
  if (!last) return 'value' in outcome ? [`item ${n} has a value, and never ran`] : [];
  const { attempt, s, e } = last;
  const fault = faultOf(job, n, attempt);
  const isGiven = 'value' in outcome || fault === 'throw' || fault === 'unserialisable';
  return isGiven && outcome.error?.code !== 'WORKER_LOST' && s !== e
    ? [`item ${n}, attempt ${attempt}, gave its result, was started ${s} times and ended ${e} times`]
    : [];
}
