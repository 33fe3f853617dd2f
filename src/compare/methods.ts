/** The ways to run a function over a list that can be compared: allcores' own, by name, and any other as an object. */
import { map } from '../map.ts';
import { delayed, Parallel } from '../parallel.ts';
import { Pool } from '../pool.ts';
import type { Range } from '../range.ts';
import type { TypedArray } from '../transport.ts';
import { freshLoop } from './loop.ts';

/** The first items of the list, of the list's own kind: a range stays a range. */
export type Prefix = readonly unknown[] | TypedArray | Range;

/**
 * A way of your own to run a function over a list, such as another library.
 *
 * @example const pMapMethod = { name: 'p-map', run: (fn, items) => pMap(items, (item) => fn(item)) };
 */
export interface Method<T = unknown, R = unknown> {
  /** Stands in the table and in the chart: one line, at most 40 characters. */
  readonly name: string;
  /** Runs `fn(item)` for each item and gives the results in order. Its time is what is measured. The items are a plain array. */
  run(fn: (item: T) => R, items: readonly T[]): PromiseLike<readonly Awaited<R>[]> | readonly Awaited<R>[];
  /** Called once after the last run, also after a failure. */
  close?(): unknown;
}

/** What is measured, with its surroundings ready. */
export interface Contender {
  readonly name: string;
  /** Whether a run over one item beforehand is of use: it is not where everything starts anew in each run. */
  readonly warms: boolean;
  /** What the items of a size are before they are timed. */
  prepare(items: Prefix): Prefix;
  run(items: Prefix): unknown;
  close(): unknown;
}

/** What a method runs with. */
export interface Setup {
  readonly fn: (item: never) => unknown;
  readonly items: Prefix;
  readonly workers: number;
  readonly signal: AbortSignal | undefined;
}

const asItIs = (items: Prefix) => items;
const nothing = () => {};

const BUILT_IN = {
  /** The plain loop, on this thread. */
  loop: ({ fn, items }: Setup): Contender => {
    const loop = freshLoop(items);
    return { name: 'loop', warms: true, prepare: asItIs, run: (xs) => loop(fn, xs), close: nothing };
  },

  /** `map(items, fn)` on the shared pool. It passes the index as well, as `map` does. */
  map: ({ fn, workers, signal }: Setup): Contender => ({
    name: 'map',
    warms: true,
    prepare: asItIs,
    run: (xs) => map(xs as readonly never[], fn, { workers, signal }),
    close: nothing,
  }),

  /** `pool.map(fn, items)` on a pool whose workers are up. */
  'Pool.map': async ({ fn, workers, signal }: Setup): Promise<Contender> => {
    const pool = await new Pool(workers).ready();
    return {
      name: 'Pool.map',
      warms: true,
      prepare: asItIs,
      run: (xs) => pool.map(fn, xs as readonly never[], { signal }),
      close: () => pool.terminate(),
    };
  },

  /** `Parallel({ nJobs })(…)`, with one delayed call for each item. */
  Parallel: ({ fn, workers, signal }: Setup): Contender => ({
    name: 'Parallel',
    warms: true,
    prepare: asItIs,
    run: (xs) => Parallel({ nJobs: workers, signal })(Array.from(xs as Iterable<never>, (x) => delayed(fn)(x))),
    close: nothing,
  }),

  /** A pool that is started, used once and closed, all of it timed, as the article does it. */
  'new Pool': ({ fn, workers, signal }: Setup): Contender => ({
    name: 'new Pool',
    warms: false,
    prepare: asItIs,
    run: async (xs) => {
      const pool = new Pool(workers);
      try {
        return await pool.map(fn, xs as readonly never[], { signal });
      } finally {
        await pool.close();
      }
    },
    close: nothing,
  }),
} satisfies Record<string, (setup: Setup) => Contender | Promise<Contender>>;

/**
 * The methods that are known by name: the plain `loop`; `map` on the shared pool; `Pool.map` on a pool that was started before; `Parallel`; `new Pool`,
 * a pool that is started, used and closed within the measured time.
 */
export type MethodName = keyof typeof BUILT_IN;

/** Every name. */
export const METHOD_NAMES = Object.keys(BUILT_IN) as readonly MethodName[];

/** What is compared when nobody says otherwise. */
export const DEFAULT_METHODS: readonly MethodName[] = ['loop', 'Pool.map', 'Parallel'];

/** Gets a method ready to be measured. */
export async function contender(method: MethodName | Method, setup: Setup): Promise<Contender> {
  if (typeof method === 'string') return BUILT_IN[method](setup);
  const fn = setup.fn as (item: unknown) => unknown;
  return {
    name: method.name,
    warms: true,
    // Other libraries take arrays; making one is not their work.
    prepare: (items) => (Array.isArray(items) ? items : Array.from<unknown>(items as ArrayLike<unknown> & Iterable<unknown>)),
    run: (items) => method.run(fn, items as readonly unknown[]),
    close: () => method.close?.(),
  };
}
