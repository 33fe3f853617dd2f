/** Results as they come, for `for await`: in input order, or as they finish. What the reader has not taken holds the reading of input back. */
import type { Sink } from './sinks.ts';

export interface StreamLinks {
  /** The reader has taken results: more input may be read. */
  taken(count: number): void;
  /** The rest is cancelled: the reader has left, or has met a failure, after which nothing is killed. */
  cancel(hasLeft: boolean): void;
}

type Entry = { readonly value: unknown } | { readonly error: unknown };

/** One result at a time to one reader; `next` calls made ahead are answered in order. */
abstract class StreamSink implements Sink, AsyncIterableIterator<unknown> {
  readonly takesAtOnce = false;
  /** Somebody waits for each of them. */
  readonly handOverMs = 20;
  readonly #links: StreamLinks;
  readonly #readers: { resolve(result: IteratorResult<unknown>): void; reject(error: unknown): void }[] = [];
  #end: Entry | { readonly finished: true } | undefined;
  #closed = false;
  /** Why it was closed by somebody else than its reader, who is told at the next read. */
  #closedBy: Error | undefined;

  constructor(links: StreamLinks) {
    this.#links = links;
  }

  /** Whether somebody waits for the next result. */
  get awaited(): boolean {
    return this.#readers.length > 0;
  }

  /** Read to its end, failed or left: nobody gets anything from it any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Lets the job run to its end whether its results are taken or not: they wait here. */
  unbind(): void {
    this.#links.taken(Number.MAX_SAFE_INTEGER);
  }

  /** The next result the reader may have, if it is there. */
  protected abstract shift(): Entry | undefined;

  abstract accept(from: number, results: ArrayLike<unknown>): void;
  abstract fail(index: number, error: unknown): void;

  finish(): void {
    this.#end ??= { finished: true };
    this.serve();
  }

  abort(error: unknown): void {
    this.#end ??= { error };
    this.serve();
  }

  next(): Promise<IteratorResult<unknown>> {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.serve();
    });
  }

  return(): Promise<IteratorResult<unknown>> {
    this.#closedBy = undefined;
    this.#close(true);
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(true);
  }

  /** Closes it unless somebody waits for a result. A reader who comes back is told: an early end would look like the last result. */
  abandon(why: Error): void {
    if (this.awaited || this.#closed) return;
    this.#closedBy = why;
    this.#close(true);
  }

  /** Answers waiting readers as far as results are there. */
  protected serve(): void {
    let taken = 0;
    while (this.#readers.length > 0) {
      const entry = this.#closed ? undefined : this.shift();
      if (entry) {
        taken++;
        const reader = this.#readers.shift()!;
        if ('value' in entry) {
          reader.resolve({ done: false, value: entry.value });
          continue;
        }
        reader.reject(entry.error);
        this.#close();
      } else if (this.#closedBy) {
        this.#readers.shift()!.reject(this.#closedBy);
        this.#closedBy = undefined;
      } else if (this.#closed || (this.#end && 'finished' in this.#end)) {
        this.#readers.shift()!.resolve({ done: true, value: undefined });
        // Read to its end: the pool need not keep it any longer.
        this.#close();
      } else if (this.#end && 'error' in this.#end) {
        const reader = this.#readers.shift()!;
        reader.reject(this.#end.error);
        this.#close();
      } else break;
    }
    if (taken > 0) this.#links.taken(taken);
  }

  #close(hasLeft = false): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#links.cancel(hasLeft);
    this.serve();
  }
}

/** Results in input order. */
export class OrderedStream extends StreamSink {
  readonly #waiting = new Map<number, Entry>();
  #next = 0;

  accept(from: number, results: ArrayLike<unknown>): void {
    for (let i = 0; i < results.length; i++) this.#waiting.set(from + i, { value: results[i] });
    this.serve();
  }

  fail(index: number, error: unknown): void {
    this.#waiting.set(index, { error });
    this.serve();
  }

  protected shift(): Entry | undefined {
    const entry = this.#waiting.get(this.#next);
    if (entry) this.#waiting.delete(this.#next++);
    return entry;
  }
}

/** Results as they finish. A failure is met at once, before results that are still waiting to be read. */
export class UnorderedStream extends StreamSink {
  #waiting: Entry[] = [];
  #head = 0;
  #failure: Entry | undefined;

  accept(_from: number, results: ArrayLike<unknown>): void {
    for (let i = 0; i < results.length; i++) this.#waiting.push({ value: results[i] });
    this.serve();
  }

  fail(_index: number, error: unknown): void {
    this.#failure ??= { error };
    this.serve();
  }

  protected shift(): Entry | undefined {
    if (this.#failure) return this.#failure;
    const entry = this.#waiting[this.#head];
    if (!entry) return undefined;
    this.#head++;
    if (this.#head === this.#waiting.length || this.#head > 1024) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return entry;
  }
}
