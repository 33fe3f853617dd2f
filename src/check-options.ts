/** Options are hostile until checked: unknown and inherited names are refused, and what comes out has no prototype. */
import { UsageError } from './errors.ts';
import { OPTIONS, type OptionRule, type Scope } from './options.ts';
import { show } from './show.ts';

/** Names people bring from elsewhere, and ours: the first that exists at the door. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
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
  minThreads: ['nJobs', 'workers'],
  maxWorkers: ['nJobs', 'workers'],
  minWorkers: ['nJobs', 'workers'],
  numWorkers: ['nJobs', 'workers'],
  max_workers: ['nJobs', 'workers'],
  chunksize: ['chunkSize', 'batchSize'],
  chunk_size: ['chunkSize', 'batchSize'],
  chunkSize: ['batchSize'],
  batchSize: ['chunkSize'],
  batch_size: ['batchSize', 'chunkSize'],
  abortSignal: ['signal'],
  abort: ['signal'],
  buffersize: ['maxInFlight', 'preDispatch'],
  backpressure: ['maxInFlight', 'preDispatch'],
  maxInFlight: ['preDispatch'],
  preDispatch: ['maxInFlight'],
  pre_dispatch: ['preDispatch', 'maxInFlight'],
  return_as: ['returnAs'],
  maxQueue: ['maxInFlight', 'preDispatch'],
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
};

/** Checked options without a prototype. `door` names the call in messages. */
export function checkOptions<T extends object>(door: string, options: T | undefined, scopes: readonly Scope[]): T {
  const checked = Object.create(null) as Record<string, unknown>;
  if (options === undefined) return checked as T;
  const example =
    scopes.includes('parallel') || scopes.includes('config')
      ? '{ nJobs: 4 }'
      : scopes.includes('pool')
        ? '{ workers: 4 }'
        : 'a chunk size or { chunkSize: 100 }';
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError('BAD_OPTION', `${door}: the options are ${show(options)}; they must be an object such as ${example}`);
  }
  if ('imapUnordered' in options) throw new UsageError('BAD_OPTION', `${door}: the options are a Pool; pass it as { pool }`);
  const isHere = (rule: OptionRule) => rule.scopes.some((scope) => scopes.includes(scope));
  const known = Object.keys(OPTIONS).filter((name) => isHere(OPTIONS[name]!));
  // Inherited names too: an option nobody wrote on this object is a polluted prototype, or a mistake.
  for (const name in options) {
    const rule = Object.hasOwn(OPTIONS, name) ? OPTIONS[name]! : undefined;
    if (!rule || !isHere(rule)) throw unknownOption(door, name, rule, known);
    if (!Object.hasOwn(options, name)) {
      throw new UsageError('BAD_OPTION', `${door}: option "${name}" is inherited from the options' prototype; set it on the object itself`);
    }
    const value = options[name as keyof T];
    if (value === undefined) continue;
    if (!rule.ok(value)) throw new UsageError('BAD_OPTION', `${door}: option "${name}" is ${show(value)}; it must be ${rule.allowed}`);
    checked[name] = value;
  }
  return checked as T;
}

function unknownOption(door: string, name: string, rule: OptionRule | undefined, known: readonly string[]): UsageError {
  const start = `${door}: unknown option "${name}"`;
  const names = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name]! : known.filter((k) => k.toLowerCase() === name.toLowerCase());
  const ours = names.find((n) => known.includes(n));
  if (ours !== undefined) return new UsageError('UNKNOWN_OPTION', `${start}: it is called "${ours}" here (${OPTIONS[ours]!.allowed})`);
  const belongs = rule ? `: it belongs to ${rule.scopes.map((scope) => HOME_OF[scope]).join(' or ')}` : '';
  return new UsageError('UNKNOWN_OPTION', `${start}${belongs}. Options here: ${known.join(', ')}`);
}
