/** Where the items of a job come from: each kind of input read lazily, and held until its items are done. */
import { UsageError } from '../errors.ts';
import { Range } from '../range.ts';
import { show } from '../show.ts';
import type { PackedRange } from '../transport.ts';
import { sizeOf } from './item-size.ts';

/** Called with what has been read. Synchronous inputs answer at once, others whenever an item arrives. */
export interface ReadAnswer {
  items(count: number, bytes: number, last: boolean): void;
  failed(error: unknown): void;
}

export interface ItemSource {
  /** Number of items, where it is known before reading. */
  readonly size: number | undefined;
  /** Reads up to `count` items, in order; the answer comes in one or more parts. */
  read(count: number, answer: ReadAnswer): void;
  /** The items [from, to), all read and not released. */
  slice(from: number, to: number): ArrayLike<unknown> | PackedRange;
  /** The item of a task; of a task with many, the one with the index `item`. */
  at(task: number, item?: number): unknown;
  /** Index of a task's first item, where tasks have many. */
  itemOf?(task: number): number;
  /** The task that has an item, where tasks have many. */
  taskOf?(item: number): number;
  /** The item is done and will not be asked for again. */
  release(index: number): void;
  /** Nothing more will be read: closes the iterator. */
  close(): void;
}

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** A Buffer's own slice would be a view of the same memory. */
export function copyOf(array: TypedArray): TypedArray {
  return Buffer.isBuffer(array) ? new Uint8Array(array) : array.slice();
}

/** The source for an input; undefined when it is not iterable. Values are taken at the call: a later change of the array is not seen. */
export function sourceOf(input: unknown): ItemSource | undefined {
  if (input instanceof Range) return new SizedSource(input, input.length, () => 8);
  if (isTypedArray(input)) return new SizedSource(copyOf(input), input.length, () => input.BYTES_PER_ELEMENT);
  if (Array.isArray(input)) {
    // An array may hold promises, as p-map's does: then its items are awaited in order.
    const promises = input.filter(isThenable);
    // One that rejects before its turn is not unhandled: it is read later.
    for (const promise of promises) promise.then(undefined, () => {});
    if (promises.length > 0) return new LazySource(asyncIterator(input.slice()), input.length);
    return new SizedSource(input.slice(), input.length, sizeOf);
  }
  const iterable = input as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.asyncIterator] === 'function') return new LazySource(iterable[Symbol.asyncIterator]!());
  if (typeof iterable?.[Symbol.iterator] === 'function') return new IteratorSource(iterable[Symbol.iterator]!());
  return undefined;
}

interface Sliceable {
  slice(from: number, to: number): ArrayLike<unknown> | PackedRange;
  at(index: number): unknown;
}

/** An array, a typed array or a range: everything is there already. */
class SizedSource implements ItemSource {
  readonly size: number;
  readonly #items: Sliceable;
  readonly #sizeOf: (item: unknown) => number;
  readonly #uniform: boolean;
  #read = 0;

  constructor(items: Sliceable, size: number, sizeOfItem: (item: unknown) => number) {
    this.#items = items;
    this.size = size;
    this.#sizeOf = sizeOfItem;
    this.#uniform = !Array.isArray(items);
  }

