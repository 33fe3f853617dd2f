/** What the peers' workers can do: the same functions as those that we are given, known there by name, as peers have it. */
import { spin } from '../spin.ts';

export interface Row {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly qty: number;
  readonly tags: readonly [string, string];
}

const perRow = ({ price, qty, tags }: Row): number => price * qty + tags.length;

const TASKS = {
  square: (x: number) => x ** 2,
  damped: (x: number) => Math.sin(x) * Math.exp(-x),
  same: (x: unknown) => x,
  next: (x: number) => x + 1,
  lengthOf: (array: Float64Array) => array.length,
  total: perRow,
  spin,
} as const;

export type TaskName = keyof typeof TASKS;

/** One message: an item, or a share of the items, cut by hand. */
export interface Work {
  readonly task: TaskName;
  readonly item?: unknown;
  readonly items?: readonly unknown[] | Float64Array;
}

/** What a worker gives back. By `map`, whose array is packed: one made by `new Array(n)` takes the cloner ten times as long. */
export function done({ task, item, items }: Work): unknown {
  const fn = TASKS[task] as (item: unknown) => unknown;
  if (items === undefined) return fn(item);
  if (items instanceof Float64Array) {
    const numbers = new Float64Array(items.length);
    for (let i = 0; i < items.length; i++) numbers[i] = fn(items[i]) as number;
    return numbers;
  }
  return items.map((item) => fn(item));
}
