/** Every option of every door: type, default, unit, and what it must be. docs/options.md is generated from the table. */
import { MAX_WORKERS, whole } from './counts.ts';
import { JOBLIB_OPTIONS } from './joblib-options.ts';
import { isProgressOption, type ProgressOption } from './observers/progress.ts';
import type { OptionRule } from './option-rule.ts';
import { PLACING_OPTION, type Placing } from './placing-option.ts';
import type { Pool } from './pool.ts';
import type { MessageOrigin } from './run/job.ts';
import type { LogRule } from './run/logs.ts';
import { TASK_LIMITS, type TaskLimits } from './task-limits.ts';
import { LIFE_OPTIONS, type WorkerLife } from './worker-life.ts';

/**
 * Where tasks run: on other threads, in other processes, or `inline`: the very function on the calling thread, one chunk after the other,
 * for breakpoints and spies.
 */
export type BackendName = 'threads' | 'processes' | 'inline';

/** Which workers: calls that name the same share them. */
export interface WorkersOptions {
  /**
   * Workers: threads or processes. @default ALLCORES_WORKERS, or cpuCount(), fewer in a container whose memory would not do: 64 MB of half
   * its limit for each thread, 128 MB for each process
   */
  readonly workers?: number | undefined;
  /** Where tasks run. @default 'threads', or the environment variable ALLCORES_BACKEND; 'inline' inside a worker */
  readonly backend?: BackendName | undefined;
}

/** Options of a pool. */
export interface PoolOptions extends WorkersOptions, WorkerLife {
  /**
   * Runs once in each worker before its first task, also in one that replaces another: a function, or the path or URL of a module, whose
   * default export is called if it is a function. A relative path counts from the working directory. To give tasks a connection, use `perWorker`.
   */
  readonly setup?: (() => unknown) | string | URL | undefined;
  /** Python's name for a setup that takes arguments: `initializer(...initargs)`. */
  // biome-ignore lint/suspicious/noExplicitAny: it takes whatever initargs holds.
  readonly initializer?: ((...args: any[]) => unknown) | undefined;
  /** The arguments of `initializer`. @default [] */
  readonly initargs?: readonly unknown[] | undefined;
  /** Values for the names that `setup` or `initializer` uses, as in a call's own option `with`. */
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  /** What becomes of the lines that tasks print, for calls that do not say so themselves. @default 'inherit' */
  readonly logs?: LogRule | undefined;
  /** Whether calls go to workers that do not say so themselves. @default as for calls */
  readonly placing?: Placing | undefined;
  /**
   * Calls that may wait for a worker at the same time, which is when none of their tasks has started. One more is refused with a
   * QueueFullError before anything is shipped. With 0 a call is taken when a worker is idle. @default no limit
   */
  readonly maxQueue?: number | undefined;
}

