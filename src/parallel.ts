/** Joblib's door: `Parallel(options)(calls)`, `delayed(fn)(...args)` and `parallelConfig`. Its names live here and nowhere else. */
import { type AnyFunction, type Call, type Crew, checkItems, collect, type Stream, stream, type Work } from './calls.ts';
import { checkOptions } from './check-options.ts';
import { numberOfJobs, preDispatched } from './counts.ts';
import { PoolClosedError, UsageError } from './errors.ts';
import type { ProgressOption } from './observers/progress.ts';
import type { BackendName, CallOptions } from './options.ts';
import { ownExports } from './own-exports.ts';
import { crewOf, type Pool } from './pool.ts';
import { CallSource, type CallToMake, enterList } from './run/call-source.ts';
import { FunctionTable } from './run/functions.ts';
import { sizeOf } from './run/item-size.ts';
import { type ConfiguredDefaults, configured, withDefaults, workersFor } from './settings.ts';
import { poolFor } from './shared-pools.ts';
import { show } from './show.ts';
import type { Items } from './types.ts';

/** What `Parallel` gives: all results at once, or results as they come, in the order of the calls or as they finish. */
export type ReturnAs = 'array' | 'generator' | 'generatorUnordered';

/** Options of `Parallel`, with Joblib's names in JavaScript's spelling. */
export interface ParallelOptions<K extends ReturnAs = ReturnAs>
  extends Pick<
    CallOptions,
    | 'concurrency'
    | 'priority'
    | 'maxInFlightBytes'
    | 'maxShipBytes'
    | 'signal'
    | 'timeoutMs'
    | 'graceMs'
    | 'retries'
    | 'progress'
    | 'onMessage'
    | 'logs'
    | 'with'
  > {
  /** Workers: -1 is all cores, -2 all but one, 1 runs in line, whatever the backend. @default -1 (in Joblib 1) */
  readonly nJobs?: number | undefined;
  /** @default 'threads', or the environment variable ALLCORES_BACKEND */
  readonly backend?: BackendName | undefined;
  /** A promise of an array, or an async iterator in order or as calls finish. Work starts at the call in each case. @default 'array' */
  readonly returnAs?: K | undefined;
  /** Calls read ahead of the results taken: a number, 'all', or a multiple such as '2 * nJobs'. @default 100,000; with nJobs 1 one batch */
  readonly preDispatch?: number | 'all' | (string & {}) | undefined;
  /** Calls that travel together. @default 'auto' */
  readonly batchSize?: number | 'auto' | undefined;
  /** Above 0 as `progress: true`. @default 0 */
  readonly verbose?: number | boolean | undefined;
  /** A pool of your own; it does not go with nJobs or backend. */
  readonly pool?: Pool | undefined;
}

/** The same in every copy of the package that is loaded. */
const DELAYED: unique symbol = Symbol.for('allcores.delayed/1') as never;

/** A call that has not been made yet. Only `delayed` makes them. */
export class DelayedCall<R = unknown> implements CallToMake {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the arguments were checked where the call was written.
  readonly fn: (...args: any[]) => R;
  readonly args: readonly unknown[];
  /** @internal */
  readonly [DELAYED] = true;

