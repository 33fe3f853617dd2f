/** One block of a reduction: its items folded left to right into one partial result. */
import { blockStart } from '../blocks.ts';
import type { RunningTask } from '../context.ts';

// biome-ignore lint/suspicious/noExplicitAny: the user's functions have whatever parameters they have.
type AnyFunction = (...args: any[]) => unknown;

/** The parts of a reduction that workers need: `fn` and `combine`, or `initial` and `step`. */
export type Fold = { readonly fn: AnyFunction; readonly combine: AnyFunction } | { readonly initial: unknown; readonly step: AnyFunction };

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
  return foldOn(fold, items, offset, start, end, task, undefined, false);
}

/** `within`: whether `sum` holds the items before `next` already. */
function foldOn(
  fold: Fold,
  items: ArrayLike<unknown>,
  offset: number,
  next: number,
  end: number,
  task: RunningTask,
  sum: unknown,
  within: boolean,
): unknown {
  let total = sum;
  let started = within;
  for (let index = next; index < end; index++) {
    task.index = index;
    let result: unknown;
    try {
      if (!started && 'step' in fold) {
        total = freshStart(fold.initial);
        started = true;
      }
      result = 'step' in fold ? fold.step(total, items[index - offset], index) : fold.fn(items[index - offset], index);
      if (isThenable(result)) {
        const hasTotal = started;
        const before = total;
        return Promise.resolve(result).then(
          (value) => foldOn(fold, items, offset, index + 1, end, task, joined(fold, before, value, hasTotal, index), true),
          (error) => {
            throw new FailedItem(index, error);
          },
        );
      }
    } catch (error) {
      throw new FailedItem(index, error);
    }
    total = joined(fold, total, result, started, index);
    started = true;
  }
  return total;
}

function joined(fold: Fold, total: unknown, value: unknown, started: boolean, index: number): unknown {
  if ('step' in fold || !started) return value;
  try {
    return combined(fold.combine, total, value);
  } catch (error) {
    throw new FailedItem(index, error);
  }
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
  if (Object.getPrototypeOf(copy) !== Object.getPrototypeOf(initial)) {
    const name = initial.constructor?.name ?? 'class';
    throw new TypeError(
      `mapReduce: "initial" is an instance of ${name}, which a copy would lose; pass a function that makes one, () => new ${name}(…)`,
    );
  }
  return copy;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
