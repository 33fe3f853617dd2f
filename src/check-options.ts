/** Options are hostile until checked: unknown and inherited names are refused, and what comes out has no prototype. */
import { UsageError } from './errors.ts';
import type { OptionRule, Scope, ValueRule } from './option-rule.ts';
import { OPTIONS } from './options.ts';
import { show } from './show.ts';

/** Names people bring from elsewhere, and ours: the first that exists at the door. */
export const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  concurrent: ['concurrency'],
  limit: ['concurrency'],
  processes: ['workers', 'nJobs'],
  n_jobs: ['nJobs', 'workers'],
  nJobs: ['workers'],
  n_workers: ['nJobs', 'workers'],
  workers: ['nJobs'],
  jobs: ['nJobs', 'workers'],
  threads: ['nJobs', 'workers'],
  maxThreads: ['nJobs', 'workers'],
  maxWorkers: ['nJobs', 'workers'],
  numWorkers: ['nJobs', 'workers'],
  num_workers: ['nJobs', 'workers'],
  poolSize: ['nJobs', 'workers'],
  size: ['nJobs', 'workers'],
  max_workers: ['nJobs', 'workers'],
  chunksize: ['chunkSize', 'batchSize'],
  chunk_size: ['chunkSize', 'batchSize'],
  chunkSize: ['batchSize'],
  batchSize: ['chunkSize'],
  batch_size: ['batchSize', 'chunkSize'],
  abortSignal: ['signal'],
  abort: ['signal'],
  timeout: ['timeoutMs'],
  taskTimeout: ['timeoutMs'],
  timeout_ms: ['timeoutMs'],
  worker_timeout: ['timeoutMs'],
  gracePeriod: ['graceMs'],
  killTimeout: ['graceMs'],
  retry: ['retries'],
  maxRetries: ['retries'],
  shouldRetry: ['retries'],
  onFailedAttempt: ['retries'],
  concurrentTasksPerWorker: ['concurrency'],
  max_retries: ['retries'],
  attempts: ['retries'],
  buffersize: ['maxInFlight', 'preDispatch'],
  backpressure: ['maxInFlight', 'preDispatch'],
  maxInFlight: ['preDispatch'],
  preDispatch: ['maxInFlight'],
  pre_dispatch: ['preDispatch', 'maxInFlight'],
  return_as: ['returnAs'],
  maxQueueSize: ['maxQueue'],
  max_queue: ['maxQueue'],
  maxtasksperchild: ['maxTasksPerWorker'],
  maxTasksPerChild: ['maxTasksPerWorker'],
  max_tasks_per_child: ['maxTasksPerWorker'],
  maxTasksPerThread: ['maxTasksPerWorker'],
  maxTasks: ['maxTasksPerWorker'],
  worker_lifespan: ['maxTasksPerWorker'],
  idleTimeout: ['idleTimeoutMs'],
  idle_timeout: ['idleTimeoutMs'],
  idle_worker_timeout: ['idleTimeoutMs'],
  workerTerminateTimeout: ['idleTimeoutMs'],
  maxMemory: ['maxMemoryBytes'],
  max_memory: ['maxMemoryBytes'],
  maxMemoryLimitBeforeRecycle: ['maxMemoryBytes'],
  workerIdleMemoryLimit: ['maxMemoryBytes'],
  prio: ['priority'],
  workerType: ['backend'],
  prefer: ['backend'],
  progress_bar: ['progress'],
  progressBar: ['progress'],
  tqdm: ['progress'],
  onProgress: ['progress'],
  init_args: ['initargs'],
  initArgs: ['initargs'],
  initialiser: ['initializer'],
  worker_init: ['setup'],
  init: ['setup'],
  onmessage: ['onMessage'],
  onEvent: ['onMessage'],
  on: ['onMessage'],
};

const HOME_OF: Readonly<Record<Scope, string>> = {
  call: 'a call',
  pool: 'new Pool({ … }) or map(…)',
  own: 'new Pool({ … })',
  door: 'map(…)',
  stream: 'mapStream(…)',
  reduce: 'mapReduce(…)',
  parallel: 'Parallel({ … })',
  config: 'parallelConfig({ … }, fn)',
  explain: 'explain(fn, { … })',
};

/** Checked options without a prototype. `door` names the call in messages. */
export function checkOptions<T extends object>(door: string, options: T | undefined, scopes: readonly Scope[]): T {
  const isHere = (name: string) => Object.hasOwn(OPTIONS, name) && OPTIONS[name]!.scopes.some((scope) => scopes.includes(scope));
  return checkByRules(door, options, {
    ruleOf: (name) => (isHere(name) ? OPTIONS[name] : undefined),
    example: exampleFor(scopes),
    // A look at the whole table is for those who have made a mistake.
    unknown: (name) =>
      unknownOption(door, name, Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined, Object.keys(OPTIONS).filter(isHere)),
  });
}

function exampleFor(scopes: readonly Scope[]): string {
  if (scopes.includes('parallel') || scopes.includes('config')) return '{ nJobs: 4 }';
  if (scopes.includes('reduce')) return '{ initial: 0 }';
  return scopes.includes('pool') ? '{ workers: 4 }' : 'a chunk size or { chunkSize: 100 }';
}

