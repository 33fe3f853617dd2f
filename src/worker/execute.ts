/**
 * Runs the tasks of one chunk. This file holds the only stopwatch around user code.
 *
 * Rule: a task's own error is a value here; this function never throws.
 */
import type { CallStyle } from '../backend.ts';
import { asTask, enterTask, keepsTasksApart, leaveTask, type RunningTask } from '../context.ts';
import type { Claims } from './claims.ts';
import { FailedItem, type Fold, foldBlock } from './fold.ts';

/** Clocks are taken at import, so that a program's fake timers do not freeze us. */
const now = performance.now.bind(performance);

/** A failure is handed over at once, but a chunk full of failures not one by one. */
const FAILURE_HAND_OVER_MS = 1;
/** Tasks are claimed in blocks, so that tiny ones do not pay for a claim and a look at the clock each (about 80 ns). */
const BLOCK_MS = 0.25;
/** What is claimed cannot be taken back: few enough that slow tasks behind quick ones are not stuck in one block. */
const MAX_BLOCK = 16;

// biome-ignore lint/suspicious/noExplicitAny: the user's function has whatever parameters it has.
export type Task = (...args: any[]) => unknown;

export interface ChunkWork {
  /** What its tasks call; with the style `fold` the parts of a reduction. */
  readonly functions: readonly (Task | Fold)[];
  /** Which of them each task calls, by position; absent where there is one for all. */
  readonly which?: readonly number[] | undefined;
  readonly call: CallStyle;
  /** Index of the first item in the job. */
  readonly from: number;
  readonly items: ArrayLike<unknown>;
  /** Indices that have failed already and are not called. */
  readonly skip: ReadonlySet<number>;
  readonly claims: Claims;
  /** Finished results are handed over at least this often. */
  readonly handOverMs: number;
  /** What its tasks see of themselves: one for all, its index set before each. */
  readonly task: RunningTask;
  /** Whether other tasks of this thread run while one of these waits. */
  readonly sideBySide: boolean;
}

export interface Failure {
  readonly index: number;
  /** Index of the very item, where a task has many. */
  readonly item?: number | undefined;
  readonly error: unknown;
}

/** Results of the consecutive tasks [from, from + results.length); a failed one has undefined there. */
export interface Output {
  readonly from: number;
  readonly results: unknown[];
  readonly failed: Failure[];
}

/** One chunk being run. */
export class ChunkRun {
  readonly #work: ChunkWork;
  readonly #handOver: (output: Output) => void;
  readonly #single: Task | undefined;
  #output: Output;
  #handedOverAt = 0;

  /** `handOver` gets finished results while the chunk runs, in order. */
  constructor(work: ChunkWork, handOver: (output: Output) => void) {
    this.#work = work;
    this.#handOver = handOver;
    this.#single = work.which === undefined && work.call !== 'fold' ? (work.functions[0] as Task) : undefined;
    this.#output = { from: work.from, results: [], failed: [] };
  }

  /** Runs every task that can be claimed. Gives what has not been handed over, and the milliseconds it all took. */
  async run(): Promise<{ output: Output; ranMs: number }> {
    const { call, from, items, skip, claims, task, sideBySide } = this.#work;
    const fn = this.#single;
    const startedAt = now();
    this.#handedOverAt = startedAt;
    let block = 1;
    let blockAt = startedAt;
    for (;;) {
      const first = claims.claim(block);
      const count = claims.claimed;
      if (count === 0) break;
      for (let position = first; position < first + count; position++) {
        const index = from + position;
        claims.start(position);
        if (skip.size > 0 && skip.has(index)) {
          this.#output.results.push(undefined);
          continue;
        }
        try {
          let result: unknown;
          if (fn === undefined || sideBySide || keepsTasksApart()) result = this.#call(position);
          else {
            task.index = index;
            enterTask(task);
            const item = items[position];
            result = call === 'itemAndIndex' ? fn(item, index) : call === 'item' ? fn(item) : fn(...(item as unknown[]));
          }
          const value = isThenable(result) ? await result : result;
          this.#output.results.push(value);
        } catch (error) {
          this.#output.results.push(undefined);
          const failed =
            call === 'fold' && error instanceof FailedItem ? { index, item: error.item, error: error.error } : { index, error };
          this.#output.failed.push(failed);
        }
      }
      const at = now();
      const tookMs = at - blockAt;
      blockAt = at;
      if (tookMs < BLOCK_MS) block = Math.min(MAX_BLOCK, block * 2);
      else if (tookMs > 2 * BLOCK_MS) block = Math.max(1, block >> 1);
      if (this.#isDue(at)) this.flush(at);
    }
    leaveTask(task);
    return { output: this.#output, ranMs: now() - startedAt };
  }

  /** Hands over what has finished. */
  flush(at = now()): void {
    const ready = this.#output;
    if (ready.results.length === 0) return;
    this.#output = { from: ready.from + ready.results.length, results: [], failed: [] };
    this.#handedOverAt = at;
    this.#handOver(ready);
  }

  /** The ways that are not the common one: many functions, reductions, tasks side by side. */
  #call(position: number): unknown {
    const { functions, which, call, from, items, sideBySide } = this.#work;
    const index = from + position;
    const called = functions[which?.[position] ?? 0]!;
    const apart = sideBySide || keepsTasksApart();
    const task = apart ? { ...this.#work.task, index } : this.#work.task;
    const act = () => {
      if (call === 'fold') return foldBlock(called as Fold, items, from, index, task);
      const fn = called as Task;
      const item = items[position];
      return call === 'itemAndIndex' ? fn(item, index) : call === 'item' ? fn(item) : fn(...(item as unknown[]));
    };
    if (apart) return asTask(task, act);
    task.index = index;
    enterTask(task);
    return act();
  }

  #isDue(at: number): boolean {
    const waitedMs = at - this.#handedOverAt;
    return waitedMs > this.#work.handOverMs || (this.#output.failed.length > 0 && waitedMs > FAILURE_HAND_OVER_MS);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
