/** Inputs that are in memory already: arrays, typed arrays and ranges. Numbers among them can be had as columns. */
import { UsageError } from '../errors.ts';
import type { Range } from '../range.ts';
import { isDetached } from '../transfer.ts';
import type { PackedRange, TypedArray } from '../transport.ts';
import { copyNumbers, firstOther } from '../transports/columns.ts';
import { functionAsItem } from './lazy-sources.ts';
import type { ItemSource, ReadAnswer, SizeOf } from './source.ts';

/**
 * More numbers than this are not copied at the call: copying 80 MB costs as much as squaring them, and as much memory again. They are read
 * while the job runs.
 */
const COPIED_AT_MOST = 4 * 1024 * 1024;

export function isShared(array: TypedArray): boolean {
  return array.buffer instanceof SharedArrayBuffer;
}

/** Without its memory an array looks empty, and the call would seem to have done its work. */
export function checkMemory(items: TypedArray): void {
  if (!isDetached(items.buffer)) return;
  const message = `the items are a ${items[Symbol.toStringTag]} whose memory has moved to another thread, and is not here any more. Pass it before it moves, or a copy`;
  throw new UsageError('BAD_ARGUMENT', message);
}

/** A Buffer's own slice would be a view of the same memory. */
export function copyOf(array: TypedArray): TypedArray {
  checkMemory(array);
  return Buffer.isBuffer(array) ? new Uint8Array(array) : array.slice();
}

/** Everything is there already. */
abstract class SizedSource implements ItemSource {
  readonly size: number;
  readonly keeps = true;
  readonly readsAtOnce = true;
  protected count = 0;

  constructor(size: number) {
    this.size = size;
  }

  /** Bytes of each item, where all are of one size. */
  protected abstract readonly each: number;

  read(count: number, room: number, answer: ReadAnswer): void {
    const asked = Math.min(this.size, this.count + count);
    const to = Math.min(asked, this.count + Math.max(1, Math.ceil(room / this.each)));
    const read = to - this.count;
    this.count = to;
    const last = to === this.size;
    answer.items(read, read * this.each, last, last ? 0 : count - read);
  }

  abstract slice(from: number, to: number): ArrayLike<unknown> | PackedRange;
  abstract at(index: number): unknown;
  release(): void {}
  close(): void {}
}

/** Whatever values. */
export class ListSource extends SizedSource {
  protected readonly each = 1;
  readonly #items: unknown[];
  readonly #sizeOf: SizeOf;

  constructor(items: unknown[], sizeOfItem: SizeOf) {
    super(items.length);
    this.#items = items;
    this.#sizeOf = sizeOfItem;
  }

  override read(count: number, room: number, answer: ReadAnswer): void {
    const from = this.count;
    const asked = Math.min(this.size, from + count);
    let to = from;
    let bytes = 0;
    while (to < asked && bytes < room) {
      const item = this.#items[to];
      if (typeof item === 'function') return answer.failed(functionAsItem(item, to));
      bytes += this.#sizeOf(item);
      to++;
    }
    this.count = to;
    const last = to === this.size;
    answer.items(to - from, bytes, last, last ? 0 : count - (to - from));
  }

  slice(from: number, to: number): unknown[] {
    return this.#items.slice(from, to);
  }

  at(index: number): unknown {
    return this.#items[index];
  }
}

/** An array of nothing but numbers, as far as anybody can see at the call. */
export class NumberSource extends SizedSource {
  protected readonly each = 8;
  readonly #items: readonly unknown[];

  /** Undefined where other values are among them. */
  static of(items: readonly unknown[]): NumberSource | undefined {
    // Most arrays of something else say so at once, which keeps them from the loop below.
    if (typeof items[0] !== 'number' || typeof items[items.length - 1] !== 'number' || firstOther(items) >= 0) return undefined;
    return new NumberSource(items.length > COPIED_AT_MOST ? items : items.slice());
  }

  private constructor(items: readonly unknown[]) {
    super(items.length);
    this.#items = items;
  }

  /** Also where another value has come among them since: those travel as a list. */
  slice(from: number, to: number): unknown[] {
    return checkLength(this.#items, this.size).slice(from, to);
  }

  numbers(from: number, to: number, block: () => Float64Array): Float64Array | undefined {
    const into = block();
    return copyNumbers(checkLength(this.#items, this.size), from, to, into) ? into : undefined;
  }

  at(index: number): unknown {
    return this.#items[index];
  }
}

/** A typed array: copied at the call, unless its memory is shared or large. */
export class TypedArraySource extends SizedSource {
  protected readonly each: number;
  readonly #items: TypedArray;

  constructor(items: TypedArray) {
    super(items.length);
    this.each = items.BYTES_PER_ELEMENT;
    this.#items = isShared(items) || items.length > COPIED_AT_MOST ? items : copyOf(items);
  }

  slice(from: number, to: number): TypedArray {
    return copyOf(checkLength(this.#items, this.size).subarray(from, to));
  }

  numbers(from: number, to: number, block: () => Float64Array, sharesMemory: boolean): TypedArray | undefined {
    const items = checkLength(this.#items, this.size).subarray(from, to);
    if (sharesMemory && isShared(items)) return items;
    if (items instanceof BigInt64Array || items instanceof BigUint64Array) return undefined;
    const into = block();
    into.set(items);
    return into;
  }

  at(index: number): unknown {
    return this.#items[index];
  }
}

export class RangeSource extends SizedSource {
  protected readonly each = 8;
  readonly #range: Range;

  constructor(range: Range) {
    super(range.length);
    this.#range = range;
  }

  slice(from: number, to: number): Range {
    return this.#range.slice(from, to);
  }

  numbers(from: number, to: number): PackedRange {
    const { start, step, length, first } = this.#range.slice(from, to);
    return { start, step, length, first };
  }

  at(index: number): unknown {
    return this.#range.at(index);
  }
}

/** Its end cannot be read any more, or there is more than anybody has asked for. */
function checkLength<A extends { readonly length: number }>(items: A, size: number): A {
  if (items.length === size) return items;
  const message = `the array of items had ${size} numbers at the call and has ${items.length} now. So long an array is read while the call runs: leave its length alone until then, or pass a copy`;
  throw new UsageError('BAD_ARGUMENT', message);
}
