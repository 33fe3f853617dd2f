/** `compare`: is it worth it? Measures a loop beside allcores, over lists that grow. */
import { access, constants, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { cpuCount } from '../cpu-count.ts';
import { UsageError } from '../errors.ts';
import { Range } from '../range.ts';
import { isTypedArray, type TypedArray } from '../run/source.ts';
import { show } from '../show.ts';
import type { ItemOf, ResultFor } from '../types.ts';
import { type CompareOptions, type CompareSettings, compareSettings } from './compare-options.ts';
import { type Comparison, type ComparisonRow, comparisonOf } from './comparison.ts';
import { type Contender, contender, type Prefix } from './methods.ts';
import { comparisonPage } from './page.ts';
import { race } from './race.ts';
import { summarize } from './statistics.ts';

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
  checkArguments(fn, items);
  const settings = compareSettings(options as CompareOptions<never, never> | undefined, fn, items.length);
  settings.signal?.throwIfAborted();
  if (settings.page !== undefined) await checkFolder(settings.page);
  const contenders: Contender[] = [];
  const rows: ComparisonRow[] = [];
  try {
    const first = prefixOf(items, 1);
    for (const method of settings.methods) {
      const { workers, signal } = settings;
      const ready = await contender(method, { fn: fn as (item: never) => unknown, items, workers, signal });
      contenders.push(ready);
      if (ready.warms) await ready.run(ready.prepare(first));
    }
    for (const size of settings.sizes) {
      for (const row of await rowsOf(contenders, prefixOf(items, size), settings)) {
        rows.push(row);
        settings.onRow(row);
      }
    }
  } finally {
    for (const { close } of contenders) await close();
  }
  const { title, unit, workers, repetitions, page } = settings;
  const machine = { node: process.version, cores: cpuCount(), cpu: cpus()[0]?.model.trim() || 'unknown processor' };
  const comparison = comparisonOf({ title, unit, workers, repetitions, rows, methods: contenders.map(({ name }) => name), machine });
  if (page !== undefined) await writeFile(page, await comparisonPage([comparison]));
  return comparison;
}

async function rowsOf(contenders: readonly Contender[], items: Prefix, settings: CompareSettings): Promise<ComparisonRow[]> {
  const runs = await race(contenders, items, settings);
  const summaries = runs.map(summarize);
  const loopMs = summaries[contenders.findIndex(({ name }) => name === 'loop')]?.medianMs;
  return contenders.map(({ name }, i) => ({
    size: items.length,
    method: name,
    ...summaries[i]!,
    runsMs: runs[i]!,
    speedUp: loopMs === undefined ? undefined : loopMs / summaries[i]!.medianMs,
  }));
}

function checkArguments(fn: unknown, items: unknown): void {
  const usage = 'compare((x) => x ** 2, range(1_000_000))';
  if (typeof fn !== 'function') {
    const swapped =
      typeof items === 'function' ? 'the arguments are swapped; write' : `the function is ${show(fn)}; it must be a function, as in`;
    throw new UsageError('BAD_ARGUMENT', `compare: ${swapped} ${usage}`);
  }
  if (!Array.isArray(items) && !isTypedArray(items) && !(items instanceof Range)) {
    throw new UsageError(
      'BAD_ARGUMENT',
      `compare: the items are ${show(items)}; they must be an array, a typed array or range(n), whose beginnings can be run over, as in ${usage}`,
    );
  }
  if (items.length === 0) throw new UsageError('BAD_ARGUMENT', `compare: the items are empty; there must be at least one, as in ${usage}`);
}

/** Before anything runs: a comparison may take minutes, and its page should not fail at the end. */
async function checkFolder(page: string): Promise<void> {
  const folder = dirname(resolve(page));
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new UsageError('BAD_OPTION', `compare: option "page" is ${show(page)}, but the folder ${folder} cannot be written to`, { cause });
  }
}

function prefixOf(items: Prefix, size: number): Prefix {
  return size === items.length ? items : items.slice(0, size);
}
