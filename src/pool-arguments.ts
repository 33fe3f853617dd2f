/** The arguments of Pool's methods: a chunk size or options, and lists of arguments. */
import { checkOptions } from './check-options.ts';
import { UsageError } from './errors.ts';
import type { CallOptions } from './options.ts';
import { show } from './show.ts';

/** The third argument of Pool's methods: a chunk size, as in Python, or options. */
export type ChunkSizeOrOptions = number | CallOptions;

export function callOptions(door: string, third: ChunkSizeOrOptions | undefined): CallOptions {
  return checkOptions<CallOptions>(door, typeof third === 'number' ? { chunkSize: third } : third, ['call']);
}

/** Lists of arguments that are there already are checked before anything runs. */
export function checkLists(argLists: unknown, usage: string): void {
  if (!Array.isArray(argLists)) return;
  const wrong = argLists.findIndex((args) => !Array.isArray(args));
  if (wrong < 0) return;
  throw new UsageError(
    'BAD_ARGUMENT',
    `pool.starmap: items[${wrong}] is ${show(argLists[wrong])}; each item must be an array of arguments, as in ${usage}`,
  );
}
