/** `compare`: is it worth it? The doors of the room `compare/`, which is loaded at the first call: most programs compare nothing. */
import type { CompareOptions } from './compare/compare-options.ts';
import type { Comparison, ComparisonData } from './compare/comparison.ts';
import { ownExports } from './own-exports.ts';
import type { Range } from './range.ts';
import type { TypedArray } from './transport.ts';
import type { ItemOf, ResultFor } from './types.ts';

/** What can be compared over: lists whose length is known and whose beginning is again such a list. */
export type ComparableItems = readonly unknown[] | TypedArray | Range;

/**
 * Measures `fn` over the first 1, 10, 100, … items by a plain loop and by allcores, and tells from which size on it is worth it.
 *
 * At each size the methods run in turn, several times, and the time is the median. Every method has run over one item before, so that what
 * happens once (compiling, reading the function, starting a pool) is not in the times, except with `new Pool`, whose start is the point.
 * The results of each method are compared with the loop's, at the first repetition: all of them, but of more than 10,000 objects only 10,000
 * to their depth. It takes what the runs take: a slow function over many items is run by the loop at least once at each size.
 *
 * @param fn `fn(item)`, sync or async. It must give the same for the same item.
 * @param items An array, a typed array or `range(n)`: the largest size, unless `sizes` says less.
 * @returns The rows, the break-even and the machine; `String(comparison)` is the table for a terminal.
 * @throws UsageError for wrong arguments or options, and with the code DIFFERENT_RESULTS when a method gives something else than the loop;
 * else the first error of `fn`.
 * @example
 * console.log(String(await compare((x) => x ** 2, range(1_000_000), { page: 'squares.html' })));
 */
export async function compare<I extends ComparableItems, R extends ResultFor<I>>(
  fn: (item: ItemOf<I>) => R,
  items: I,
  options?: CompareOptions<ItemOf<I>, NoInfer<R>>,
): Promise<Comparison> {
  const { measured } = await import('./compare/measuring.ts');
  return measured(fn, items, options as CompareOptions<never, never> | undefined);
}

/** Options of `comparisonPage`. */
export interface PageOptions {
  /** The heading and the title of the window. @default the comparison's title, or 'Comparisons' when there are several */
  readonly title?: string | undefined;
  /** A paragraph below the heading. Plain text. @default none */
  readonly intro?: string | undefined;
}

/**
 * The text of an HTML file that shows comparisons as charts and tables. It needs no network and allows itself none, so it can be mailed or
 * kept beside the results. Titles, units and names are shown as text, whatever stands in them. About 290 KB, most of it the chart library,
 * which is loaded at the first call.
 *
 * @param comparisons What `compare` gave, or what its `toJSON()` was read back from a file.
 * @throws UsageError when there is none, or one is no comparison.
 * @example writeFileSync('page.html', await comparisonPage([squares, slow], { title: 'Two loops' }));
 */
export async function comparisonPage(comparisons: readonly ComparisonData[], options?: PageOptions): Promise<string> {
  const { pageOf } = await import('./compare/page.ts');
  return pageOf(comparisons, options);
}

ownExports({ compare, comparisonPage });
