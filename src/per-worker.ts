/** `perWorker`: what each worker makes once and keeps, such as a connection, a model or a cache. */
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { show } from './show.ts';

/** A value that each worker makes for itself. Make it at the top of a module, and use it in tasks. */
export interface PerWorker<T> {
  /** This worker's value: made at the first call, the same at every later one. What `make` throws is thrown, and the next call tries again. */
  get(): T;
}

/** Options of `perWorker`. */
export interface PerWorkerOptions<T> {
  /**
   * Called with the value when its worker ends: at `pool.close()`, at `shutdown()`, and when the program has nothing left to do. Not when
   * a worker is killed, and not at `terminate()` and `process.exit()`. @default the value's own Symbol.asyncDispose or Symbol.dispose
   */
  readonly dispose?: ((value: Awaited<T>) => unknown) | undefined;
}

/** @internal One of them in this thread. */
export interface PerWorkerEntry {
  /** The same in every thread. */
  readonly id: string;
  readonly object: PerWorker<unknown>;
  make: () => unknown;
  dispose: ((value: never) => unknown) | undefined;
  made: { readonly value: unknown } | undefined;
}

interface Home {
  readonly entries: WeakMap<object, PerWorkerEntry>;
  readonly byId: Map<string, WeakRef<object>>;
  /** Those that have been made, in the order they were. */
  readonly made: Set<PerWorkerEntry>;
  /** Told when something has been made that wants to be disposed. */
  onHold: (() => void) | undefined;
}

const KEY = Symbol.for('allcores.perWorker/1');
const everywhere = globalThis as { [KEY]?: Home };
/** One per thread, also when two copies of the package are loaded in it. */
everywhere[KEY] ??= { entries: new WeakMap(), byId: new Map(), made: new Set(), onHold: undefined };
const home = everywhere[KEY];

/** A `perWorker` that nobody holds any more needs no entry; one that has been made is held until its worker ends. */
const gone = new FinalizationRegistry<string>((id) => home.byId.delete(id));

let made = 0;
/** Tells threads and runs of the program apart. */
const thread = `${process.pid.toString(36)}-${Math.random().toString(36).slice(2, 10)}`;

/**
 * A value that each worker makes once, when a task first asks for it, and keeps for later tasks and calls: a connection, a loaded model,
 * a cache. `make` travels like a task, with copies of what it captures at the first call that uses it.
 *
 * @param make Sync or async; `get()` gives what it gives.
 * @example
 * const db = perWorker(() => connect(url), { dispose: (connection) => connection.end() });
 * const rows = await map(ids, async (id) => (await db.get()).query('select …', [id]));
 * @throws UsageError when `make` is no function.
 */
export function perWorker<T>(make: () => T, options: PerWorkerOptions<T> = {}): PerWorker<T> {
  if (typeof make !== 'function') {
    const right = 'perWorker(() => connect())';
    throw new UsageError(
      'BAD_ARGUMENT',
      `perWorker: the first argument is ${show(make)}; it must be a function that makes the value, as in ${right}`,
    );
  }
  if (typeof options !== 'object' || options === null) {
    throw new UsageError(
      'BAD_OPTION',
      `perWorker: the options are ${show(options)}; they must be an object such as { dispose: (x) => x.close() }`,
    );
  }
  for (const name in options) {
    if (name !== 'dispose' || !Object.hasOwn(options, name)) {
      throw new UsageError('UNKNOWN_OPTION', `perWorker: unknown option "${name}". Options here: dispose`);
    }
  }
  const { dispose } = options;
  if (dispose !== undefined && typeof dispose !== 'function')
    throw new UsageError('BAD_OPTION', `perWorker: option "dispose" is ${show(dispose)}; it must be a function`);
  made += 1;
  return enter(`${thread}.${made}`, make, dispose).object as PerWorker<T>;
}

function enter(id: string, make: () => unknown, dispose: ((value: never) => unknown) | undefined): PerWorkerEntry {
  const object: PerWorker<unknown> = Object.freeze({ get: () => valueHere(entry) });
  const entry: PerWorkerEntry = { id, object, make, dispose, made: undefined };
  home.entries.set(object, entry);
  home.byId.set(id, new WeakRef(object));
  gone.register(object, id);
  return entry;
}

function valueHere(entry: PerWorkerEntry): unknown {
  if (entry.made) return entry.made.value;
  const value = entry.make();
  const made = { value };
  entry.made = made;
  home.made.add(entry);
  const isPromise = typeof (value as PromiseLike<unknown> | null)?.then === 'function';
  if (isPromise) {
    // What could not be made is made again at the next call.
    (value as PromiseLike<unknown>).then(undefined, () => {
      if (entry.made !== made) return;
      entry.made = undefined;
      home.made.delete(entry);
    });
  }
  if (entry.dispose || isPromise || ownDispose(value)) home.onHold?.();
  return value;
}

function ownDispose(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = value as Partial<AsyncDisposable & Disposable>;
  const dispose = later ?? now;
  return typeof dispose === 'function' ? () => dispose.call(value) : undefined;
}

/** @internal The entry behind an object that `perWorker` has made here or that has come here. */
export function perWorkerEntry(object: object): PerWorkerEntry | undefined {
  return home.entries.get(object);
}

/** @internal The entry with this id, new where there is none. A new `make` takes the place of one that has not been called yet. */
export function receivePerWorker(id: string): PerWorkerEntry {
  const known = home.byId.get(id)?.deref();
  return (
    (known && home.entries.get(known)) ??
    enter(
      id,
      () => {
        throw new Error('a value for each worker was asked for before it arrived');
      },
      undefined,
    )
  );
}

/** @internal Says who is told when something has been made that wants to be disposed; the first to say so stays. */
export function whenHolding(onHold: () => void): void {
  home.onHold ??= onHold;
}

/** @internal Disposes what has been made in this thread, the latest first. Gives what went wrong, in words. */
export async function disposeAll(): Promise<string[]> {
  const failed: string[] = [];
  const entries = [...home.made].reverse();
  home.made.clear();
  for (const entry of entries) {
    const { value } = entry.made!;
    entry.made = undefined;
    try {
      const settled = await value;
      await (entry.dispose ? entry.dispose(settled as never) : ownDispose(settled)?.());
    } catch (error) {
      failed.push(inWords(error));
    }
  }
  return failed;
}

function inWords(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'an error that cannot be described';
  }
}

ownExports({ perWorker });
