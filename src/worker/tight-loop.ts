/**
 * Runs tasks of a synchronous function as fast as the language allows: nothing around a call but what must be there for each of them.
 * What only few tasks do ends the loop, and execute.ts goes on with it.
 */
import type { Claims } from '../claims.ts';
import type { Column } from '../transport.ts';
import { isThenable } from './asynchronous.ts';
import type { TaskRun } from './task-run.ts';

// biome-ignore lint/suspicious/noExplicitAny: the user's function has whatever parameters it has.
type Task = (...args: any[]) => unknown;

/** The tasks of a chunk that go through the loop. */
export interface Tasks {
  readonly fn: Task;
  /** Whether it is called with the index, too. */
  readonly withIndex: boolean;
  readonly items: ArrayLike<unknown>;
  /** Index of the first. */
  readonly from: number;
  readonly claims: Claims;
  /** What stands for each of them while it runs. */
  readonly task: TaskRun;
}

/** Why the loop has ended before the end: the task there has given what has no place in the loop, or has thrown, or something is to stop. */
export type Odd = { readonly gave: unknown } | { readonly threw: unknown } | 'stop';

/** Where a loop has come to. */
export class Way {
  position = 0;
  odd: Odd | undefined;
}

/** The tasks [position, end), whose results are numbers for the column. */
export function intoColumn(
  { fn, withIndex, items, from, claims, task }: Tasks,
  into: Column,
  position: number,
  end: number,
  way: Way,
): void {
  let at = position;
  way.odd = undefined;
  try {
    for (; at < end; at++) {
      if (claims.anyStop) {
        way.odd = 'stop';
        break;
      }
      claims.start(at);
      task.become(at, from + at);
      const result = withIndex ? fn(items[at], from + at) : fn(items[at]);
      if (typeof result !== 'number') {
        way.odd = { gave: result };
        break;
      }
      into[at] = result;
    }
  } catch (error) {
    way.odd = { threw: error };
  }
  way.position = at;
}

/** The tasks [position, end), whose results are whatever is no promise. */
export function intoList(
  { fn, withIndex, items, from, claims, task }: Tasks,
  into: unknown[],
  position: number,
  end: number,
  way: Way,
): void {
  let at = position;
  way.odd = undefined;
  try {
    for (; at < end; at++) {
      if (claims.anyStop) {
        way.odd = 'stop';
        break;
      }
      claims.start(at);
      task.become(at, from + at);
      const result = withIndex ? fn(items[at], from + at) : fn(items[at]);
      if (isThenable(result)) {
        way.odd = { gave: result };
        break;
      }
      into.push(result);
    }
  } catch (error) {
    way.odd = { threw: error };
  }
  way.position = at;
}
