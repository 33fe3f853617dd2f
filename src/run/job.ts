/** One call in progress: what the core does not see of it. Its items, its function, its failures, where its results go. */
import type { CallStyle, SlotLoss } from '../backend.ts';
import type { JobId, JobRules } from '../core/events.ts';
import { WorkerLostError } from '../errors.ts';
import type { ShippedFunction } from '../shipped.ts';
import { preview } from './failures.ts';
import { learnTaskMs } from './paces.ts';
import type { Sink } from './sinks.ts';
import type { ItemSource } from './source.ts';

export interface JobSpec {
  readonly fn: ShippedFunction;
  readonly call: CallStyle;
  readonly source: ItemSource;
  readonly sink: Sink;
  readonly rules: JobRules;
  readonly signal: AbortSignal | undefined;
}

/** A failed attempt at one item, until the core decides whether it runs again. */
export interface Attempt {
  readonly error: unknown;
  readonly worker: string | undefined;
  readonly attempt: number;
}

export class Job {
  readonly id: JobId;
  readonly spec: JobSpec;
  readonly failures = new Map<number, Attempt>();
  /** Why the job ends early, once it does. */
  ending: { readonly error: unknown } | undefined;
  #ran = { tasks: 0, ms: 0 };
  #stopListening: (() => void) | undefined;

  constructor(id: JobId, spec: JobSpec) {
    this.id = id;
    this.spec = spec;
  }

  /** Calls `cancel` when the job's signal aborts. The listener is gone when the job has ended. */
  listen(cancel: (reason: unknown) => void): void {
    const { signal } = this.spec;
    if (!signal) return;
    this.#stopListening = listenTo(signal, () => cancel(signal.reason));
  }

  /** A worker went down while it ran this item. */
  lose(index: number, run: { readonly worker: string; readonly attempt: number }, loss: SlotLoss): void {
    const { fn, source } = this.spec;
    const message = `items[${index}] (${preview(source.at(index))}) was lost: ${loss.message} while it ran "${fn.name}".`;
    const error = new WorkerLostError('WORKER_LOST', message, loss.cause === undefined ? undefined : { cause: loss.cause });
    this.failures.set(index, { error, ...run });
  }

  /** Books a chunk that has ended. */
  ran(tasks: number, ms: number): void {
    this.#ran.tasks += tasks;
    this.#ran.ms += ms;
  }

  /** Settles the caller's promise or stream. */
  finish(): void {
    this.#stopListening?.();
    const { tasks, ms } = this.#ran;
    if (tasks > 0) learnTaskMs(this.spec.fn.code, ms / tasks);
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
