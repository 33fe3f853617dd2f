/** CONTRACT Transport: how the items and results of one chunk cross to a worker and back. */

import type { ShippedFunction } from './shipped.ts';
import type { Movable } from './transfer.ts';

/**
 * A kind of value that crosses to workers and back in a form of its own: its `toPlain` where it leaves, its `fromPlain` where it arrives.
 * Either `type` or `test` says which values.
 */
// biome-ignore lint/suspicious/noExplicitAny: any class, and any form.
export interface CustomType<T = any, P = any> {
  /** Its name, the same on both sides. */
  readonly tag: string;
  /** A class: its instances and those of its subclasses. */
  readonly type?: (abstract new (...args: never[]) => T) | undefined;
  /** Whether a value is of this kind. Asked about every object that is not plain data. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asks for whatever member it likes.
  readonly test?: ((value: any) => boolean) | undefined;
  /** The form in which it crosses: anything that can travel, other registered types among it. At once; may be called more than once. */
  readonly toPlain: (value: T) => P;
  /** Makes it again, at once. */
  readonly fromPlain: (plain: P) => T;
}

/** The values of a chunk on their way. */
export interface Packed {
  readonly values: readonly unknown[] | PackedRange | PackedColumn | InColumn | PackedRows;
  readonly odd?: readonly OddValues[];
  /** What moves to the other thread with the message. It is no part of it. */
  readonly moves?: readonly Movable[] | undefined;
}

/** What the carrier cannot take as it is: packed together, and where it belongs. */
export interface OddValues {
  readonly positions: readonly number[];
  readonly packed: unknown;
}

/** A part of a `range()`: four numbers instead of its items. */
export interface PackedRange {
  readonly start: number;
  readonly step: number;
  readonly length: number;
  /** Steps from `start` to the first number. */
  readonly first: number;
}

/** The numbers of a range. */
export function expandRange({ start, step, length, first }: PackedRange): number[] {
  return Array.from({ length }, (_, i) => start + (first + i) * step);
}

export function isPackedRange(values: object): values is PackedRange {
  return 'step' in values && 'start' in values;
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

/** A column of floats: where number results lie. */
export type Column = Float64Array | Float32Array;

/** Items that are numbers, side by side in memory that both ends share, or as bytes of their own. */
export interface PackedColumn {
  readonly length: number;
  readonly numbers: TypedArray | PackedRange;
  /** Where the worker writes results that are numbers, each at its task's position. It may be where the items are: each is read before. */
  readonly into: Column | undefined;
}

/** Results that a worker has left in the column of its chunk, which its host sees, too. */
export interface InColumn {
  readonly length: number;
  readonly inColumn: true;
}

export function isPackedColumn(values: object): values is PackedColumn {
  return 'numbers' in values && 'into' in values;
}

export function isInColumn(values: object): values is InColumn {
  return 'inColumn' in values;
}

/** Objects with the same names and small values, by columns. */
export interface PackedRows {
  readonly length: number;
  readonly names: readonly string[];
  /** Of each name, whether all rows have a number there: those need no marks. */
  readonly isNumber: readonly boolean[];
  /** All numbers, row by row. */
  readonly cells: Float64Array;
  /** What the other cells are, row by row. */
  readonly marks: Int32Array;
  /** All strings, one behind the other. */
  readonly text: string;
}

/** What a cell of a row is: a string of so many characters from `text` on, a list of so many cells from `list` downwards, or one of the others. */
export const ROW_MARKS = { text: 0, nothing: -1, absent: -2, yes: -3, no: -4, number: -5, list: -6 } as const;

export function isPackedRows(values: object): values is PackedRows {
  return 'cells' in values && 'marks' in values;
}

export interface PackResult {
  readonly packed: Packed;
  /** Positions that cannot travel, each with the reason. */
  readonly refused: readonly (readonly [position: number, reason: Error])[];
}

/** Where a list is unpacked whose values fail alone: one that cannot be rebuilt leaves its position empty. */
export interface EachAlone {
  /** Names a value in messages, as in `items[3]`. */
  label(position: number): string;
  unreadable(position: number, reason: Error): void;
}

export interface Transport {
  readonly name: string;
  /** How columns of numbers cross, where they do: in memory that both ends share, or as bytes. */
  readonly columns?: 'shared' | 'bytes';
  /** `label(position)` names a value in refusals, as in `items[3]`. */
  pack(
    values: ArrayLike<unknown> | PackedRange,
    label: (position: number) => string,
    within?: ShippedFunction,
    /** Whether what is packed has a list of what `moves`. */
    mayMove?: boolean,
  ): PackResult;
  /** After sending has failed: positions of the values that look plain and cannot be sent, such as a detached buffer. */
  unsendable(values: ArrayLike<unknown>): readonly (readonly [position: number, reason: Error])[];
  /** Gives a promise only when a module must be imported first. Throws for a value that cannot be rebuilt, unless `each` is told. */
  unpack(packed: Packed, each?: EachAlone): ArrayLike<unknown> | Promise<ArrayLike<unknown>>;
}