  /** @internal Use `delayed(fn)(...args)`. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  constructor(fn: (...args: any[]) => R, args: readonly unknown[]) {
    this.fn = fn;
    this.args = args;
  }
}

type ResultOf<C> = C extends DelayedCall<infer R> ? Awaited<R> : never;
type CallOf<C> = C extends Items<infer T> ? Awaited<T> : never;

/** The results of a list of calls: of a tuple a tuple. */
export type ParallelResults<C> = C extends readonly unknown[]
  ? { -readonly [K in keyof C]: ResultOf<Awaited<C[K]>> }
  : ResultOf<CallOf<C>>[];

/** What `Parallel(options)` gives: a function of calls. It may be used any number of times, also at the same time. */
export interface ParallelRunner<K extends ReturnAs = 'array'> extends AsyncDisposable {
  <const C extends Items<DelayedCall | PromiseLike<DelayedCall>>>(
    calls: C,
  ): K extends 'array' ? Promise<ParallelResults<C>> : AsyncIterableIterator<ResultOf<CallOf<C>>> & AsyncDisposable;
}

/**
 * Remembers a call for `Parallel` to make: the function, and the arguments for it.
 *
 * @example await Parallel()(range(10).map((i) => delayed(Math.sqrt)(i ** 2)));
 * @throws UsageError when `fn` is no function.
 */
export function delayed<A extends unknown[], R>(fn: (...args: A) => R, ...rest: readonly never[]): (...args: A) => DelayedCall<R> {
  if (typeof fn !== 'function') {
    const hint = (fn as unknown) instanceof DelayedCall ? '; it has been delayed already' : '';
    throw new UsageError('BAD_ARGUMENT', `delayed: the function is ${show(fn)}${hint}; it must be a function, as in delayed(fn)(1, 2)`);
  }
  if (rest.length > 0)
    throw new UsageError(
      'BAD_ARGUMENT',
      'delayed: it takes the function alone, and gives a function that takes the arguments: delayed(fn)(1, 2)',
    );
  return (...args) => new DelayedCall(fn as AnyFunction as (...args: unknown[]) => R, args);
}

/**
 * Joblib's `Parallel`: takes options, and gives a function that makes delayed calls on all cores and gives their results in order.
 * The calls come from any iterable or async iterable, read lazily; each may be of another function.
 *
 * A function is read and sent once, however many calls are of it: the same function object, or one made anew that captures nothing of
 * its own. One that captures values is read for each call, with all it captures: pass such values as arguments instead (`npm run bench -- --only ship`
 * measures one reading).
 *
 * @example
 * const params = [[100, 4], [150, 5]];
 * const scores = await Parallel({ nJobs: 8 })(params.map(([n, depth]) => delayed(train)(n, depth)));
 */
export function Parallel<K extends ReturnAs = 'array'>(options?: ParallelOptions<K>): ParallelRunner<K> {
  const given = checkOptions<ParallelOptions<K>>('Parallel', options, ['parallel']);
  const settings = { ...ownDefaults(given), ...given };
  const { returnAs = 'array' } = settings;
  const streams = new Set<Stream>();
  const runner = (calls: unknown) => {
    if (returnAs === 'array') return inArray(settings, calls);
    for (const earlier of streams) if (earlier.closed) streams.delete(earlier);
    const { crew, call } = prepared(settings, calls);
    const results = stream(crew, call, returnAs === 'generator');
    streams.add(results);
    return results;
  };
  /** The workers are shared and stay for the next; streams that nobody is reading are cancelled. */
  const dispose = async () => {
    const why = 'the Parallel was disposed while nobody waited for a result of this generator; dispose it when the generator has been read';
    for (const results of streams) results.abandon(new PoolClosedError('POOL_CLOSED', why));
    streams.clear();
  };
  return Object.assign(runner, { [Symbol.asyncDispose]: dispose }) as unknown as ParallelRunner<K>;
}

/**
 * Defaults for everything called inside `fn`, also after its awaits: of `Parallel`, and the number of workers, the backend and the pool
 * of `map` and `new Pool` as well. What a call says itself goes before.
 *
 * @example await parallelConfig({ nJobs: 4 }, () => pipeline(data));
 * @returns what `fn` gives.
 */
export function parallelConfig<T>(defaults: ConfiguredDefaults, fn: () => T): T {
  const checked = checkOptions<ConfiguredDefaults>('parallelConfig', defaults, ['config']);
  if (typeof fn !== 'function') {
    const message = `parallelConfig: the second argument is ${show(fn)}; it must be a function, inside which the defaults hold, as in parallelConfig({ nJobs: 4 }, async () => { … })`;
    throw new UsageError('BAD_ARGUMENT', message);
  }
  const other = checked.nJobs === undefined ? 'backend' : 'nJobs';
  if (checked.pool !== undefined && checked[other] !== undefined)
    throw new UsageError('BAD_OPTION', `parallelConfig: option "${other}" does not go with "pool", whose workers are there already`);
  return withDefaults(checked, fn);
}

type Settings = Omit<ParallelOptions, 'progress'> & { readonly progress?: ProgressOption | undefined };

/** The defaults of `parallelConfig`; where the call names its workers, those it does not concern. */
function ownDefaults({ nJobs, backend, pool }: Settings): ConfiguredDefaults {
  const defaults = configured();
  if (pool !== undefined) return { ...defaults, nJobs: undefined, backend: undefined };
  return nJobs === undefined && backend === undefined ? defaults : { ...defaults, pool: undefined };
}

/** Async, so that refusals reject. */
async function inArray(settings: Settings, calls: unknown): Promise<unknown> {
  const { crew, call } = prepared(settings, calls);
  return collect(crew, call);
}

function prepared(settings: Settings, calls: unknown): { crew: ReturnType<typeof crewOf>; call: Call } {
  const {
    nJobs,
    backend,
    pool,
    batchSize = 'auto',
    preDispatch,
    verbose = 0,
    concurrency,
    priority,
    maxInFlightBytes,
    maxShipBytes,
    signal,
    timeoutMs,
    graceMs,
    retries,
    onMessage,
    logs,
    with: given,
  } = settings;
  const jobs = nJobs === undefined ? undefined : workersFor(numberOfJobs(nJobs)!);
  const crew = crewOf(poolFor('Parallel', { pool, workers: jobs, backend: jobs === 1 ? 'inline' : backend }));
  // One job after the other: nothing is read before the batch before it is done, as in a loop.
  const oneByOne = jobs === 1 && !Array.isArray(calls) ? (batchSize === 'auto' ? 1 : batchSize) : undefined;
  const options: CallOptions = {
    chunkSize: oneByOne ?? batchSize,
    maxInFlight: preDispatch === undefined ? oneByOne : preDispatched(preDispatch, crew.workers),
    progress: settings.progress ?? (verbose ? { label: `Parallel(nJobs=${crew.workers})` } : undefined),
    concurrency,
    priority,
    maxInFlightBytes,
    maxShipBytes,
    signal,
    timeoutMs,
    graceMs,
    retries,
    onMessage,
    logs,
    with: given,
  };
  const usage = 'Parallel()(xs.map((x) => delayed(fn)(x)))';
  return { crew, call: { door: 'Parallel', usage, fn: undefined, items: calls, style: 'spread', options, prepare: prepareCalls } };
}

function prepareCalls(call: Call): (crew: Crew) => Work {
  if (call.items instanceof DelayedCall) {
    throw new UsageError('BAD_ARGUMENT', `Parallel: the calls are one delayed call; they must be a list of them, as in ${call.usage}`);
  }
  const calls = checkItems(call, sizeOfArguments);
  return (crew) => {
    const { maxShipBytes, with: given } = call.options;
    const functions = new FunctionTable({ ...crew, maxShipBytes, given });
    if (Array.isArray(call.items)) enterList(call.items, functions, isDelayedCall);
    return { functions, source: new CallSource(calls, functions, isDelayedCall), style: 'spread' };
  };
}

/** What travels of a call are its arguments. */
function sizeOfArguments(call: unknown): number {
  return isDelayedCall(call) ? sizeOf(call.args) : 0;
}

function isDelayedCall(value: unknown): value is DelayedCall & { fn: AnyFunction } {
  return typeof value === 'object' && value !== null && DELAYED in value;
}

ownExports({ DelayedCall, delayed, Parallel, parallelConfig });
