/** One call in progress: what the core does not see of it. Its items, its function, its failures, where its results go. */
import type { Backend, CallStyle } from '../backend.ts';
import { TELLING } from '../core/chunking.ts';
import type { JobId, JobRules } from '../core/events.ts';
import type { Note, Observer } from '../observer.ts';
import type { ShippedFunction } from '../shipped.ts';
import { preview, rememberPlace } from './failures.ts';
import type { JobFunctions } from './functions.ts';
import type { LogRule } from './logs.ts';
import { type KnownPace, learnPace } from './paces.ts';
import type { FailedTry } from './retry-rule.ts';
import type { Sink } from './sinks.ts';
import type { ItemSource } from './source.ts';

/** Where a message came from. */
export interface MessageOrigin {
  /** Index of the item whose task emitted it. */
  readonly index: number;
  /** Such as `t2`. */
  readonly worker: string;
}

/** The rules of a call; what its backend can do, and what was learned before, the conductor adds. */
export type CallRules = Omit<JobRules, 'kills' | 'resplits' | 'taskMs' | 'sendingMs'>;

export interface JobSpec {
  readonly functions: JobFunctions;
  readonly call: CallStyle;
  readonly source: ItemSource;
  readonly sink: Sink;
  readonly rules: CallRules;
  /** Which failures are worth another try; all, where it is absent. */
  readonly retryWhen: ((error: unknown, failed: FailedTry) => unknown) | undefined;
  readonly signal: AbortSignal | undefined;
  /** 1 for a call that no task has made. */
  readonly depth: number;
  /** They see this job alone. One that throws ends the job with its error. */
  readonly observers: readonly Observer[];
  readonly onMessage: ((value: unknown, from: MessageOrigin) => void) | undefined;
  readonly logs: LogRule;
  /** Runs a reading of the input in the caller's asynchronous context. */
  readonly reading: (read: () => void) => void;
}

/** The rules for the core. Property by property: V8 takes microseconds for a spread. */
export function coreRules(rules: CallRules, pace: KnownPace | undefined, { takeBack, kill }: Backend['can']): JobRules {
  return {
    size: rules.size,
    chunkSize: rules.chunkSize,
    taskMs: pace?.taskMs,
    sendingMs: pace?.sendingMs,
    resplits: takeBack,
    lanes: rules.lanes,
    maxHeld: rules.maxHeld,
    maxInFlight: rules.maxInFlight,
    maxInFlightBytes: rules.maxInFlightBytes,
    stopOnFailure: rules.stopOnFailure,
    retries: rules.retries,
    timeoutMs: rules.timeoutMs,
    graceMs: rules.graceMs,
    kills: kill,
    priority: rules.priority,
  };
}

/** A failed attempt at one item, until the core decides whether it runs again. */
export interface Attempt {
  readonly error: unknown;
  readonly worker: string | undefined;
  readonly attempt: number;
  /** Index of the very item, where a task has many. */
  readonly item?: number | undefined;
  /** It never ran, and another try would end as this one did. */
  readonly isFinal?: boolean | undefined;
}

export class Job {
  readonly id: JobId;
  readonly spec: JobSpec;
  readonly failures = new Map<number, Attempt>();
  /** It has ended, and its input is closed. */
  isOver = false;
  /** Why the job ends early, once it does. */
  ending: { readonly error: unknown } | undefined;
  /** What running tasks are told when it was cancelled. */
  stopReason: unknown;
  readonly #defined = new Set<ShippedFunction>();
  #ran = { tasks: 0, ms: 0 };
  #sendingMs = 0;
  #stopListening: (() => void) | undefined;

  readonly #tell: (note: Note) => void;

  constructor(id: JobId, spec: JobSpec, tell: (note: Note) => void) {
    this.id = id;
    this.spec = spec;
    this.#tell = tell;
  }

  /** Calls `cancel` when the job's signal aborts. The listener is gone when the job has ended. */
  listen(cancel: (reason: unknown) => void): void {
    const { signal } = this.spec;
    if (!signal) return;
    this.#stopListening = listenTo(signal, () => cancel(signal.reason));
  }