/** How the options of one door are checked. */
export interface DoorRules {
  readonly ruleOf: (name: string) => ValueRule | undefined;
  /** Right options, for messages. */
  readonly example: string;
  /** What a name without a rule is refused with. */
  readonly unknown: (name: string) => Error;
}

/** Checked options without a prototype, by the rules of one door. */
export function checkByRules<T extends object>(
  door: string,
  // Also where nobody gave any: what every object inherits would reach the pool, and be refused there under another name.
  options: T = {} as T,
  { ruleOf, example, unknown }: DoorRules,
): T {
  const checked = Object.create(null) as Record<string, unknown>;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError('BAD_OPTION', `${door}: the options are ${show(options)}; they must be an object such as ${example}`);
  }
  if ('imapUnordered' in options) throw new UsageError('BAD_OPTION', `${door}: the options are a Pool; pass it as { pool }`);
  // Inherited names too: an option nobody wrote on this object is a polluted prototype, or a mistake.
  for (const name in options) {
    const rule = ruleOf(name);
    if (!rule && !Object.hasOwn(options, name) && Object.hasOwn(Object.prototype, name)) throw unknownToAll(door, name);
    if (!rule) throw unknown(name);
    if (!Object.hasOwn(options, name)) {
      throw new UsageError('BAD_OPTION', `${door}: option "${name}" is inherited from the options' prototype; set it on the object itself`);
    }
    const value = options[name as keyof T];
    if (value === undefined) continue;
    if (!rule.ok(value)) {
      const known = typeof value === 'string' && Object.hasOwn(VALUES_ELSEWHERE, value) ? `. ${VALUES_ELSEWHERE[value]}` : '';
      throw new UsageError('BAD_OPTION', `${door}: option "${name}" is ${show(value)}; it must be ${rule.allowed}${known}`);
    }
    checked[name] = value;
  }
  return checked as T;
}

/** Values people bring from elsewhere. */
const VALUES_ELSEWHERE: Readonly<Record<string, string>> = {
  threading: "It is 'threads' here",
  thread: "It is 'threads' here",
  worker_threads: "It is 'threads' here",
  loky: "It is 'processes' here",
  multiprocessing: "It is 'processes' here",
  process: "It is 'processes' here",
  child_process: "It is 'processes' here",
  sequential: "It is 'inline' here",
  list: "It is 'array' here",
  generator_unordered: "It is 'generatorUnordered' here",
};

/** What is not there, and what to use until it is. */
const INSTEAD: Readonly<Record<string, string>> = {
  onRetry: 'It is `retries: { times, when: (error, { index, attempt }) => true }`',
  delay: 'It is `retries: { times, delayMs }`',
  minTimeout: 'It is `retries: { times, delayMs }`',
  stopOnError: 'Use mapSettled to go on after failures',
  callback: 'The call gives a promise: await it, or use .then(callback)',
  error_callback: 'The call gives a promise: use .catch(callback)',
  desc: 'It is `progress: { label }`',
  unordered: 'It is `ordered: false` of mapStream, or pool.imapUnordered',
  max_nbytes: 'Large arrays are shared without a copy over a SharedArrayBuffer',
  mmap_mode: 'Large arrays are shared without a copy over a SharedArrayBuffer',
  require: 'Shared memory is a SharedArrayBuffer',
  context: "Workers are threads; with `backend: 'processes'` they are processes, each started anew, as with Python's 'spawn'",
  start_method: "Workers are threads; with `backend: 'processes'` they are processes, each started anew",
};

function unknownToAll(door: string, name: string): UsageError {
  const message = `${door}: unknown option "${name}", which every object inherits: something has added it to Object.prototype, where for…in meets it`;
  return new UsageError('UNKNOWN_OPTION', message);
}

function unknownOption(door: string, name: string, rule: OptionRule | undefined, known: readonly string[]): UsageError {
  const start = `${door}: unknown option "${name}"`;
  const ours = oursFor(name, known);
  if (ours !== undefined) return new UsageError('UNKNOWN_OPTION', `${start}: it is called "${ours}" here (${OPTIONS[ours]!.allowed})`);
  const belongs = rule ? `: it belongs to ${rule.scopes.map((scope) => HOME_OF[scope]).join(' or ')}` : '';
  const instead = Object.hasOwn(INSTEAD, name) ? ` ${INSTEAD[name]}.` : '';
  return new UsageError('UNKNOWN_OPTION', `${start}${belongs}.${instead} Options here: ${known.join(', ')}`);
}

/** What an option from elsewhere, or one written in another case, is called among the known ones. */
export function oursFor(name: string, known: readonly string[], elsewhere: typeof ELSEWHERE = ELSEWHERE): string | undefined {
  const ours = Object.hasOwn(elsewhere, name) ? elsewhere[name]! : known.filter((k) => k.toLowerCase() === name.toLowerCase());
  return ours.find((n) => known.includes(n));
}
