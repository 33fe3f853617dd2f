/** From a door to a job: checks the arguments, ships the functions, chooses where the results land. All doors end here. */
import type { CallStyle } from './backend.ts';
import { runningTask } from './context.ts';
import { QueueFullError, UsageError } from './errors.ts';
import { progressObserver } from './observers/progress.ts';
import { type CallOptions, DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT_BYTES } from './options.ts';
import { type PlacingCrew, placed } from './placing/place.ts';
import type { Placing } from './placing-option.ts';
import { Range } from './range.ts';
import { now } from './run/clock.ts';
import type { Conductor } from './run/conductor.ts';
import { type JobFunctions, oneFunction } from './run/functions.ts';
import type { CallRules } from './run/job.ts';
import type { LogRule } from './run/logs.ts';
import { shipTo } from './run/shipping.ts';
import { ArraySink, deferred, resultsFor, SettledSink, type Sink, TypedArraySink } from './run/sinks.ts';
import { type ItemSource, isTypedArray, type SizeOf, sourceOf } from './run/source.ts';
import { OrderedStream, type StreamLinks, UnorderedStream } from './run/streams.ts';
import { show } from './show.ts';
import { limitsOf } from './task-limits.ts';

// biome-ignore lint/suspicious/noExplicitAny: doors check their functions' types; here any function will do.
export type AnyFunction = (...args: any[]) => unknown;

/** What is to be run, shipped and ready. */
export interface Work {
  readonly functions: JobFunctions;
  readonly source: ItemSource;
  readonly style: CallStyle;
}

/** One call of a door, with checked options. */
export interface Call {
  /** The door's name and its right use, for messages. */
  readonly door: string;
  readonly usage: string;
  readonly fn: unknown;
  readonly items: unknown;
  readonly style: CallStyle;
  readonly options: CallOptions;
  /** For a door that takes other arguments than a function and items: checks them, and gives what makes the work of them. */
  readonly prepare?: ((call: Call) => (crew: Crew) => Work) | undefined;
}

/** What a call runs on. */
export interface Crew extends PlacingCrew {
  /** Whether the calling thread itself runs the tasks. */
  readonly runsHere: boolean;
  /** Whether other processes do. */
  readonly runsElsewhere: boolean;
  readonly logs: LogRule;
  /** Where calls run that do not say. */
  readonly placing: Placing;
  /** Calls that may wait for a worker. */
  readonly maxQueue: number | undefined;
  /** Starts workers where none run yet; refuses when the pool is closed. */
  conductor(): Conductor;
  /** The same for a call that began before the pool was closed, which is waited for. */
  late(): Crew;
  /** Where calls run that are to run in line. */
  hostCrew(): Crew;
  /** Streams that somebody may still read. */
  readonly streams: Set<Stream>;
}

/** A stream somebody may still read. */
export type Stream = OrderedStream | UnorderedStream;

type Links = ReturnType<Conductor['add']>;

/** A task calls `map`, whose task calls `map`, and so on: deeper than any program means it. */
const DEEPEST = 64;

/** All results in input order. Async, so that refusals reject; yet it runs at once up to its end, so that captured values are read at the call. */
export async function collect(crew: Crew, call: Call): Promise<unknown> {
  return placedOr(crew, call, false, (on, items) => {
    const done = deferred<never>();
    const sink = isTypedArray(items)
      ? new TypedArraySink(done, resultsFor(items))
      : new ArraySink(done, Array.isArray(items) || items instanceof Range ? items.length : undefined);
    start(on, { ...call, items }, sink, true);
    return done.promise;
  });
}

/** All outcomes in input order; a failed task does not stop the others. */
export async function collectSettled(crew: Crew, call: Call): Promise<PromiseSettledResult<unknown>[]> {
  return placedOr(crew, call, true, (on, items) => {
    const done = deferred<PromiseSettledResult<unknown>[]>();
    start(on, { ...call, items }, new SettledSink(done), false);
    return done.promise;
  });
}

