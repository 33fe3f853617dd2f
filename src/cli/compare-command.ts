/** `allcores compare`: from flags to `compare`, and from its result to the terminal and to files. */
import { open, writeFile } from 'node:fs/promises';
import { type ComparableItems, type Comparison, type ComparisonRow, compare, range } from '../index.ts';
import { CommandError } from './complaints.ts';
import { exportAt } from './user-module.ts';

/** As the parser gives them: what looks like a number is one, and what is given twice is a list. */
export interface CompareFlags {
  readonly items?: unknown;
  readonly sizes?: unknown;
  readonly methods?: unknown;
  readonly repetitions?: unknown;
  readonly workers?: unknown;
  readonly maxSeconds?: unknown;
  readonly title?: unknown;
  readonly unit?: unknown;
  readonly page?: unknown;
  readonly json?: unknown;
}

/** Measures, prints the table, and writes the files that were asked for. */
export async function compareCommand(place: string, flags: CompareFlags): Promise<void> {
  for (const [flag, value] of Object.entries(flags)) {
    if (flag !== '--' && Array.isArray(value)) throw new CommandError(`--${flag} is there twice`);
  }
  const sizes = flags.sizes === undefined ? undefined : sizesOf(String(flags.sizes));
  if (flags.json !== undefined) await checkFile(String(flags.json));
  const fn = await exportAt(place, 'function');
  if (typeof fn !== 'function') throw new CommandError(`${place} is no function, but ${kindOf(fn)}`);
  const items = await itemsOf(flags.items, sizes);
  const text = (value: unknown) => (value === undefined ? undefined : String(value));
  const options = {
    sizes,
    methods: text(flags.methods)
      ?.split(',')
      .map((name) => name.trim()),
    repetitions: flags.repetitions,
    workers: flags.workers,
    maxSeconds: flags.maxSeconds,
    title: text(flags.title) ?? place,
    unit: text(flags.unit),
    page: text(flags.page),
    onRow: process.stderr.isTTY ? showProgress : undefined,
  };
  let comparison: Comparison;
  try {
    comparison = await (compare as Measure)(fn, items, options);
  } finally {
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }
  console.log(`\n${comparison}\n`);
  const written = [text(flags.page), text(flags.json)].filter((file) => file !== undefined);
  if (flags.json !== undefined) await writeJson(String(flags.json), comparison);
  for (const file of written) console.log(`  wrote ${file}`);
}

/** Before anything is measured: it may take minutes. */
async function checkFile(file: string): Promise<void> {
  try {
    await (await open(file, 'a')).close();
  } catch (error) {
    throw new CommandError(`--json ${file}: ${(error as Error).message}`);
  }
}

/** What the types would say of a file that is written while the program runs is checked by `compare` itself. */
type Measure = (fn: unknown, items: unknown, options: unknown) => Promise<Comparison>;

const CLEAR_LINE = '\r\u001b[2K';

/** One line that is written over: the table comes at the end. */
function showProgress({ size, method }: ComparisonRow): void {
  process.stderr.write(`${CLEAR_LINE}measured ${method} over ${size.toLocaleString('en-US')} …`);
}

function sizesOf(text: string): number[] {
  return text.split(',').map((part) => {
    const size = Number(part);
    if (part.trim() === '' || !Number.isSafeInteger(size) || size < 1)
      throw new CommandError(`--sizes has "${part.trim()}"; every size must be a whole number from 1, as in --sizes 10,1000,1e6`);
    return size;
  });
}

async function itemsOf(flag: unknown, sizes: readonly number[] | undefined): Promise<ComparableItems> {
  if (flag === undefined && !sizes)
    throw new CommandError('over how many items?', 'Say --sizes 10,1000,1e6 to run over 0, 1, 2, …, or --items file.ts#list');
  const length = flag === undefined ? Math.max(...sizes!) : flag;
  if (typeof length === 'number') {
    if (!Number.isSafeInteger(length) || length < 1)
      throw new CommandError(`--items is ${length}; it must be a whole number from 1, or file#export`);
    return range(length);
  }
  return (await exportAt(String(length), 'list')) as ComparableItems;
}

async function writeJson(file: string, comparison: Comparison): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(comparison, null, 2)}\n`);
  } catch (cause) {
    throw new CommandError(`cannot write ${file}: ${(cause as Error).message}`, undefined, { cause });
  }
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
}
