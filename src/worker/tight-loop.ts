/**
 * Runs tasks of a synchronous function as fast as the language allows: nothing around a call but what must be there for each of them.
 * What only few tasks do ends the loop, and execute.ts goes on with it.
 */
import type { Claims } from '../claims.ts';
import type { Column } from '../transport.ts';
import type { ChunkWork, Task } from './chunk-work.ts';
import type { TaskRun } from './task-run.ts';

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

/** Undefined where somebody looks at each of them. */
export function tightTasks({ call, items, from, claims, timed, skip }: ChunkWork, fn: Task, task: TaskRun): Tasks | undefined {
  const isCalledSo = call === 'itemAndIndex' || call === 'item';
  if (!isCalledSo || timed || claims.mayBeKilled || skip.size > 0) return undefined;
  return { fn, withIndex: call === 'itemAndIndex', items, from, claims, task };
}

/** Why the loop has ended before the end: the task there has given what has no place in the loop, or has thrown, or something is to stop. */
export type Odd = { readonly gave: unknown } | { readonly threw: unknown } | 'stop';

/** Where a loop has come to. */
export class Way {
  position = 0;
  odd: Odd | undefined;
}

/** The tasks [position, end), whose results are numbers for the column. */
function intoColumn({ fn, withIndex, items, from, claims, task }: Tasks, into: Column, position: number, end: number, way: Way): void {
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
      // As isThenable says; the text of a loop stands alone.
      if (typeof result === 'object' && result !== null && typeof (result as { then?: unknown }).then === 'function') {
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

export interface Loops {
  readonly intoColumn: typeof intoColumn;
  readonly intoList: typeof intoList;
}

const common: Loops = { intoColumn, intoList };
const own = new WeakMap<Task, Loops>();

/** Fewer tasks gain less than the compiling costs. */
const MANY = 2048;

/**
 * The loops for so many tasks of a function. One that many run through has loops of its own, compiled from the same text: V8 puts a function
 * into the loop that calls it only where that loop has called no other, and then numbers need not be boxed (5 ns a task instead of 18).
 */
export function loopsFor(fn: Task, tasks: number): Loops {
  const known = own.get(fn);
  if (known) return known;
  if (tasks < MANY) return common;
  const loops = compiled() ?? common;
  own.set(fn, loops);
  return loops;
}

function compiled(): Loops | undefined {
  try {
    return new Function(`return { intoColumn: ${intoColumn}, intoList: ${intoList} }`)() as Loops;
  } catch {
    // Where Node.js may not make code from text.
    return undefined;
  }
}
