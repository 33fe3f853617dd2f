/** CONTRACT Transport: how the items and results of one chunk cross to a worker and back. */

import type { ShippedFunction } from './shipped.ts';

/** The values of a chunk on their way. */
export interface Packed {
  readonly values: readonly unknown[] | PackedRange;
  readonly odd?: readonly OddValues[];
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

export function isPackedRange(values: ArrayLike<unknown> | PackedRange): values is PackedRange {
  return 'step' in values && 'start' in values;
}

export interface PackResult {
  readonly packed: Packed;
  /** Positions that cannot travel, each with the reason. */
  readonly refused: readonly (readonly [position: number, reason: Error])[];
}

export interface Transport {
  readonly name: string;
  /** `label(position)` names a value in refusals, as in `items[3]`. */
  pack(values: ArrayLike<unknown> | PackedRange, label: (position: number) => string, within?: ShippedFunction): PackResult;
  /** After sending has failed: positions of the values that look plain and cannot be sent, such as a detached buffer. */
  unsendable(values: ArrayLike<unknown>): readonly (readonly [position: number, reason: Error])[];
  /** Gives a promise only when a module must be imported first. */
  unpack(packed: Packed): ArrayLike<unknown> | Promise<ArrayLike<unknown>>;
}