/** Options of one call on a pool. */
export interface CallOptions extends TaskLimits {
  /**
   * Whether the call goes to workers: 'auto' keeps small work on the calling thread where that is sooner and its function is proved to
   * change nothing, 'workers' never does, 'inline' always. @default the pool's, ALLCORES_PLACING, or 'auto'; 'workers' where a `backend` is named
   */
  readonly placing?: Placing | undefined;
  /** Tasks that travel together, or 'auto': as many as take 50 to 150 ms, fewer beside other calls and where the work runs out. @default 'auto' */
  readonly chunkSize?: number | 'auto' | undefined;
  /** Tasks in flight in the whole call; above the number of workers each holds several at once, which only async functions use. @default workers */
  readonly concurrency?: number | undefined;
  /** Items read ahead of the results taken. @default 100,000; 4,194,304 numbers of an array, a typed array or a range */
  readonly maxInFlight?: number | undefined;
  /** The same in bytes, estimated. The item that reaches the limit is the last to be read, so a larger one still travels. @default 256 MB */
  readonly maxInFlightBytes?: number | undefined;
  /** Bytes that the function and what it captures may take on their way, estimated; more is refused before anything runs. @default 1 GB */
  readonly maxShipBytes?: number | undefined;
  /** Calls with a higher number go first, chunk by chunk; those with the same take turns. A whole number, also below 0. @default 0 */
  readonly priority?: number | undefined;
  /** Cancels the call: queued tasks never start, and it rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Shows how far the call is: `true` or `{ label, total }` draws a line on stderr, a function gets the numbers at most every 100 ms.
   * `total` is for inputs whose length is not known. A function that throws ends the call with its error. @default false
   */
  readonly progress?: ProgressOption | undefined;
  /** Called with each value that a task gives to `context.emit`, before that task's result. If it throws, the call ends with its error. */
  // biome-ignore lint/suspicious/noExplicitAny: what tasks emit is between the caller and the tasks.
  readonly onMessage?: ((value: any, from: MessageOrigin) => void) | undefined;
  /**
   * What becomes of the lines that tasks print: 'inherit' passes them on, 'prefix' puts the worker before each, 'ignore' drops them, and
   * a function gets each line with `{ stream, worker, index }`. On the backend 'inline' tasks print by themselves. @default 'inherit'
   */
  readonly logs?: LogRule | undefined;
  /**
   * Values for the names that the function uses, as in `{ with: { k, helper } }`, in place of those around it. Functions given here find the
   * same names. Needed where the surroundings of a function cannot be read: under --permission, and in runtimes without node:inspector.
   */
  readonly with?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of `map` and its siblings: a call's, and which workers it runs on. */
export interface MapOptions extends CallOptions, WorkersOptions {
  /** A pool of your own. @default a shared one that starts at the first call and never keeps the process alive */
  readonly pool?: Pool | undefined;
}

/** Options of `mapStream`. */
export interface StreamOptions extends MapOptions {
  /** Whether results come in input order or as they finish. @default true */
  readonly ordered?: boolean | undefined;
}

/** Options of `mapReduce`. */
export interface ReduceOptions<A = unknown> extends MapOptions {
  /** The start of the reduction, and its result for an empty input. Without it an empty input is a TypeError. */
  readonly initial?: A | undefined;
}

const BACKENDS: readonly BackendName[] = ['threads', 'processes', 'inline'];
const isFunction = (value: unknown) => typeof value === 'function';
const LOGS = ['inherit', 'prefix', 'ignore'];

/** The one table of options; docs/options.md is generated from it. */
export const OPTIONS: Readonly<Record<string, OptionRule>> = {
  workers: {
    scopes: ['pool'],
    allowed: `a whole number from 1 to ${MAX_WORKERS}`,
    byDefault: 'ALLCORES_WORKERS, or cpuCount(), fewer in a container whose memory would not do',
    unit: 'workers',
    meaning: 'How many workers there are: of a pool, or of the shared pool that a call runs on.',
    ok: (v) => whole(v, 1, MAX_WORKERS),
  },
  backend: {
    scopes: ['pool', 'parallel', 'config'],
    allowed: `one of ${BACKENDS.map((b) => `'${b}'`).join(', ')}`,
    byDefault: "'threads', or ALLCORES_BACKEND; 'inline' inside a worker",
    unit: '',
    meaning:
      "Where tasks run: 'threads' is on other threads, 'processes' in other processes, 'inline' on the calling thread itself, for breakpoints, spies and coverage.",
    ok: (v) => BACKENDS.includes(v as BackendName),
  },
  pool: {
    scopes: ['door', 'parallel', 'config'],
    allowed: 'a Pool',
    byDefault: 'the shared pool',
    unit: '',
    meaning: 'A pool of your own to run on.',
    ok: (v) => typeof v === 'object' && v !== null && 'imapUnordered' in v,
  },
  ...PLACING_OPTION,
  setup: {
    scopes: ['own'],
    allowed: 'a function, or the path or URL of a module',
    byDefault: 'none',
    unit: '',
    meaning: 'Runs once in each worker before its first task, also in one that replaces another. Of a module the default export is called.',
    ok: (v) => isFunction(v) || (typeof v === 'string' && v !== '') || v instanceof URL,
  },
  initializer: {
    scopes: ['own'],
    allowed: 'a function',
    byDefault: 'none',
    unit: '',
    meaning: "Python's name for a setup with arguments; one of the two.",
    ok: isFunction,
  },
  initargs: {
    scopes: ['own'],
    allowed: 'an array of arguments for initializer',
    byDefault: '[]',
    unit: '',
    meaning: 'The arguments of `initializer`.',
    ok: Array.isArray,
  },
  ...LIFE_OPTIONS,
  maxQueue: {
    scopes: ['own'],
    allowed: 'a whole number from 0',
    byDefault: 'no limit',
    unit: 'calls',
    meaning: 'Calls that may wait for a worker: none of their tasks has started. One more is refused with a QueueFullError.',
    ok: (v) => whole(v, 0),
  },
  chunkSize: {
    scopes: ['call'],
    allowed: "a whole number from 1, or 'auto'",
    byDefault: "'auto': 50 to 150 ms of work, 20 ms beside other calls, fewer where the work runs out",
    unit: 'tasks',
    meaning: 'Tasks that travel to a worker together.',
    ok: (v) => v === 'auto' || whole(v, 1),
  },
  concurrency: {
    scopes: ['call', 'parallel'],
    allowed: 'a whole number from 1',
    byDefault: 'workers',
    unit: 'tasks',
    meaning: 'Tasks in flight in the whole call. Above `workers`, each worker holds several at once, which only async functions use.',
    ok: (v) => whole(v, 1),
  },
  maxInFlight: {
    scopes: ['call'],
    allowed: 'a whole number from 1',
    byDefault: '100,000; 4,194,304 numbers of an array, a typed array or a range; with mapReduce 1,000 blocks of up to 1,024 items',
    unit: 'items',
    meaning: 'Items read ahead of the results taken: how far a generator runs ahead of a slow reader.',
    ok: (v) => whole(v, 1),
  },
  maxInFlightBytes: {
    scopes: ['call', 'parallel'],
    allowed: 'a whole number from 1',
    byDefault: '256 MB',
    unit: 'bytes',
    meaning:
      'The same by estimated size: the item that reaches the limit is the last to be read. A single larger one still travels, alone.',
    ok: (v) => whole(v, 1),
  },
  maxShipBytes: {
    scopes: ['call', 'parallel', 'explain'],
    allowed: 'a whole number from 1',
    byDefault: '1 GB',
    unit: 'bytes',
    meaning: 'How much the function may capture, estimated. More is refused before anything runs, with what is large, by its path.',
    ok: (v) => whole(v, 1),
  },
  priority: {
    scopes: ['call', 'parallel'],
    allowed: 'a whole number, also below 0',
    byDefault: '0',
    unit: '',
    meaning: 'Calls with a higher number go first, chunk by chunk; those with the same take turns.',
    ok: (v) => Number.isSafeInteger(v),
  },
  signal: {
    scopes: ['call', 'parallel'],
    allowed: 'an AbortSignal',
    byDefault: 'none',
    unit: '',
    meaning: "Cancels the call: queued tasks never start, and it rejects with the signal's own reason.",
    ok: (v) => v instanceof AbortSignal,
  },
  ...TASK_LIMITS,
  progress: {
    scopes: ['call', 'parallel'],
    allowed: 'true, false, { label, total } or a function',
    byDefault: 'false',
    unit: '',
    meaning: 'Shows how far the call is: as a line on stderr, or by calling a function with the numbers.',
    ok: isProgressOption,
  },
  onMessage: {
    scopes: ['call', 'parallel'],
    allowed: 'a function',
    byDefault: 'none',
    unit: '',
    meaning: 'Called as `onMessage(value, { index, worker })` with what tasks give to `context.emit`.',
    ok: isFunction,
  },
  logs: {
    scopes: ['call', 'own', 'parallel'],
    allowed: `one of ${LOGS.map((l) => `'${l}'`).join(', ')}, or a function`,
    byDefault: "'inherit'",
    unit: '',
    meaning:
      "What becomes of the lines that tasks print: 'inherit' passes them on, 'prefix' puts the worker before each, 'ignore' drops them; a function gets each line.",
    ok: (v) => LOGS.includes(v as string) || isFunction(v),
  },
  with: {
    scopes: ['call', 'own', 'parallel'],
    allowed: 'an object of names and values, such as { k, helper }',
    byDefault: 'none: names are read where the function stands',
    unit: '',
    meaning: 'Values for the names that the function uses, in place of those around it. In `new Pool` it is for `setup` and `initializer`.',
    ok: (v) => typeof v === 'object' && v !== null && !Array.isArray(v),
  },
  ordered: {
    scopes: ['stream'],
    allowed: 'true or false',
    byDefault: 'true',
    unit: '',
    meaning: 'Whether a stream gives results in input order or as they finish.',
    ok: (v) => typeof v === 'boolean',
  },
  initial: {
    scopes: ['reduce'],
    allowed: 'any value',
    byDefault: 'none',
    unit: '',
    meaning: 'Joined before the first result; the result for an empty input, which is an error without it.',
    ok: (v) => typeof v !== 'symbol',
  },
  ...JOBLIB_OPTIONS,
};

export const DEFAULT_MAX_IN_FLIGHT = 100_000;
export const DEFAULT_MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024;
