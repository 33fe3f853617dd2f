/** What a call runs with when its options do not say: the defaults of `parallelConfig`, the environment, the machine. The only reader of process.env. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { numberOfJobs } from './counts.ts';
import { cpuCount } from './cpu-count.ts';
import { defaultWorkers } from './default-workers.ts';
import { UsageError } from './errors.ts';
import { type BackendName, OPTIONS, type WorkersOptions } from './options.ts';
import type { Placing } from './placing-option.ts';
import type { Pool } from './pool.ts';

/** Defaults for everything called inside one `parallelConfig`. */
export interface ConfiguredDefaults {
  readonly nJobs?: number | undefined;
  readonly backend?: BackendName | undefined;
  readonly pool?: Pool | undefined;
  readonly batchSize?: number | 'auto' | undefined;
  readonly preDispatch?: number | string | undefined;
  readonly verbose?: number | boolean | undefined;
}

/** Made by the first `parallelConfig`: on Node 20 and 22 it slows every await a little. */
let storage: AsyncLocalStorage<ConfiguredDefaults> | undefined;

/** The defaults that hold here. */
export function configured(): ConfiguredDefaults {
  return storage?.getStore() ?? {};
}

/** Runs `fn` with these defaults on top of those that hold already. */
export function withDefaults<T>(defaults: ConfiguredDefaults, fn: () => T): T {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
  storage ??= new AsyncLocalStorage();
  const outer = configured();
  // Named workers take the place of a pool around them, and a pool that of named workers.
  const kept =
    defaults.pool !== undefined
      ? { ...outer, nJobs: undefined, backend: undefined }
      : defaults.nJobs !== undefined || defaults.backend !== undefined
        ? { ...outer, pool: undefined }
        : outer;
  return storage.run({ ...kept, ...defaults }, fn);
}

export interface PoolSettings {
  readonly workers: number;
  readonly backend: BackendName;
}

/** As far as anybody has said it. */
export interface SaidSettings {
  /** Undefined where nobody says how many: the machine is asked when they are needed (`usualWorkers`). */
  readonly workers: number | undefined;
  readonly backend: BackendName;
}

export function poolSettings(options: WorkersOptions, insideWorker: boolean): PoolSettings {
  const { workers, backend } = saidSettings(options, insideWorker);
  return { workers: workers ?? usualWorkers(backend), backend };
}

export function saidSettings(options: WorkersOptions, insideWorker: boolean): SaidSettings {
  const { ALLCORES_WORKERS, ALLCORES_BACKEND } = process.env;
  const defaults = configured();
  // Nested calls run in line: n workers never become n².
  const backend =
    options.backend ??
    (insideWorker ? 'inline' : (defaults.backend ?? fromEnvironment('ALLCORES_BACKEND', ALLCORES_BACKEND, 'backend', String) ?? 'threads'));
  const workers =
    options.workers ??
    (defaults.nJobs === undefined ? undefined : workersFor(defaults.nJobs)) ??
    fromEnvironment('ALLCORES_WORKERS', ALLCORES_WORKERS, 'workers', Number);
  return { workers, backend };
}

/** Asked once: it reads files of the container, which takes longer than a small call. */
const machine = new Map<BackendName, number>();

/** How many there are where nobody says. */
export function usualWorkers(backend: BackendName): number {
  const workers = machine.get(backend) ?? defaultWorkers(backend);
  machine.set(backend, workers);
  return workers;
}

/** Whether calls go to workers. Who names a backend says where: then they do, unless the option itself says otherwise. */
export function placingOf({
  placing,
  backend,
}: {
  readonly placing?: Placing | undefined;
  readonly backend?: BackendName | undefined;
}): Placing {
  if (placing !== undefined) return placing;
  if ((backend ?? configured().backend) !== undefined) return 'workers';
  const { ALLCORES_PLACING } = process.env;
  return fromEnvironment('ALLCORES_PLACING', ALLCORES_PLACING, 'placing', String) ?? 'auto';
}

/** Workers for a number of jobs as Joblib counts them: -1 is all cores, -2 all but one, and there is always one. */
export function workersFor(nJobs: number): number {
  const jobs = numberOfJobs(nJobs)!;
  return jobs > 0 ? jobs : Math.max(1, cpuCount() + 1 + jobs);
}

type FromEnvironment = WorkersOptions & { readonly placing?: Placing | undefined };

function fromEnvironment<K extends keyof FromEnvironment>(
  variable: string,
  text: string | undefined,
  name: K,
  parse: (text: string) => unknown,
): FromEnvironment[K] {
  if (text === undefined || text === '') return undefined;
  const value = parse(text);
  const rule = OPTIONS[name]!;
  if (!rule.ok(value))
    throw new UsageError('BAD_OPTION', `the environment variable ${variable} is ${JSON.stringify(text)}; it must be ${rule.allowed}`);
  return value as FromEnvironment[K];
}