  read(count: number, answer: ReadAnswer): void {
    const to = Math.min(this.size, this.#read + count);
    let bytes = 0;
    if (this.#uniform) bytes = (to - this.#read) * this.#sizeOf(0);
    else
      for (let i = this.#read; i < to; i++) {
        const item = this.#items.at(i);
        if (typeof item === 'function') return answer.failed(functionAsItem(item, i));
        bytes += this.#sizeOf(item);
      }
    const read = to - this.#read;
    this.#read = to;
    answer.items(read, bytes, to === this.size);
  }

  slice(from: number, to: number): ArrayLike<unknown> | PackedRange {
    return this.#items.slice(from, to);
  }

  at(index: number): unknown {
    return this.#items.at(index);
  }

  release(): void {}
  close(): void {}
}

/** Items held by index until they are done. */
class HeldItems {
  protected readonly held = new Map<number, unknown>();
  protected count = 0;

  protected hold(item: unknown): number {
    if (typeof item === 'function') throw functionAsItem(item, this.count);
    this.held.set(this.count++, item);
    return sizeOf(item);
  }

  slice(from: number, to: number): ArrayLike<unknown> {
    return Array.from({ length: to - from }, (_, i) => this.held.get(from + i));
  }

  at(index: number): unknown {
    return this.held.get(index);
  }

  release(index: number): void {
    this.held.delete(index);
  }
}

/** A generator or another iterable: read only as far as asked. */
class IteratorSource extends HeldItems implements ItemSource {
  readonly size = undefined;
  readonly #iterator: Iterator<unknown>;
  #lazy: LazySource | undefined;
  #ended = false;

  constructor(iterator: Iterator<unknown>) {
    super();
    this.#iterator = iterator;
  }

  read(count: number, answer: ReadAnswer): void {
    if (this.#lazy) return this.#lazy.read(count, answer);
    let bytes = 0;
    let read = 0;
    try {
      while (read < count) {
        const { done, value } = this.#next();
        if (done) {
          return answer.items(read, bytes, true);
        }
        if (isThenable(value)) {
          // An iterable of promises goes on as an asynchronous one, with this promise first.
          this.#lazy = new LazySource(asyncIterator(prepend(value, this.#iterator)), undefined, this);
          answer.items(read, bytes, false);
          return this.#lazy.read(count - read, answer);
        }
        bytes += this.hold(value);
        read++;
      }
    } catch (error) {
      answer.items(read, bytes, false);
      this.close();
      return answer.failed(error);
    }
    answer.items(read, bytes, false);
  }

  /** An iterator that throws, or says that it is done, has ended by itself. */
  #next(): IteratorResult<unknown> {
    try {
      const result = isResult(this.#iterator.next());
      if (result.done) this.#ended = true;
      return result;
    } catch (error) {
      this.#ended = true;
      throw error;
    }
  }

  /** @internal The asynchronous continuation holds its items here, under the same numbering. */
  adopt(item: unknown): number {
    return this.hold(item);
  }

  close(): void {
    if (this.#lazy) this.#lazy.close();
    if (this.#ended) return;
    this.#ended = true;
    closeIterator(this.#iterator);
  }
}

/** An asynchronous iterable: one `next()` at a time, each item handed on as it arrives. */
class LazySource extends HeldItems implements ItemSource {
  readonly size: number | undefined;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #holder: { adopt(item: unknown): number } | undefined;
  #wanted = 0;
  #reading = false;
  #ended = false;

  constructor(iterator: AsyncIterator<unknown>, size?: number, holder?: { adopt(item: unknown): number }) {
    super();
    this.size = size;
    this.#iterator = iterator;
    this.#holder = holder;
  }

  read(count: number, answer: ReadAnswer): void {
    this.#wanted += count;
    if (!this.#reading) void this.#readOn(answer);
  }

  async #readOn(answer: ReadAnswer): Promise<void> {
    this.#reading = true;
    let itself = true;
    try {
      while (this.#wanted > 0 && !this.#ended) {
        itself = true;
        const { done, value } = isResult(await this.#iterator.next());
        itself = false;
        if (this.#ended) return;
        this.#wanted--;
        if (done) {
          this.#ended = true;
          answer.items(0, 0, true);
        } else answer.items(1, this.#holder ? this.#holder.adopt(value) : this.hold(value), false);
      }
    } catch (error) {
      if (this.#ended) return;
      // An iterator that throws has ended; one whose item cannot be taken is to be closed, as for-of does.
      if (itself) this.#ended = true;
      else this.close();
      answer.failed(error);
    } finally {
      this.#reading = false;
    }
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    closeIterator(this.#iterator);
  }
}

function functionAsItem(item: unknown, index: number): UsageError {
  return new UsageError(
    'BAD_ARGUMENT',
    `items[${index}] is ${show(item)}. Items are data; what runs is the function you pass beside them: map([1, 2, 3], fn). A function the task needs may simply be used in it. For Parallel also call what delayed gives: delayed(fn)(1).`,
  );
}

/** As `for…of` does: an iterator that answers with no object would never end. */
function isResult<T>(result: T): T {
  if (typeof result !== 'object' || result === null)
    throw new TypeError(`the iterator of the items answered next() with ${show(result)}, not with an object`);
  return result;
}

/** Lets a generator run its `finally`. What it throws there has nobody left to hear it. */
function closeIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  try {
    const closing = iterator.return?.() as unknown;
    if (isThenable(closing)) closing.then(undefined, () => {});
  } catch {}
}

async function* asyncIterator(items: Iterable<unknown>): AsyncGenerator<unknown> {
  for (const item of items) yield await item;
}

function* prepend(first: unknown, rest: Iterator<unknown>): Generator<unknown> {
  yield first;
  yield* { [Symbol.iterator]: () => rest };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
  } catch {
    // A getter or a proxy of the caller's that throws: an item like others.
    return false;
  }
}
