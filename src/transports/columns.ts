/** Numbers side by side: copied from lists to columns and back by loops that V8 keeps apart from all others, because the kinds of arrays they meet decide how fast they are. */
import { type Column, isPackedRange, type PackedColumn, type TypedArray } from '../transport.ts';

/** Where the first value is that is no number, a hole included; -1 where all are. */
export function firstOther(values: ArrayLike<unknown>, from = 0): number {
  for (let i = from; i < values.length; i++) if (typeof values[i] !== 'number') return i;
  return -1;
}

/** Copies the numbers [from, to) to the beginning of a column. Gives false at the first value that is none. */
export function copyNumbers(values: ArrayLike<unknown>, from: number, to: number, into: Float64Array): boolean {
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (typeof value !== 'number') return false;
    into[i - from] = value;
  }
  return true;
}

/** Longer arrays would become dictionaries when their length is set. */
const LONGEST = 32_000_000;

/**
 * An array for so many numbers. V8 keeps them as doubles from the first on, which a `new Array` learns only when it is written to, and has
 * to copy all of itself for. What JSON gives belongs to no place in the code, so no other array can teach it otherwise.
 */
export function arrayOfNumbers(length: number): number[] | undefined {
  if (length > LONGEST) return undefined;
  const array = JSON.parse('[0.5]') as number[];
  array.length = length;
  return array;
}

/** Writes a column into such an array. */
export function pasteNumbers(column: Column, into: unknown[], at: number): void {
  for (let i = 0; i < column.length; i++) into[at + i] = column[i];
}

/** A packed column where it is used: the items, and where results that are numbers go. */
export function openColumn({ numbers, into, length }: PackedColumn): { readonly items: TypedArray; readonly into: Column | undefined } {
  if (!isPackedRange(numbers)) return { items: numbers, into };
  const items = into instanceof Float64Array ? into : new Float64Array(length);
  const { start, step, first } = numbers;
  for (let i = 0; i < length; i++) items[i] = start + (first + i) * step;
  return { items, into: into ?? items };
}
