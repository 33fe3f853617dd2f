/** A comparison being measured: its contenders made ready, every size run, the page written. */
import { access, constants, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, resolve } from 'node:path';
import { cpuCount } from '../cpu-count.ts';
import { UsageError } from '../errors.ts';
import { Range } from '../range.ts';
import { isTypedArray } from '../run/source.ts';
import { show } from '../show.ts';
import { type CompareOptions, type CompareSettings, compareSettings } from './compare-options.ts';
import { type Comparison, type ComparisonRow, comparisonOf } from './comparison.ts';
import { type Contender, contender, type Prefix } from './methods.ts';
import { pageOf } from './page.ts';
import { race } from './race.ts';
import { summarize } from './statistics.ts';

/** Runs a comparison; `compare` says what it does. */
export async function measured(fn: unknown, items: Prefix, options: CompareOptions<never, never> | undefined): Promise<Comparison> {
  checkArguments(fn, items);
  const settings = compareSettings(options, fn, items.length);
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
  if (page !== undefined) await writeFile(page, await pageOf([comparison], undefined));
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
  const isFolder = await stat(page).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder)
    throw new UsageError(
      'BAD_OPTION',
      `compare: option "page" is ${show(page)}, which is a folder; it must be the path of a file to write`,
    );
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
