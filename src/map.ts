/** The one line: `map` and its siblings, on a shared pool or on one of the caller's. p-map's signature; `fn(item, index)`. */
import { type Call, collect, collectSettled, stream } from './calls.ts';
import { checkOptions } from './check-options.ts';
import { UsageError } from './errors.ts';
import type { MapOptions, StreamOptions } from './options.ts';
import { ownExports } from './own-exports.ts';
import { crewOf, type Pool } from './pool.ts';
import { Range } from './range.ts';
import { copyOf } from './run/array-source.ts';
import { isTypedArray } from './run/source.ts';
import { placingFor, poolFor } from './shared-pools.ts';
import { show } from './show.ts';
import type { ItemOf, Items, MapResult, ResultFor } from './types.ts';
import { warmUp } from './warm-up.ts';

/**
 * Runs `fn` over items on all cores; results in input order. The first failure rejects at once with the task's own error.
 *
 * `fn` may use what is around it: constants, helpers, classes, imports travel with it, as copies. Workers start at the first call
 * and never keep the process alive when they are idle. A call costs a few tenths of a millisecond, mostly for reading the function (`npm run bench -- --only roundtrip` measures it).
 *
 * @param items An array, typed array, `range(n)`, or any iterable or async iterable, read lazily; promises among them are awaited.
 * @param fn `fn(item, index)`, sync or async.
 * @returns An array; for a typed array a typed array (float and BigInt kinds the same kind, integer kinds a Float64Array).
 * @throws NotShippableError before anything runs, when `fn` captures what cannot travel; UsageError for wrong arguments or options.
 * @example
 * const k = 3;
 * const ys = await map(range(100_000), (x) => x * k);
 */
export async function map<I extends Items, R extends ResultFor<I>>(
  items: I,
  fn: (item: ItemOf<I>, index: number) => R,
  options?: MapOptions,
): Promise<MapResult<I, R>> {
  const { pool, call } = prepared('map', 'map([1, 2, 3], (x) => x ** 2)', items, fn, options);
  return collect(crewOf(pool), call) as Promise<MapResult<I, R>>;
}

/** As `map`, but a failed task does not stop the others: gives what `Promise.allSettled` gives, in input order. */
export async function mapSettled<I extends Items, R>(
  items: I,
  fn: (item: ItemOf<I>, index: number) => R,
  options?: MapOptions,
): Promise<PromiseSettledResult<Awaited<R>>[]> {
  const { pool, call } = prepared('mapSettled', 'mapSettled([1, 2, 3], (x) => x ** 2)', items, fn, options);
  return collectSettled(crewOf(pool), call) as Promise<PromiseSettledResult<Awaited<R>>[]>;
}

/**
 * As `map`, but results come one by one while later items are still read. What is not taken holds the reading back (`maxInFlight`);
 * a loop that is left cancels the rest.
 *
 * @example for await (const page of mapStream(urls, render, { ordered: false })) save(page);
 */
export function mapStream<I extends Items, R>(
  items: I,
  fn: (item: ItemOf<I>, index: number) => R,
  options?: StreamOptions,
): AsyncIterableIterator<Awaited<R>> & AsyncDisposable {
  const { pool, call, ordered } = prepared('mapStream', 'mapStream(items, (x) => x ** 2)', items, fn, options);
  return stream(crewOf(pool), call, ordered) as never;
}

/** A batch of items: a typed array for a typed array, else an array. */
export type BatchOf<I> = I extends Parameters<typeof isTypedArray>[0] & { subarray: unknown } ? I : ItemOf<I>[];

/**
 * `fn(batch, firstIndex)` for every `size` consecutive items, for vectorised code; one result per batch, in order.
 *
 * @example const sums = await mapBatches(values, 10_000, (batch) => batch.reduce((a, b) => a + b, 0));
 */
export async function mapBatches<I extends Items, R>(
  items: I,
  size: number,
  fn: (batch: BatchOf<I>, firstIndex: number) => R,
  options?: MapOptions,
): Promise<Awaited<R>[]> {
  if (!Number.isSafeInteger(size) || size < 1)
    throw new UsageError('BAD_ARGUMENT', `mapBatches: the size is ${show(size)}; it must be a whole number from 1`);
  const { pool, call } = prepared('mapBatches', 'mapBatches(items, 1000, (batch) => batch.length)', items, fn, options);
  return collect(crewOf(pool), { ...call, items: batches(items, size), style: 'spread' }) as Promise<Awaited<R>[]>;
}

/**
 * One call `fn(...args)` on a worker.
 *
 * @example const report = await run(parse, [text]);
 */
export async function run<P extends unknown[], R>(
  fn: (...args: P) => R,
  args?: Readonly<NoInfer<P>>,
  options?: MapOptions,
): Promise<Awaited<R>> {
  if (args !== undefined && !Array.isArray(args)) {
    throw new UsageError('BAD_ARGUMENT', `run: the arguments are ${show(args)}; they must be an array, as in run((a, b) => a + b, [1, 2])`);
  }
  const { pool, call } = prepared('run', 'run((a, b) => a + b, [1, 2])', [args ?? []], fn, options);
  const [result] = (await collect(crewOf(pool), { ...call, style: 'spread' })) as Awaited<R>[];
  return result as Awaited<R>;
}

function prepared(
  door: string,
  usage: string,
  items: unknown,
  fn: unknown,
  options: StreamOptions | undefined,
): { pool: Pool; call: Call; ordered: boolean } {
  const scopes = ['call', 'pool', 'door', ...(door === 'mapStream' ? (['stream'] as const) : [])] as const;
  const { pool, workers, backend, placing, ordered = true, ...call } = checkOptions<StreamOptions>(door, options, scopes);
  return {
    pool: poolFor(door, { pool, workers, backend }),
    call: { door, usage, fn, items, style: 'itemAndIndex', options: { ...call, placing: placingFor({ pool, workers, backend, placing }) } },
    ordered,
  };
}

/** Pairs [batch, firstIndex]: at once where all items are there, else as they are read. */
function batches(items: unknown, size: number): unknown {
  if (items instanceof Range) return rangeBatches(items, size);
  if (Array.isArray(items) || isTypedArray(items)) {
    const own = isTypedArray(items) ? copyOf(items) : items;
    return Array.from({ length: Math.ceil(own.length / size) }, (_, i) => [own.slice(i * size, (i + 1) * size), i * size]);
  }
  const iterable = items as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.asyncIterator] === 'function' || typeof iterable?.[Symbol.iterator] === 'function')
    return lazyBatches(iterable as Items, size);
  return items;
}

/** Its numbers are made batch by batch, as they are read. */
function* rangeBatches(items: Range, size: number): Generator<[number[], number]> {
  for (let first = 0; first < items.length; first += size) yield [[...items.slice(first, first + size)], first];
}

async function* lazyBatches(items: Items, size: number): AsyncGenerator<[unknown[], number]> {
  let batch: unknown[] = [];
  let first = 0;
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield [batch, first];
    first += batch.length;
    batch = [];
  }
  if (batch.length > 0) yield [batch, first];
}

ownExports({ map, mapBatches, mapSettled, mapStream, run });
warmUp((items, fn, options) => prepared('map', '', items, fn, options).call);
