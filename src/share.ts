/** `share`: numbers in memory that all threads see, so that they are never copied. */
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { show } from './show.ts';
import { isDetached } from './transfer.ts';
import type { TypedArray } from './transport.ts';

/**
 * The numbers in shared memory: a typed array of the same kind, a `Float64Array` for an array of numbers. They are copied once, here; as
 * items or captured by a function, worker threads then see them where they are, and what one writes all others see. What is shared already
 * is given back as it is. A typed array of results over shared items is in shared memory, too.
 *
 * Costs one copy, about 1 ms for 2 MB. Processes share no memory: there the numbers are copied as items, and refused where they are captured.
 *
 * @example
 * const table = share(new Float64Array(10_000_000));
 * await map(range(1000), (i) => lookUp(table, i)); // crosses once, as a name
 * @throws UsageError for anything but a typed array or an array of numbers, and where their memory has moved away.
 */
export function share<A extends TypedArray>(numbers: A): A;
export function share(numbers: readonly number[]): Float64Array;
export function share(numbers: TypedArray | readonly number[]): TypedArray {
  if (Array.isArray(numbers)) {
    const shared = new Float64Array(new SharedArrayBuffer(numbers.length * Float64Array.BYTES_PER_ELEMENT));
    for (let i = 0; i < numbers.length; i++) {
      const value: unknown = numbers[i];
      if (typeof value !== 'number') throw wrong(`numbers[${i}] is ${show(value)}; all must be numbers, as in share([1, 2, 3])`);
      shared[i] = value;
    }
    return shared;
  }
  if (!ArrayBuffer.isView(numbers) || numbers instanceof DataView)
    throw wrong(`the numbers are ${show(numbers)}; they must be a typed array or an array of numbers, as in share(new Float64Array(1000))`);
  const given = numbers as TypedArray;
  if (given.buffer instanceof SharedArrayBuffer) return given;
  if (isDetached(given.buffer)) throw wrong(`the numbers are ${show(given)} whose memory has moved to another thread; share them before`);
  const Kind = KINDS[given[Symbol.toStringTag]];
  const shared = new Kind(new SharedArrayBuffer(given.byteLength));
  shared.set(given as never);
  return shared;
}

/** A Buffer is bytes. */
const KINDS: Readonly<Record<TypedArray[typeof Symbol.toStringTag], new (memory: SharedArrayBuffer) => TypedArray>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

function wrong(what: string): UsageError {
  return new UsageError('BAD_ARGUMENT', `share: ${what}`);
}

ownExports({ share });