  /** Makes a function known to the backend, once. */
  define(backend: Backend, fn: ShippedFunction): void {
    if (this.#defined.has(fn)) return;
    this.#defined.add(fn);
    backend.define(fn);
    // They are about copies.
    for (const warning of fn.warnings) this.#tell({ type: 'warning', jobId: this.id, warning });
  }

  /** The function has become another. */
  redefine(backend: Backend, fn: ShippedFunction): void {
    if (this.#defined.has(fn)) backend.define(fn);
  }

  /** Lets the backend forget functions: those no task needs any more, or all at the end. */
  forget(backend: Backend, functions: Iterable<ShippedFunction> = this.#defined): void {
    for (const fn of [...functions]) if (this.#defined.delete(fn)) backend.forget(fn.id);
  }

  /** Tasks read from the input so far. */
  read = 0;

  /** Books what has been read. Gives whether that tells how many there are. */
  countsTo(read: number, last: boolean): boolean {
    this.read += read;
    return last && this.spec.source.size === undefined;
  }

  /** Items of the tasks [from, to): one each, but in a reduction. */
  items(from: number, to: number): number {
    const { source } = this.spec;
    return source.itemOf ? source.itemOf(to) - source.itemOf(from) : to - from;
  }

  /** Items of so many tasks from `from` on, without those that failed. */
  itemsDone(from: number, accepted: number, failed: readonly number[]): number {
    const all = this.items(from, from + accepted + failed.length);
    return failed.reduce((left, index) => left - this.items(index, index + 1), all);
  }

  /** The task is done. */
  release(index: number): void {
    this.spec.source.release(index);
    this.spec.functions.release(index);
  }

  /** The tasks [from, to) are done. */
  releaseAll(from: number, to: number): void {
    const { source, functions } = this.spec;
    // Nothing to do for a million numbers, a million times.
    if (source.keeps && functions.code !== undefined) return;
    for (let index = from; index < to; index++) this.release(index);
  }

  /** Index of the item of a task; of the first, where it has many. */
  itemOf(index: number): number {
    return this.spec.source.itemOf?.(index) ?? index;
  }

  /** The final error of a task, with its place remembered. */
  giveUp(index: number): unknown {
    const failure = this.failures.get(index);
    this.failures.delete(index);
    const item = failure?.item ?? this.itemOf(index);
    const shown = preview(this.spec.source.at(index, item));
    rememberPlace(failure?.error, { index: item, preview: shown, worker: failure?.worker, attempt: failure?.attempt ?? 1 });
    this.release(index);
    return failure?.error;
  }

  /** Tells those who see this job alone. One that throws ends it. */
  tell(note: Note, fail: (error: unknown) => void): void {
    try {
      for (const observer of this.spec.observers) observer.onNote?.(note);
    } catch (error) {
      this.ending ??= { error };
      fail(error);
    }
  }

  /** Books a chunk that has ended. */
  ran(tasks: number, ms: number): void {
    this.#ran.tasks += tasks;
    this.#ran.ms += ms;
  }

  /** Books what it has cost to send a chunk. */
  sent(tasks: number, ms: number): void {
    if (tasks >= TELLING) this.#sendingMs = ms / tasks;
  }

  /** Settles the caller's promise or stream. */
  finish(): void {
    this.isOver = true;
    this.#stopListening?.();
    const { tasks, ms } = this.#ran;
    const { code } = this.spec.functions;
    if (tasks > 0 && code !== undefined) learnPace(code, { taskMs: ms / tasks, sendingMs: this.#sendingMs });
    this.spec.source.close();
    if (this.ending) this.spec.sink.abort(this.ending.error);
    else this.spec.sink.finish();
  }
}

const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/** One listener per signal, however many calls share it: Node warns of a leak at eleven. Gives what ends the listening. */
function listenTo(signal: AbortSignal, onAbort: () => void): () => void {
  const known = listeners.get(signal);
  const all = known ?? new Set();
  all.add(onAbort);
  if (!known) {
    listeners.set(signal, all);
    const tellAll = () => {
      for (const tell of [...all]) tell();
    };
    signal.addEventListener('abort', tellAll, { once: true });
    removers.set(all, () => signal.removeEventListener('abort', tellAll));
  }
  return () => {
    all.delete(onAbort);
    if (all.size > 0 || listeners.get(signal) !== all) return;
    listeners.delete(signal);
    removers.get(all)?.();
  };
}

const removers = new WeakMap<Set<() => void>, () => void>();
