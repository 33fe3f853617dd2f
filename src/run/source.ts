/** Where the items of a job come from: each kind of input read lazily, and held until its items are done. */
import { Range } from '../range.ts';
import type { PackedRange } from '../transport.ts';
import { sizeOf } from './item-size.ts';
import { asyncIterator, functionAsItem, IteratorSource, isThenable, LazySource } from './lazy-sources.ts';

/** Called with what has been read. Synchronous inputs answer at once, others whenever an item arrives. */
export interface ReadAnswer {
  /** `left`: all that was asked for and is not read, for want of room. It will be asked for again. */
  items(count: number, bytes: number, last: boolean, left?: number): void;
  failed(error: unknown): void;
}

export interface ItemSource {
  /** Number of items, where it is known before reading. */
  readonly size: number | undefined;
  /**
   * Reads up to `count` more items, in order; the answer comes in one or more parts. With the item that fills the room of so many bytes it
   * stops: the room is what there is now, also for what was asked for before.
   */
  read(count: number, room: number, answer: ReadAnswer): void;
  /** Whether it answers each reading before it returns, with all that was asked for and has room. */
  readonly readsAtOnce?: boolean;
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
export function sourceOf(input: unknown, sizeOfItem: SizeOf = sizeOf): ItemSource | undefined {
  if (input instanceof Range) return new SizedSource(input, input.length, () => 8);
  if (isTypedArray(input)) return new SizedSource(copyOf(input), input.length, () => input.BYTES_PER_ELEMENT);
  if (Array.isArray(input)) {
    // An array may hold promises, as p-map's does: then its items are awaited in order.
    const promises = input.filter(isThenable);
    // One that rejects before its turn is not unhandled: it is read later.
    for (const promise of promises) promise.then(undefined, () => {});
    if (promises.length > 0) return new LazySource(asyncIterator(input.slice()), sizeOfItem, input.length);
    return new SizedSource(input.slice(), input.length, sizeOfItem);
  }
  const iterable = input as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.asyncIterator] === 'function') return new LazySource(iterable[Symbol.asyncIterator]!(), sizeOfItem);
  if (typeof iterable?.[Symbol.iterator] === 'function') return new IteratorSource(iterable[Symbol.iterator]!(), sizeOfItem);
  return undefined;
}

/** Bytes of one item, estimated. */
export type SizeOf = (item: unknown) => number;

interface Sliceable {
  slice(from: number, to: number): ArrayLike<unknown> | PackedRange;
  at(index: number): unknown;
}

/** An array, a typed array or a range: everything is there already. */
class SizedSource implements ItemSource {
  readonly size: number;
  readonly readsAtOnce = true;
  readonly #items: Sliceable;
  readonly #sizeOf: SizeOf;
  readonly #uniform: boolean;
  #read = 0;

  constructor(items: Sliceable, size: number, sizeOfItem: SizeOf) {
    this.#items = items;
    this.size = size;
    this.#sizeOf = sizeOfItem;
    this.#uniform = !Array.isArray(items);
  }

  read(count: number, room: number, answer: ReadAnswer): void {
    const asked = Math.min(this.size, this.#read + count);
    let to = this.#read;
    let bytes = 0;
    if (this.#uniform) {
      const each = this.#sizeOf(0);
      to = Math.min(asked, to + Math.max(1, Math.ceil(room / each)));
      bytes = (to - this.#read) * each;
    } else
      while (to < asked && bytes < room) {
        const item = this.#items.at(to);
        if (typeof item === 'function') return answer.failed(functionAsItem(item, to));
        bytes += this.#sizeOf(item);
        to++;
      }
    const last = to === this.size;
    const read = to - this.#read;
    this.#read = to;
    answer.items(read, bytes, last, last ? 0 : count - read);
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
