/** `mapReduce`: one value from many items. Only partial results travel, and they are joined in the order of the items. */
import { LARGEST } from './blocks.ts';
import { type AnyFunction, type Call, type Crew, checkFunction, checkItems, start, type Work } from './calls.ts';
import { checkOptions } from './check-options.ts';
import { UsageError } from './errors.ts';
import type { ReduceOptions } from './options.ts';
import { ownExports } from './own-exports.ts';
import { crewOf } from './pool.ts';
import { BlockSource } from './run/block-source.ts';
import { oneFunction } from './run/functions.ts';
import { ReduceSink } from './run/reduce-sink.ts';
import { shipPartsTo } from './run/shipping.ts';
import { deferred } from './run/sinks.ts';
import { poolFor } from './shared-pools.ts';
import { show } from './show.ts';
import type { ItemOf, Items } from './types.ts';

/** A reduction as a fold: where each block starts, how one item is taken in, and how two partial results are joined. */
export interface Reduction<T, A> {
  /**
   * The start of every block: a value that changes nothing, such as 0 for a sum. An object is copied for each block; a function is
   * called for each, as in `() => new Map()`.
   */
  readonly initial: A | (() => A);
  /** Takes one item in. May be async; may change `total` and give it back. */
  readonly step: (total: A, item: T, index: number) => A | PromiseLike<A>;
  /** Joins two partial results, the earlier one first. Runs on the calling thread, at once. May change `left` and give it back. */
  readonly combine: (left: A, right: A) => A;
}

/**
 * Runs `fn` over the items on all cores and joins the results with `combine`, in the order of the items; only partial results travel.
 *
 * Items are folded in blocks that depend on their indices alone: one item each at first, later a 64th of those before, at most 1,024.
 * Floating-point results are therefore the same to the last bit for any number of workers, chunk size and backend. `combine` must be
 * associative for the result to be that of a loop; floating-point addition nearly is.
 *
 * @example const total = await mapReduce(files, countWords, (a, b) => a + b);
 * @example const histogram = await mapReduce(values, {
 *   initial: () => new Array(10).fill(0),
 *   step: (bins, x) => { bins[Math.floor(x * 10)]++; return bins; },
 *   combine: (a, b) => a.map((n, i) => n + b[i]),
 * });
 * @throws UsageError (a TypeError) for an empty input without `initial`.
 */
export async function mapReduce<I extends Items, R>(
  items: I,
  fn: (item: ItemOf<I>, index: number) => R,
  combine: (left: Awaited<R>, right: Awaited<R>) => Awaited<R>,
  options?: ReduceOptions<Awaited<R>>,
): Promise<Awaited<R>>;
export async function mapReduce<I extends Items, A>(items: I, reduction: Reduction<ItemOf<I>, A>, options?: ReduceOptions<A>): Promise<A>;
export async function mapReduce(items: unknown, what: unknown, third?: unknown, fourth?: unknown): Promise<unknown> {
  if (typeof items === 'function') {
    const right = 'mapReduce([1, 2, 3], (x) => x ** 2, (a, b) => a + b)';
    throw new UsageError('BAD_ARGUMENT', `mapReduce: the arguments are swapped; the items come first, as in ${right}`);
  }
  const parts = isReduction(what) ? checkedFold(what) : checkedMap(what, third, items);
  const isFold = Object.hasOwn(parts, 'step');
  const options = isFold ? third : fourth;
  const { pool, workers, backend, initial, ...rest } = checkOptions<ReduceOptions>('mapReduce', options as ReduceOptions, SCOPES);
  if ('step' in parts && initial !== undefined)
    throw new UsageError('BAD_OPTION', 'mapReduce: "initial" stands beside step and combine already; leave it out of the options');
  const done = deferred<unknown>();
  const { combine } = parts;
  const first = 'step' in parts ? { ofBlocks: parts.initial } : initial === undefined ? undefined : { ofAll: initial };
  const crew = crewOf(poolFor('mapReduce', { pool, workers, backend }));
  const call: Call = {
    door: 'mapReduce',
    usage: USAGE,
    fn: what,
    items,
    style: 'fold',
    options: { ...rest, maxInFlight: blocksAhead(rest.maxInFlight, crew.workers) },
    prepare: (c) => prepareBlocks(c, parts),
  };
  start(crew, call, new ReduceSink(done, combine, first), true);
  return done.promise;
}

/** A million items: numbers are folded so fast that fewer would leave the workers waiting for the reader. */
const DEFAULT_BLOCKS_AHEAD = 1000;

/** Whole blocks are read, and each worker has one to run and one to wait. */
function blocksAhead(items: number | undefined, workers: number): number {
  return items === undefined ? DEFAULT_BLOCKS_AHEAD : Math.max(2 * workers, Math.floor(items / LARGEST));
}

const SCOPES = ['call', 'pool', 'door', 'reduce'] as const;
const USAGE = 'mapReduce(items, (x) => x ** 2, (a, b) => a + b)';

type Parts =
  | { readonly fn: AnyFunction; readonly combine: AnyFunction }
  | { readonly initial: unknown; readonly step: AnyFunction; readonly combine: AnyFunction };

function prepareBlocks(call: Call, parts: Parts): (crew: Crew) => Work {
  const source = new BlockSource(checkItems(call));
  // On the workers a fold does not combine: its blocks are joined here.
  const travelling = 'step' in parts ? { initial: parts.initial, step: parts.step } : parts;
  const { name } = 'step' in parts ? parts.step : parts.fn;
  const { maxShipBytes, with: given } = call.options;
  return (crew) => ({ functions: oneFunction(shipPartsTo(travelling, name, { ...crew, maxShipBytes, given })), source, style: 'fold' });
}

function isReduction(value: unknown): value is Partial<Reduction<unknown, unknown>> {
  return typeof value === 'object' && value !== null;
}

function checkedFold(given: Partial<Reduction<unknown, unknown>>): Parts {
  const { initial, step, combine } = given;
  for (const [name, part] of Object.entries({ step, combine })) {
    if (typeof part === 'function') continue;
    const right = 'mapReduce(items, { initial: 0, step: (sum, x) => sum + x, combine: (a, b) => a + b })';
    throw new UsageError('BAD_ARGUMENT', `mapReduce: "${name}" is ${show(part)}; it must be a function, as in ${right}`);
  }
  if (!('initial' in given))
    throw new UsageError('BAD_ARGUMENT', 'mapReduce: "initial" is missing; each block starts with it, as 0 does for a sum');
  return { initial, step: step as AnyFunction, combine: combine as AnyFunction };
}

function checkedMap(fn: unknown, combine: unknown, items: unknown): Parts {
  const checked = checkFunction({ door: 'mapReduce', usage: USAGE, fn, items });
  if (typeof combine === 'function') return { fn: checked, combine: combine as AnyFunction };
  throw new UsageError('BAD_ARGUMENT', `mapReduce: combine is ${show(combine)}; it must be a function of two results, as in ${USAGE}`);
}

ownExports({ mapReduce });
