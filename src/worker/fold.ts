/** One block of a reduction: its items folded left to right into one partial result. */

import { blockStart } from '../blocks.ts';
import type { RunningTask } from '../context.ts';
import { isThenable } from './asynchronous.ts';

// biome-ignore lint/suspicious/noExplicitAny: the user's functions have whatever parameters they have.
type AnyFunction = (...args: any[]) => unknown;

/** The parts of a reduction that workers need: `fn` and `combine`, or `initial` and `step`. */
export type Fold = MapFold | StepFold;

interface MapFold {
  readonly fn: AnyFunction;
  readonly combine: AnyFunction;
}

interface StepFold {
  readonly initial: unknown;
  readonly step: AnyFunction;
}

/** Thrown when one of a block's items fails: which, and with what. */
export class FailedItem extends Error {
  readonly item: number;
  readonly error: unknown;
  constructor(item: number, error: unknown) {
    super('an item of a block failed');
    this.item = item;
    this.error = error;
  }
}

/** `items` begin with those of block `from`. Gives a promise only from the first asynchronous result on. */
export function foldBlock(fold: Fold, items: ArrayLike<unknown>, from: number, block: number, task: RunningTask): unknown {
  const offset = blockStart(from);
  const start = blockStart(block);
  const end = Math.min(blockStart(block + 1), offset + items.length);
  const itemAt = (index: number) => items[index - offset];
  if (!('step' in fold)) return foldOn(fold, itemAt, start, end, task, undefined, false);
  try {
    return foldOn(fold, itemAt, start, end, task, freshStart(fold.initial), true);
  } catch (error) {
    throw error instanceof FailedItem ? error : new FailedItem(start, error);
  }
}

/** Goes on with `next`. `started`: whether `sum` stands for something yet. */
function foldOn(
  fold: Fold,
  itemAt: (index: number) => unknown,
  next: number,
  end: number,
  task: RunningTask,
  sum: unknown,
  started: boolean,
): unknown {
  const call = 'step' in fold ? fold.step : undefined;
  let total = sum;
  let isStarted = started;
  let index = next;
  try {
    for (; index < end; index++) {
      task.index = index;
      const result = call ? call(total, itemAt(index), index) : (fold as MapFold).fn(itemAt(index), index);
      if (isThenable(result)) return later(fold, itemAt, index, end, task, total, isStarted, result);
      total = call || !isStarted ? result : combined((fold as MapFold).combine, total, result);
      isStarted = true;
    }
  } catch (error) {
    throw new FailedItem(index, error);
  }
  return total;
}

async function later(
  fold: Fold,
  itemAt: (index: number) => unknown,
  index: number,
  end: number,
  task: RunningTask,
  total: unknown,
  started: boolean,
  pending: PromiseLike<unknown>,
): Promise<unknown> {
  let sum: unknown;
  try {
    const result = await pending;
    sum = 'step' in fold || !started ? result : combined(fold.combine, total, result);
  } catch (error) {
    throw new FailedItem(index, error);
  }
  return foldOn(fold, itemAt, index + 1, end, task, sum, true);
}

/** Partial results are joined at once, on workers and on the host: waiting in between would change nothing but the time. */
export function combined(combine: AnyFunction, left: unknown, right: unknown): unknown {
  const total = combine(left, right);
  if (isThenable(total)) throw new TypeError('combine gave a promise; it must give the combined value itself');
  return total;
}

/** Each block starts afresh: a function is asked for the start, an object is copied. */
export function freshStart(initial: unknown): unknown {
  if (typeof initial === 'function') {
    const start: unknown = initial();
    if (isThenable(start)) throw new TypeError('mapReduce: "initial" gave a promise; it must give the value itself, at once');
    return start;
  }
  if (typeof initial !== 'object' || initial === null) return initial;
  const copy = structuredClone(initial);
  const prototype = Object.getPrototypeOf(initial);
  if (prototype !== null && Object.getPrototypeOf(copy) !== prototype) {
    const name = initial.constructor?.name ?? 'class';
    throw new TypeError(
      `mapReduce: "initial" is an instance of ${name}, which a copy would lose; pass a function that makes one, () => new ${name}(…)`,
    );
  }
  return copy;
}
