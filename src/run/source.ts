/** Where the items of a job come from: each kind of input read lazily, and held until its items are done. */
import { Range } from '../range.ts';
import type { PackedRange, TypedArray } from '../transport.ts';
import { ListSource, NumberSource, RangeSource, TypedArraySource } from './array-source.ts';
import { sizeOf } from './item-size.ts';
import { asyncIterator, IteratorSource, isThenable, LazySource } from './lazy-sources.ts';

/** Called with what has been read. Synchronous inputs answer at once, others whenever an item arrives. */
export interface ReadAnswer {
  /** `left`: all that was asked for and is not read, for want of room. It will be asked for again. */
  items(count: number, bytes: number, last: boolean, left?: number): void;
  failed(error: unknown): void;
}

export interface ItemSource {
  /** Whether all items stay here to the end: then nobody need release any. */
  readonly keeps?: boolean;
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
  /**
   * The items [from, to) as a column, where they are numbers: copied into the `block`, which is as long, or where they lie in shared memory.
   * Undefined where a list must carry them.
   */
  numbers?(from: number, to: number, block: () => Float64Array, sharesMemory: boolean): TypedArray | PackedRange | undefined;
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

export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * The source for an input; undefined when it is not iterable. Values are taken at the call: a later change of the array is not seen, unless
 * its memory is shared, or it is a very long one of numbers.
 */
export function sourceOf(input: unknown, sizeOfItem: SizeOf = sizeOf): ItemSource | undefined {
  if (input instanceof Range) return new RangeSource(input);
  if (isTypedArray(input)) return new TypedArraySource(input);
  if (Array.isArray(input)) {
    const numbers = NumberSource.of(input);
    if (numbers) return numbers;
    // An array may hold promises, as p-map's does: then its items are awaited in order.
    let hasPromises = false;
    for (let i = 0; i < input.length; i++) {
      const item: unknown = input[i];
      if (!isThenable(item)) continue;
      hasPromises = true;
      // One that rejects before its turn is not unhandled: it is read later.
      item.then(undefined, () => {});
    }
    if (hasPromises) return new LazySource(asyncIterator(input.slice()), sizeOfItem, input.length);
    return new ListSource(input.slice(), sizeOfItem);
  }
  const iterable = input as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  if (typeof iterable?.[Symbol.asyncIterator] === 'function') return new LazySource(iterable[Symbol.asyncIterator]!(), sizeOfItem);
  if (typeof iterable?.[Symbol.iterator] === 'function') return new IteratorSource(iterable[Symbol.iterator]!(), sizeOfItem);
  return undefined;
}

/** Bytes of one item, estimated. */
export type SizeOf = (item: unknown) => number;
