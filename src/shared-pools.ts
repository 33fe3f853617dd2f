/** Pools that calls share: one for each number of workers and backend, started at the first call. */
import { runningTask } from './context.ts';
import { UsageError } from './errors.ts';
import type { WorkersOptions } from './options.ts';
import { ownExports } from './own-exports.ts';
import type { Placing } from './placing-option.ts';
import { Pool } from './pool.ts';
import { WORKER_MARKER } from './protocol.ts';
import { configured, placingOf, saidSettings, usualWorkers } from './settings.ts';
import { show } from './show.ts';

/** One registry per process, also when two copies of the package are loaded. */
const REGISTRY = Symbol.for('allcores.pools/1');
type Registry = Map<string, Pool>;

/** The pool of a call: the caller's, or a shared one. */
export function poolFor(door: string, { pool, workers, backend }: WorkersOptions & { readonly pool?: Pool | undefined }): Pool {
  const given = pool ?? (workers === undefined && backend === undefined ? configured().pool : undefined);
  if (given === undefined) return sharedPool({ workers, backend });
  if (workers !== undefined || backend !== undefined) {
    const other = workers === undefined ? 'backend' : door === 'Parallel' ? 'nJobs' : 'workers';
    throw new UsageError('BAD_OPTION', `${door}: option "${other}" does not go with "pool", whose workers are there already`);
  }
  if (!Pool.is(given))
    throw new UsageError(
      'BAD_OPTION',
      `${door}: option "pool" is ${show(given)}${'imapUnordered' in given ? ' of another copy of allcores, which is loaded twice' : ''}; it must be a Pool`,
    );
  return given;
}

/** Where a call runs that names these workers: who brings a pool has said it there. */
export function placingFor(
  options: WorkersOptions & { readonly pool?: Pool | undefined; readonly placing?: Placing | undefined },
): Placing | undefined {
  const { pool, workers, backend, placing } = options;
  const isGiven = pool !== undefined || (workers === undefined && backend === undefined && configured().pool !== undefined);
  return isGiven ? placing : placingOf({ placing, backend });
}

function sharedPool(options: WorkersOptions): Pool {
  const settings = saidSettings(options, WORKER_MARKER in globalThis);
  const { workers, backend } = settings;
  // Who says nothing shares the pool of who names as many as there would be.
  const key = workers === undefined || workers === usualWorkers(backend) ? backend : `${backend} ${workers}`;
  const pools = registry();
  const pool = pools.get(key) ?? new Pool(settings);
  pools.set(key, pool);
  return pool;
}

/** Ends the shared pools when the calls in progress have ended. The next `map` starts a new one. A program need not call it to exit. */
export async function shutdown(): Promise<void> {
  if (runningTask()) {
    const message =
      'shutdown: it was called inside a task, and waits for the calls in progress, of which this task is part; call it when they have ended';
    throw new UsageError('BAD_ARGUMENT', message);
  }
  const pools = registry();
  const open = [...pools.values()];
  pools.clear();
  await Promise.all(open.map((pool) => pool.close()));
}

function registry(): Registry {
  const home = globalThis as { [REGISTRY]?: Registry };
  home[REGISTRY] ??= new Map();
  return home[REGISTRY];
}

ownExports({ shutdown });
