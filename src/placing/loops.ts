/** The loops themselves: a function over a block of items, as far as everything is what it should be. */
import type { Range } from '../range.ts';
import { isSmallPrimitive } from './items.ts';

/** What a loop reads and writes. */
export interface Ground {
  /** A range is read by its numbers. */
  items: ArrayLike<unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the function takes.
  readonly fn: (...args: any[]) => unknown;
  readonly canRead: (item: object) => boolean;
  out: unknown[] | { [index: number]: unknown };
  /** Only numbers are written. */
  numbers: boolean;
  /** Set when the function threw, at the index that the loop gives. */
  thrown: { readonly error: unknown } | undefined;
}

/**
 * Runs [from, to). Gives the index where it stopped: `to`, or that of an item or a result that is not for here, or where the function threw.
 *
 * They are short and alike on purpose: V8 optimises each for what it meets, and a loop for all kinds would be slow for each.
 */
export type Loop = (ground: Ground, from: number, to: number) => number;

/** `fn(item, index)` over primitives and rows. */
export const overItems: Loop = (ground, from, to) => {
  const { items, fn, out, numbers, canRead } = ground;
  let i = from;
  try {
    for (; i < to; i++) {
      const item = items[i];
      if (typeof item !== 'number' && (typeof item === 'object' && item !== null ? !canRead(item) : !isSmallPrimitive(item))) break;
      const result = fn(item, i);
      if (typeof result !== 'number' && (numbers || !isSmallPrimitive(result))) break;
      (out as unknown[])[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** `fn(item)`. */
export const overItemsAlone: Loop = (ground, from, to) => {
  const { items, fn, out, numbers, canRead } = ground;
  let i = from;
  try {
    for (; i < to; i++) {
      const item = items[i];
      if (typeof item !== 'number' && (typeof item === 'object' && item !== null ? !canRead(item) : !isSmallPrimitive(item))) break;
      const result = fn(item);
      if (typeof result !== 'number' && (numbers || !isSmallPrimitive(result))) break;
      (out as unknown[])[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** `fn(...args)`. */
export const overArguments: Loop = (ground, from, to) => {
  const { items, fn, out, numbers, canRead } = ground;
  let i = from;
  try {
    for (; i < to; i++) {
      const args = items[i];
      if (typeof args !== 'object' || args === null || !canRead(args)) break;
      const result = fn(...(args as unknown[]));
      if (typeof result !== 'number' && (numbers || !isSmallPrimitive(result))) break;
      (out as unknown[])[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** A typed array into one of doubles or floats: `fn(item, index)`, which is given no more than it asks for. */
export const overDoubles: Loop = (ground, from, to) => {
  const { items, fn, out } = ground;
  let i = from;
  try {
    for (; i < to; i++) {
      const result = fn(items[i], i);
      if (typeof result !== 'number') break;
      out[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** As above, with the item alone. */
export const overDoublesAlone: Loop = (ground, from, to) => {
  const { items, fn, out } = ground;
  let i = from;
  try {
    for (; i < to; i++) {
      const result = fn(items[i]);
      if (typeof result !== 'number') break;
      out[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** The numbers of a range, without an array of them. */
export const overRange: Loop = (ground, from, to) => {
  const { fn, out, numbers } = ground;
  const { start, step, first } = ground.items as unknown as Range;
  let i = from;
  try {
    for (; i < to; i++) {
      const result = fn(start + (first + i) * step, i);
      if (typeof result !== 'number' && (numbers || !isSmallPrimitive(result))) break;
      (out as unknown[])[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** As above, with the number alone. */
export const overRangeAlone: Loop = (ground, from, to) => {
  const { fn, out, numbers } = ground;
  const { start, step, first } = ground.items as unknown as Range;
  let i = from;
  try {
    for (; i < to; i++) {
      const result = fn(start + (first + i) * step);
      if (typeof result !== 'number' && (numbers || !isSmallPrimitive(result))) break;
      (out as unknown[])[i] = result;
    }
  } catch (error) {
    ground.thrown = { error };
  }
  return i;
};

/** A place of its own for arrays of numbers: V8 keeps those that come from here as doubles from the start. */
export function newNumbers(length: number): unknown[] {
  const numbers: unknown[] = new Array(length);
  if (length > 0) numbers[0] = 0.5;
  return numbers;
}

/** And one for all others. */
export function newValues(length: number): unknown[] {
  return new Array(length);
}