/** In line where that is sooner, without risk and nobody has said otherwise; else by a job. */
function placedOr<T>(crew: Crew, call: Call, settles: boolean, byJob: (on: Crew, items: unknown) => Promise<T>): Promise<T> {
  const { options, items } = call;
  if ((options.placing ?? crew.placing) === 'auto' && !crew.runsHere) {
    // The late way is for a list that was begun in line, and whose pool may be closing.
    const onWorkers = async (rest: unknown) => byJob(crew.late(), rest);
    const here = placed(crew, call, { settles, onWorkers });
    if (here) return here as Promise<T>;
  }
  return byJob(crew, items);
}

/** Results as they come. Bad arguments are refused at the call, not at the first read. */
export function stream(crew: Crew, call: Call, ordered: boolean): Stream {
  let job: Links | undefined;
  const links: StreamLinks = {
    taken: (count) => job?.taken(count),
    cancel: (hasLeft) => {
      crew.streams.delete(sink);
      job?.cancel(undefined, hasLeft);
    },
  };
  const sink = ordered ? new OrderedStream(links) : new UnorderedStream(links);
  crew.streams.add(sink);
  try {
    job = start(crew, call, sink, false);
  } catch (error) {
    crew.streams.delete(sink);
    throw error;
  }
  return sink;
}

/** Eight of the largest chunks for each of eight workers. */
const MAX_NUMBERS_IN_FLIGHT = 64 * 65_536;

/** Starts the job of a call. */
export function start(asked: Crew, call: Call, sink: Sink, stopOnFailure: boolean): Links {
  const { options, door } = call;
  const crew = (options.placing ?? asked.placing) === 'inline' && !asked.runsHere ? asked.hostCrew() : asked;
  const prepared = (call.prepare ?? oneFunctionForAll)(call);
  const depth = (runningTask()?.depth ?? 0) + 1;
  if (depth > DEEPEST) {
    const message = `${door}: calls are nested more than ${DEEPEST} deep, each made by a task of another. Does a function call itself through ${door} without an end?`;
    throw new UsageError('BAD_ARGUMENT', message);
  }
  // A signal that has aborted already: nothing starts, and no listener is left behind.
  options.signal?.throwIfAborted();
  const { progress, onMessage, logs = crew.logs, signal, retries } = options;
  const retryWhen = typeof retries === 'object' ? retries.when : undefined;
  const inContext = contextOf(options, call.items);
  // Threads start while the functions are being read.
  const conductor = crew.conductor();
  if (crew.maxQueue !== undefined && conductor.counts.isFull(crew.maxQueue)) throw queueFull(door, crew.maxQueue);
  const { functions, source, style } = prepared(crew);
  let job: Links | undefined;
  const links = { now, fail: (error: unknown) => job?.cancel(error, false) };
  job = conductor.add({
    functions,
    call: style,
    source,
    sink,
    rules: rulesOf(options, source, sink, crew, stopOnFailure),
    retryWhen: retryWhen && inContext(retryWhen),
    signal,
    depth,
    observers: progress ? [progressObserver(typeof progress === 'function' ? inContext(progress) : progress, links)] : [],
    onMessage: onMessage && inContext(onMessage),
    logs: typeof logs === 'function' ? inContext(logs) : logs,
    reading: inContext((read: () => void) => read()),
  });
  return job;
}

/**
 * Binds the caller's functions, and the reading of a lazy input, to the asynchronous context of the call: else they would run in that of
 * whoever happened to start the workers, and a request's id would be another's.
 */
function contextOf({ progress, onMessage, logs, retries }: CallOptions, items: unknown): <F extends AnyFunction>(fn: F) => F {
  const isLazy = !Array.isArray(items) && !isTypedArray(items) && !(items instanceof Range);
  if (!isLazy && typeof progress !== 'function' && !onMessage && typeof logs !== 'function' && typeof retries !== 'object')
    return (fn) => fn;
  const { AsyncResource } = process.getBuiltinModule('node:async_hooks');
  return (fn) => AsyncResource.bind(fn) as typeof fn;
}

