/**
 * Every error class and code. A class says whose fault it is, a code is for programs, a message is for people: what, where, what to do.
 * Each code has its paragraph in docs/errors.md; a test compares the two lists.
 */
import { ownExports } from './own-exports.ts';

/** Every `code` our own errors carry. Errors thrown by a task are the task's own and keep theirs. */
export type ErrorCode =
  | 'BAD_ARGUMENT'
  | 'BAD_OPTION'
  | 'UNKNOWN_OPTION'
  | 'NOT_SHIPPABLE'
  | 'BAD_RESULT'
  | 'DIFFERENT_RESULTS'
  | 'POOL_CLOSED'
  | 'POOL_TERMINATED'
  | 'WORKER_LOST'
  | 'WORKER_START_FAILED'
  | 'TASK_TIMEOUT'
  | 'INTERNAL';

/** The call itself is wrong: an option, an argument, their order. Nothing ran. */
export class UsageError extends TypeError {
  override readonly name = 'UsageError';
  readonly code: ErrorCode;
  constructor(
    code: 'BAD_ARGUMENT' | 'BAD_OPTION' | 'UNKNOWN_OPTION' | 'BAD_RESULT' | 'DIFFERENT_RESULTS',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
  }
}

/** A function or value that cannot be sent to another thread. The message names the variable, who captures it, where, why, and what to do. */
export class NotShippableError extends TypeError {
  override readonly name = 'NotShippableError';
  readonly code: ErrorCode = 'NOT_SHIPPABLE';
}

/** The pool was closed or terminated before or during this call. */
export class PoolClosedError extends Error {
  override readonly name = 'PoolClosedError';
  readonly code: ErrorCode;
  constructor(code: 'POOL_CLOSED' | 'POOL_TERMINATED', message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** How a worker was lost, and under which item. */
export interface Loss {
  /** Index of the item whose task ran. */
  readonly index?: number | undefined;
  /** The item, shortened to one line. */
  readonly preview?: string | undefined;
  /** Such as `t2`. */
  readonly worker?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The last lines that its process wrote to stderr. */
  readonly stderr?: string | undefined;
}

/** A worker died, or could not start. */
export class WorkerLostError extends Error implements Loss {
  override readonly name = 'WorkerLostError';
  readonly code: ErrorCode;
  readonly index: number | undefined;
  readonly preview: string | undefined;
  readonly worker: string | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string | undefined;
  constructor(code: 'WORKER_LOST' | 'WORKER_START_FAILED', message: string, options: ErrorOptions & Loss = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.index = options.index;
    this.preview = options.preview;
    this.worker = options.worker;
    this.exitCode = options.exitCode;
    this.signal = options.signal;
    this.stderr = options.stderr;
  }
}

/** A task ran longer than it may. `cause` is what it threw when it was told to stop, if that was something of its own. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError';
  readonly code: ErrorCode = 'TASK_TIMEOUT';
  /** Index of the item; in a reduction, of the one that ran. */
  readonly index: number;
  /** How long it was allowed to run, in milliseconds. */
  readonly timeoutMs: number;
  constructor(message: string, options: ErrorOptions & { readonly index: number; readonly timeoutMs: number }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.index = options.index;
    this.timeoutMs = options.timeoutMs;
  }
}

/** A promise of ours was broken: a bug in allcores, never in the caller's program. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  readonly code: ErrorCode = 'INTERNAL';
  constructor(message: string, options?: ErrorOptions) {
    super(`${message} (this is a bug in allcores: please report it)`, options);
  }
}

ownExports({ InternalError, NotShippableError, PoolClosedError, TaskTimeoutError, UsageError, WorkerLostError });
