/**
 * Every option: type, default, unit, check. The only reader of process.env.
 *
 * Options are hostile until checked: unknown and inherited names are refused, and what comes out has no prototype.
 */
import { cpuCount } from './cpu-count.ts';
import { UsageError } from './errors.ts';
import type { Pool } from './pool.ts';
import { show } from './show.ts';

/** Where tasks run. `inline` runs the very function on the calling thread, one chunk after the other: for breakpoints and spies. */
export type BackendName = 'threads' | 'inline';

/** Options of a pool. */
export interface PoolOptions {
  /** Worker threads. @default cpuCount(), or the environment variable ALLCORES_WORKERS */
  readonly workers?: number | undefined;
  /** Where tasks run. @default 'threads', or the environment variable ALLCORES_BACKEND; 'inline' inside a worker */
  readonly backend?: BackendName | undefined;
}

/** Options of one call on a pool. */
export interface CallOptions {
  /** Tasks that travel together, or 'auto': as many as take 50 to 150 ms, fewer where the work runs out. @default 'auto' */
  readonly chunkSize?: number | 'auto' | undefined;
  /** Tasks in flight in the whole call; above the number of workers each holds several at once, which only async functions use. @default workers */
  readonly concurrency?: number | undefined;
  /** Items read ahead of the results taken. @default 100,000 */
  readonly maxInFlight?: number | undefined;
  /** The same in bytes, estimated. @default 256 MB */
  readonly maxInFlightBytes?: number | undefined;
  /** Cancels the call: queued tasks never start, and it rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `map` and its siblings: a call's, and which pool it runs on. */
export interface MapOptions extends CallOptions, PoolOptions {
  /** A pool of your own. @default a shared one that starts at the first call and never keeps the process alive */
  readonly pool?: Pool | undefined;
}

/** Options of `mapStream`. */
export interface StreamOptions extends MapOptions {
  /** Whether results come in input order or as they finish. @default true */
  readonly ordered?: boolean | undefined;
}

/** Where an option may stand: on any call, on a pool and on `map`, on `map` and its siblings only, on `mapStream` only. */
type Scope = 'call' | 'pool' | 'door' | 'stream';

/** What one option may be. */
export interface ValueRule {
  /** What is allowed, to stand after "it must be". */
  readonly allowed: string;
  readonly ok: (value: unknown) => boolean;
}

interface OptionRule extends ValueRule {
  readonly scope: Scope;
  /** The default, for people. */
  readonly byDefault: string;
  readonly unit: string;
  readonly meaning: string;
}

const MAX_WORKERS = 1024;
const whole = (value: unknown, from: number, to = Number.MAX_SAFE_INTEGER) =>
  Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
const BACKENDS: readonly BackendName[] = ['threads', 'inline'];

/** The one table of options; docs/options.md is generated from it. */
export const OPTIONS: Readonly<Record<string, OptionRule>> = {
  workers: {
    scope: 'pool',
    allowed: `a whole number from 1 to ${MAX_WORKERS}`,
    byDefault: 'cpuCount(), or ALLCORES_WORKERS',
    unit: 'threads',
    meaning: 'How many workers the pool has.',
    ok: (v) => whole(v, 1, MAX_WORKERS),
  },
  backend: {
    scope: 'pool',
    allowed: `one of ${BACKENDS.map((b) => `'${b}'`).join(', ')}`,
    byDefault: "'threads', or ALLCORES_BACKEND; 'inline' inside a worker",
    unit: '',
    meaning: 'Where tasks run.',
    ok: (v) => BACKENDS.includes(v as BackendName),
  },
  pool: {
    scope: 'door',
    allowed: 'a Pool',
    byDefault: 'the shared pool',
    unit: '',
    meaning: 'The pool to run on.',
    ok: (v) => typeof v === 'object' && v !== null && 'imapUnordered' in v,
  },
  chunkSize: {
    scope: 'call',
    allowed: "a whole number from 1, or 'auto'",
    byDefault: "'auto': 50 to 150 ms of work, fewer where the work runs out",
    unit: 'tasks',
    meaning: 'Tasks that travel to a worker together.',
    ok: (v) => v === 'auto' || whole(v, 1),
  },
  concurrency: {
    scope: 'call',
    allowed: 'a whole number from 1',
    byDefault: 'workers',
    unit: 'tasks',
    meaning: 'Tasks in flight in the whole call. Above `workers`, each worker holds several at once, which only async functions use.',
    ok: (v) => whole(v, 1),
  },
  maxInFlight: {
    scope: 'call',
    allowed: 'a whole number from 1',
    byDefault: '100,000',
    unit: 'items',
    meaning: 'Items read ahead of the results taken.',
    ok: (v) => whole(v, 1),
  },
  maxInFlightBytes: {
    scope: 'call',
    allowed: 'a whole number from 1',
    byDefault: '256 MB',
    unit: 'bytes',
    meaning: 'The same by estimated size. One larger item still travels, alone.',
    ok: (v) => whole(v, 1),
  },
  signal: {
    scope: 'call',
    allowed: 'an AbortSignal',
    byDefault: 'none',
    unit: '',
    meaning: "Cancels the call: queued tasks never start, and it rejects with the signal's own reason.",
    ok: (v) => v instanceof AbortSignal,
  },
  ordered: {
    scope: 'stream',
    allowed: 'true or false',
    byDefault: 'true',
    unit: '',
    meaning: 'Whether a stream gives results in input order or as they finish.',
    ok: (v) => typeof v === 'boolean',
  },
};

export const DEFAULT_MAX_IN_FLIGHT = 100_000;
export const DEFAULT_MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024;

/** Names people bring from elsewhere, and ours. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  concurrent: 'concurrency',
  limit: 'concurrency',
  processes: 'workers',
  n_jobs: 'workers',
  nJobs: 'workers',
  jobs: 'workers',
  threads: 'workers',
  maxThreads: 'workers',
  minThreads: 'workers',
  maxWorkers: 'workers',
  minWorkers: 'workers',
  numWorkers: 'workers',
  max_workers: 'workers',
  chunksize: 'chunkSize',
  chunk_size: 'chunkSize',
  batchSize: 'chunkSize',
  batch_size: 'chunkSize',
  abortSignal: 'signal',
  abort: 'signal',
  buffersize: 'maxInFlight',
  backpressure: 'maxInFlight',
  preDispatch: 'maxInFlight',
  maxQueue: 'maxInFlight',
  workerType: 'backend',
};

/** Checked options without a prototype. `door` names the call in messages. */
export function checkOptions<T extends object>(door: string, options: T | undefined, scopes: readonly Scope[]): T {
  const known = Object.keys(OPTIONS).filter((name) => scopes.includes(OPTIONS[name]!.scope));
  return checkByRules(door, options, {
    ruleOf: (name) => (known.includes(name) ? OPTIONS[name] : undefined),
    example: scopes.includes('pool') ? '{ workers: 4 }' : 'a chunk size or { chunkSize: 100 }',
    unknown: (name) => unknownOption(door, name, Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined, known),
  });
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
export function checkByRules<T extends object>(door: string, options: T | undefined, { ruleOf, example, unknown }: DoorRules): T {
  const checked = Object.create(null) as Record<string, unknown>;
  if (options === undefined) return checked as T;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError('BAD_OPTION', `${door}: the options are ${show(options)}; they must be an object such as ${example}`);
  }
  if ('imapUnordered' in options) throw new UsageError('BAD_OPTION', `${door}: the options are a Pool; pass it as { pool }`);
  // Inherited names too: an option nobody wrote on this object is a polluted prototype, or a mistake.
  for (const name in options) {
    const rule = ruleOf(name);
    if (!rule) throw unknown(name);
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

const HOME_OF: Readonly<Record<Scope, string>> = {
  call: 'a call',
  pool: 'new Pool({ … }) or map(…)',
  door: 'map(…)',
  stream: 'mapStream(…)',
};

function unknownOption(door: string, name: string, rule: OptionRule | undefined, known: readonly string[]): UsageError {
  const start = `${door}: unknown option "${name}"`;
  if (rule) return new UsageError('UNKNOWN_OPTION', `${start}: it belongs to ${HOME_OF[rule.scope]}. Options here: ${known.join(', ')}`);
  const ours = oursFor(name, known);
  if (ours) return new UsageError('UNKNOWN_OPTION', `${start}: it is called "${ours}" here (${OPTIONS[ours]!.allowed})`);
  return new UsageError('UNKNOWN_OPTION', `${start}. Options here: ${known.join(', ')}`);
}

/** What an option from elsewhere, or one written in another case, is called among the known ones. */
export function oursFor(
  name: string,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>> = ELSEWHERE,
): string | undefined {
  const ours = Object.hasOwn(elsewhere, name) ? elsewhere[name] : known.find((k) => k.toLowerCase() === name.toLowerCase());
  return ours !== undefined && known.includes(ours) ? ours : undefined;
}

/** What the pool runs with: its options, the environment, the machine. */
export function poolSettings(options: PoolOptions, insideWorker: boolean): { readonly workers: number; readonly backend: BackendName } {
  const { ALLCORES_WORKERS, ALLCORES_BACKEND } = process.env;
  const workers = options.workers ?? fromEnvironment('ALLCORES_WORKERS', ALLCORES_WORKERS, 'workers', Number) ?? cpuCount();
  // Nested calls run in line: n workers never become n².
  const backend =
    options.backend ?? (insideWorker ? 'inline' : (fromEnvironment('ALLCORES_BACKEND', ALLCORES_BACKEND, 'backend', String) ?? 'threads'));
  return { workers, backend };
}

function fromEnvironment<K extends keyof PoolOptions>(
  variable: string,
  text: string | undefined,
  name: K,
  parse: (text: string) => unknown,
): PoolOptions[K] {
  if (text === undefined || text === '') return undefined;
  const value = parse(text);
  const rule = OPTIONS[name]!;
  if (!rule.ok(value))
    throw new UsageError('BAD_OPTION', `the environment variable ${variable} is ${JSON.stringify(text)}; it must be ${rule.allowed}`);
  return value as PoolOptions[K];
}