function oneFunctionForAll(call: Call): (crew: Crew) => Work {
  const fn = checkFunction(call);
  const source = checkItems(call);
  const { maxShipBytes, with: given } = call.options;
  // Property by property, here and below: V8 takes microseconds for a spread.
  return ({ workers, runsHere, runsElsewhere, hasSetup }) => ({
    functions: oneFunction(shipTo(fn, { workers, runsHere, runsElsewhere, hasSetup, maxShipBytes, given })),
    source,
    style: call.style,
  });
}

function rulesOf(options: CallOptions, source: ItemSource, sink: Sink, { workers }: Crew, stopOnFailure: boolean): CallRules {
  const { concurrency = workers } = options;
  const { timeoutMs, graceMs, retries } = limitsOf(options);
  return {
    size: source.size,
    chunkSize: options.chunkSize ?? 'auto',
    lanes: Math.ceil(concurrency / workers),
    // Without a word from the caller a slot may hold waiting chunks too: only one of them runs.
    maxHeld: options.concurrency === undefined || options.concurrency === workers ? Number.POSITIVE_INFINITY : concurrency,
    // Numbers that are here already hold nothing back, and tiny tasks need many on their way.
    maxInFlight:
      options.maxInFlight ?? (source.keeps && source.numbers && sink.takesAtOnce ? MAX_NUMBERS_IN_FLIGHT : DEFAULT_MAX_IN_FLIGHT),
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULT_MAX_IN_FLIGHT_BYTES,
    stopOnFailure,
    timeoutMs,
    graceMs,
    retries,
    priority: options.priority ?? 0,
  };
}

function queueFull(door: string, maxQueue: number): QueueFullError {
  const how =
    maxQueue === 0
      ? 'no worker is idle'
      : maxQueue === 1
        ? 'a call waits for a worker already'
        : `${maxQueue} calls wait for a worker already`;
  return new QueueFullError(`${door}: ${how}, and the pool's maxQueue is ${maxQueue}. Try again later, or refuse the request with 503.`);
}

/** The function of a call. */
export function checkFunction({ door, usage, fn, items }: Pick<Call, 'door' | 'usage' | 'fn' | 'items'>): AnyFunction {
  if (typeof fn === 'function') return fn as AnyFunction;
  if (typeof items === 'function') {
    throw new UsageError(
      'BAD_ARGUMENT',
      `${door}: the arguments are swapped; it is ${usage}. Write map(items, fn), as p-map has it, and pool.map(fn, items), as Python has it.`,
    );
  }
  const hint = typeof (fn as PromiseLike<unknown> | undefined)?.then === 'function' ? ' (it looks as if it had been called already)' : '';
  throw new UsageError('BAD_ARGUMENT', `${door}: the function is ${show(fn)}${hint}; it must be a function, as in ${usage}`);
}

/** The items of a call, wherever they come from. */
export function checkItems({ door, usage, items }: Pick<Call, 'door' | 'usage' | 'items'>, sizeOfItem?: SizeOf): ItemSource {
  const source = sourceOf(items, sizeOfItem);
  if (source) return source;
  const hint = hintFor(items);
  throw new UsageError(
    'BAD_ARGUMENT',
    `${door}: the items are ${show(items)}; they must be an array, a typed array, range(n), or any iterable or async iterable, as in ${usage}.${hint}`,
  );
}

function hintFor(items: unknown): string {
  if (typeof items === 'number') return ` For the numbers below ${items} pass range(${items}).`;
  if (typeof items !== 'object' || items === null) return '';
  if (typeof (items as Partial<PromiseLike<unknown>>).then === 'function') return ' Await it first.';
  return ' For an object pass Object.entries(it).';
}
