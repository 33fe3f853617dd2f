/** A task while it runs: what `context` tells it of itself, and how it learns that it should stop. */

import type { Claims } from '../claims.ts';
import { asTask, type RunningTask } from '../context.ts';

/** What all tasks of a chunk have in common. */
export type TaskFacts = Pick<RunningTask, 'chunkId' | 'attempt' | 'worker' | 'depth' | 'emit'>;

/** What runs the task; it may take an error for the task's failure. */
export interface Runner {
  /** Gives false where the task has ended already. */
  failed(task: TaskRun, error: unknown): boolean;
}

export class TaskRun implements RunningTask {
  readonly chunkId: number;
  readonly attempt: number;
  readonly worker: string;
  readonly depth: number;
  readonly emit: RunningTask['emit'];
  index: number;
  readonly #claims: Claims;
  readonly #runner: Runner;
  #position: number;
  #controller: AbortController | undefined;
  #stopped: { readonly reason: unknown } | undefined;

  constructor({ chunkId, attempt, worker, depth, emit }: TaskFacts, claims: Claims, runner: Runner, position: number, index: number) {
    this.chunkId = chunkId;
    this.attempt = attempt;
    this.worker = worker;
    this.depth = depth;
    this.emit = emit;
    this.index = index;
    this.#claims = claims;
    this.#runner = runner;
    this.#position = position;
  }

  /** From now on it stands for the next task, where tasks run one after the other and none of them waits. */
  become(position: number, index: number): void {
    this.index = index;
    this.#position = position;
    if (this.#controller === undefined && this.#stopped === undefined) return;
    this.#controller = undefined;
    this.#stopped = undefined;
  }

  get aborted(): boolean {
    return this.#stopped !== undefined || this.#claims.stopped(this.#position);
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#stopped) this.#controller.abort(this.#stopped.reason);
    }
    return this.#controller.signal;
  }

  /** Tells it. What listens runs as part of the task, and an error that it throws is the task's. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = { reason };
    const controller = this.#controller;
    if (controller) asTask(this, () => controller.abort(reason));
  }

  /** Whether this is what it was told when it had to stop. */
  wasToldBy(error: unknown): boolean {
    return this.#controller !== undefined && this.#stopped !== undefined && this.#controller.signal.reason === error;
  }

  /** An error that nobody has caught came from it. Gives false where it has ended already. */
  fail(error: unknown): boolean {
    return this.#runner.failed(this, error);
  }
}

/** A task that is awaited: the loop stands still behind it. */
export interface Waiting {
  readonly task: TaskRun;
  readonly position: number;
  /** End of the block that was claimed with it. */
  readonly end: number;
  timer?: NodeJS.Timeout | undefined;
}
