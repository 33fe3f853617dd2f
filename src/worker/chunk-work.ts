/** What a worker is to run of one chunk. */
import type { CallStyle } from '../backend.ts';
import type { Claims } from '../claims.ts';
import type { Column } from '../transport.ts';
import type { Fold } from './fold.ts';
import type { TaskFacts } from './task-run.ts';

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
  /** Where results that are numbers go, each at its position. */
  readonly into?: Column | undefined;
  /** Indices that have failed already and are not called. */
  readonly skip: ReadonlySet<number>;
  readonly claims: Claims;
  /** Finished results are handed over at least this often. */
  readonly handOverMs: number;
  /** Whether the time of each task is watched. */
  readonly timed: boolean;
  /** What its tasks see of themselves. */
  readonly facts: TaskFacts;
  /** Whether other tasks of this thread run while one of these waits. */
  readonly sideBySide: boolean;
}
