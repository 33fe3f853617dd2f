// One round of the soak, made from its seed: a pool with its options, jobs that run on it at once, and how it all ends.
import { KILLERS, TIMED } from './faults.native.mjs';

/** Random numbers that can be replayed. Mulberry32, by Tommy Ettinger. */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed | 0;
  }

  /** From 0 to below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `end`. */
  below(end) {
    return Math.floor(this.next() * end);
  }

  chance(probability) {
    return this.next() < probability;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
}

/** A task that may run this long is not ended by mistake on a machine that is busy. */
const TIMEOUT_MS = 1500;
const GRACE_MS = 60;

const DOORS = [
  'mapSettled',
  'mapSettled',
  'mapSettled',
  'map',
  'map',
  'mapStream',
  'mapStreamUnordered',
  'mapReduce',
  'run',
  'pool.map',
  'pool.imap',
  'pool.imapUnordered',
  'pool.starmap',
  'pool.apply',
];
const OF_POOL = /^pool\./;

/** The plan of a round: data and nothing else. */
export function planOf(seed, round, backend) {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(round + 1, 0x85ebca6b));
  const workers = 1 + random.below(3);
  const isShared = random.chance(0.15);
  const jobs = Array.from({ length: 1 + random.below(5) }, (_, id) => jobOf(random, { id, backend, workers, isShared }));
  return {
    seed,
    round,
    backend,
    workers,
    isShared,
    poolOptions: poolOptionsOf(random, jobs),
    jobs,
    ending: isShared ? 'shutdown' : random.pick(['close', 'close', 'close midway', 'terminate', 'terminate midway', 'dispose']),
    endingAfterMs: random.below(80),
  };
}

/** Little enough to run out of it soon. */
const MEMORY_MB = 48;

/** Workers that a round may use up by their number of tasks: each takes its time to start. */
const RECYCLED_AT_MOST = 25;

function poolOptionsOf(random, jobs) {
  // What a process prints as it runs out of memory is long.
  const runsOut = jobs.some(({ faults }) => faults.includes('memory'));
  const options = runsOut ? { logs: 'ignore', resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } } : {};
  const tasks = jobs.reduce((sum, { size, retries }) => sum + size * (1 + (retries?.times ?? 0)), 0);
  if (random.chance(0.15)) options.maxTasksPerWorker = Math.ceil(tasks / RECYCLED_AT_MOST) + 1 + random.below(60);
  if (random.chance(0.15)) options.idleTimeoutMs = 1 + random.below(50);
  if (random.chance(0.05)) options.maxMemoryBytes = 256 * 1024 * 1024;
  return options;
}

function jobOf(random, { id, backend, workers, isShared }) {
  const doors = isShared ? DOORS.filter((door) => !OF_POOL.test(door)) : DOORS;
  const door = random.pick(doors);
  const isAsync = random.chance(0.4);
  const hasLanes = isAsync && random.chance(0.3);
  const hasTimeout = random.chance(0.25);
  const faults = faultsOf(random, { backend, isAsync, hasTimeout, isShared });
  const isCostly = faults.some((fault) => TIMED.includes(fault) || KILLERS.includes(fault));
  const one = door === 'run' || door === 'pool.apply';
  const size = one ? 1 : random.chance(0.1) ? random.below(3) : random.below(random.chance(0.2) && !isCostly ? 2000 : 200);
  const faultShare =
    faults.length === 0 ? 0 : isCostly ? Math.min(0.5, (0.5 + 2 * random.next()) / Math.max(1, size)) : random.next() * 0.2;
  const isStream = /Stream|imap/.test(door);
  return {
    id,
    seed: Math.floor(random.next() * 2 ** 31),
    door,
    size,
    isAsync,
    faults,
    faultShare,
    refusing: !one && door !== 'mapReduce' && random.chance(0.1) ? 0.02 : 0,
    unserialisable: door !== 'mapReduce' && random.chance(0.15) ? 0.03 : 0,
    slowShare: random.chance(0.5) ? 0.1 : 0,
    bigBytes: random.chance(0.1) ? 256 * 1024 : 64,
    asGenerator: random.chance(0.2),
    concurrency: hasLanes ? workers * (2 + random.below(4)) : undefined,
    chunkSize: random.chance(0.4) ? 1 + random.below(20) : undefined,
    maxInFlight: random.chance(0.2) ? 1 + random.below(50) : undefined,
    priority: random.chance(0.2) ? random.below(5) - 2 : undefined,
    retries: retriesOf(random),
    timeoutMs: hasTimeout ? TIMEOUT_MS : undefined,
    graceMs: GRACE_MS,
    abortAfterMs: random.chance(0.12) ? random.below(60) : undefined,
    leaveAfter: isStream && random.chance(0.3) ? random.below(1 + size) : undefined,
    startAfterMs: random.chance(0.3) ? random.below(40) : 0,
  };
}

function faultsOf(random, { backend, isAsync, hasTimeout, isShared }) {
  const all = ['throw', 'throw', 'exit', 'dangling'];
  if (backend === 'processes') all.push('kill');
  if (hasTimeout) all.push('loop');
  if (hasTimeout && isAsync) all.push('hang');
  // A shared pool has no limits. Whose time is limited is slow to run out of memory on a machine that is busy. On threads Node may not
  // manage to end the worker alone (test/matrix), and the soak would end with it.
  if (backend === 'processes' && !isShared && !hasTimeout) all.push('memory');
  if (random.chance(0.3)) return [];
  return all.filter(() => random.chance(0.4));
}

function retriesOf(random) {
  if (random.chance(0.5)) return undefined;
  const times = 1 + random.below(3);
  if (random.chance(0.5)) return { times };
  return { times, delayMs: random.below(10), backoff: 1 + random.below(2), notThirds: random.chance(0.3) };
}
