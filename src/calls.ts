/** From a door to a job: checks the arguments, ships the function, chooses where the results land. All doors end here. */
import type { CallStyle } from './backend.ts';
import type { JobRules } from './core/events.ts';
import { UsageError } from './errors.ts';
import { type CallOptions, DEFAULT_MAX_IN_FLIGHT, DEFAULT_MAX_IN_FLIGHT_BYTES } from './options.ts';
import type { Conductor } from './run/conductor.ts';
import { ArraySink, deferred, resultClassOf, SettledSink, type Sink, TypedArraySink } from './run/sinks.ts';
import { type ItemSource, isTypedArray, sourceOf } from './run/source.ts';
import { OrderedStream, type StreamLinks, UnorderedStream } from './run/streams.ts';
import { ship } from './ship/ship.ts';
import { show } from './show.ts';

// biome-ignore lint/suspicious/noExplicitAny: doors check their functions' types; here any function will do.
export type AnyFunction = (...args: any[]) => unknown;

/** One call of a door, with checked options. */
export interface Call {
  /** The door's name and its right use, for messages. */
  readonly door: string;
  readonly usage: string;
  readonly fn: unknown;
  readonly items: unknown;
  readonly style: CallStyle;
  readonly options: CallOptions;
}

/** What a call runs on. */
export interface Crew {
  readonly workers: number;
  /** Whether the calling thread itself runs the tasks. */
  readonly runsHere: boolean;
  /** Starts workers where none run yet; refuses when the pool is closed. */
  conductor(): Conductor;
  /** Streams that somebody may still read. */
  readonly streams: Set<Stream>;
}

/** A stream somebody may still read. */
export type Stream = OrderedStream | UnorderedStream;

/** All results in input order. Async, so that refusals reject; yet it runs at once up to its end, so that captured values are read at the call. */
export async function collect(crew: Crew, call: Call): Promise<unknown> {
  const done = deferred<never>();
  const { items } = call;
  const sink = isTypedArray(items) ? new TypedArraySink(done, items.length, resultClassOf(items)) : new ArraySink(done);
  start(crew, call, sink, true);
  return done.promise;
}

/** All outcomes in input order; a failed task does not stop the others. */
export async function collectSettled(crew: Crew, call: Call): Promise<PromiseSettledResult<unknown>[]> {
  const done = deferred<PromiseSettledResult<unknown>[]>();
  start(crew, call, new SettledSink(done), false);
  return done.promise;
}

/** Results as they come. Bad arguments are refused at the call, not at the first read. */
export function stream(crew: Crew, call: Call, ordered: boolean): Stream {
  let job: ReturnType<Conductor['add']> | undefined;
  const links: StreamLinks = {
    taken: (count) => job?.taken(count),
    cancel: () => {
      crew.streams.delete(sink);
      job?.cancel(undefined);
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

function start(crew: Crew, call: Call, sink: Sink, stopOnFailure: boolean): ReturnType<Conductor['add']> {
  const fn = checkFunction(call);
  const source = checkItems(call);
  const { options } = call;
  // A signal that has aborted already: nothing starts, and no listener is left behind.
  options.signal?.throwIfAborted();
  // Threads start while the function is being read.
  const conductor = crew.conductor();
  return conductor.add({
    fn: ship(fn, crew),
    call: call.style,
    source,
    sink,
    rules: rulesOf(options, source, crew.workers, stopOnFailure),
    signal: options.signal,
  });
}

function rulesOf(options: CallOptions, source: ItemSource, workers: number, stopOnFailure: boolean): JobRules {
  const { concurrency = workers } = options;
  return {
    size: source.size,
    chunkSize: options.chunkSize ?? 'auto',
    lanes: Math.ceil(concurrency / workers),
    // Without a word from the caller a slot may hold waiting chunks too: only one of them runs.
    maxHeld: options.concurrency === undefined || options.concurrency === workers ? Number.POSITIVE_INFINITY : concurrency,
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    maxInFlightBytes: options.maxInFlightBytes ?? DEFAULT_MAX_IN_FLIGHT_BYTES,
    stopOnFailure,
    retries: { times: 0, delayMs: 0, backoff: 1 },
    priority: 0,
  };
}

function checkFunction({ door, usage, fn, items }: Call): AnyFunction {
  if (typeof fn === 'function') return fn as AnyFunction;
  if (typeof items === 'function') {
    throw new UsageError(
      'BAD_ARGUMENT',
      `${door}: the arguments are swapped. Write map(items, fn), as p-map has it, or pool.map(fn, items), as Python has it.`,
    );
  }
  const hint = typeof (fn as PromiseLike<unknown> | undefined)?.then === 'function' ? ' (it looks as if it had been called already)' : '';
  throw new UsageError('BAD_ARGUMENT', `${door}: the function is ${show(fn)}${hint}; it must be a function, as in ${usage}`);
}

function checkItems({ door, usage, items }: Call): ItemSource {
  const source = sourceOf(items);
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
