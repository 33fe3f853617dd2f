/** Where the partial results of a reduction land: joined in the order of their blocks, as soon as those before them are there. */
import { UsageError } from '../errors.ts';
import { AT_THE_END_MS } from '../protocol.ts';
import { combined, freshStart } from '../worker/fold.ts';
import type { Deferred, Sink } from './sinks.ts';

/** Where a reduction starts: each of its blocks, or it as a whole. */
export type ReductionStart = { readonly ofBlocks: unknown } | { readonly ofAll: unknown } | undefined;

export class ReduceSink implements Sink {
  readonly takesAtOnce = true;
  readonly handOverMs = AT_THE_END_MS;
  refusal: { readonly error: unknown } | undefined;
  readonly #done: Deferred<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: the caller's function.
  readonly #combine: (...args: any[]) => unknown;
  readonly #start: ReductionStart;
  readonly #waiting = new Map<number, unknown>();
  #next = 0;
  #total: unknown;

  // biome-ignore lint/suspicious/noExplicitAny: the caller's function.
  constructor(done: Deferred<unknown>, combine: (...args: any[]) => unknown, start: ReductionStart) {
    this.#done = done;
    this.#combine = combine;
    this.#start = start;
  }

  accept(from: number, partials: ArrayLike<unknown>): void {
    for (let i = 0; i < partials.length; i++) this.#waiting.set(from + i, partials[i]);
    try {
      while (!this.refusal && this.#waiting.has(this.#next)) this.#join(this.#waiting.get(this.#next));
    } catch (error) {
      this.refusal = { error };
    }
  }

  fail(_index: number, error: unknown): void {
    this.abort(error);
  }

  finish(): void {
    if (this.#next > 0) return this.#done.resolve(this.#total);
    if (!this.#start) {
      const message = 'mapReduce: the input is empty and there is no initial value to give for it; pass { initial }, such as 0 for a sum';
      return this.#done.reject(new UsageError('BAD_ARGUMENT', message));
    }
    try {
      this.#done.resolve(freshStart('ofAll' in this.#start ? this.#start.ofAll : this.#start.ofBlocks));
    } catch (error) {
      this.#done.reject(error);
    }
  }

  abort(error: unknown): void {
    this.#done.reject(error);
  }

  #join(partial: unknown): void {
    this.#waiting.delete(this.#next);
    if (this.#next++ > 0) this.#total = combined(this.#combine, this.#total, partial);
    else if (this.#start && 'ofAll' in this.#start) this.#total = combined(this.#combine, freshStart(this.#start.ofAll), partial);
    else this.#total = partial;
  }
}
