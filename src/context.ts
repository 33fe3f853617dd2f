/** What a task can learn and say about itself: `context`. A thread has one, also when two copies of the package are loaded in it. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { WORKER_MARKER } from './protocol.ts';

/** About the task that runs now. Import it and use it inside a task; it travels by its name and costs a worker nothing. */
export interface TaskContext {
  /** Index of the task's item. */
  readonly index: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The worker it runs on, such as `t2`; `inline` on the host. */
  readonly workerId: string;
  /** Whether this code runs in a worker. The only member that may be read outside a task. */
  readonly isWorker: boolean;
  /**
   * Aborts when the task should stop: its time is up (`timeoutMs`), or its call has ended. Its `reason` says why. Hand it to what takes one,
   * such as `fetch(url, { signal: context.signal })`. It is made when it is first asked for.
   */
  readonly signal: AbortSignal;
  /** Whether the task should stop; unlike `signal.aborted` it is up to date also inside a loop that never awaits. Costs some 50 ns. */
  readonly aborted: boolean;
  /**
   * Sends a value to the call's `onMessage(value, { index, worker })`, at once and before the task's own result: intermediate results,
   * logs with structure. Without an `onMessage` it does nothing. A message costs about as much as a chunk: a few dozen µs.
   * @throws NotShippableError for a value that cannot travel.
   */
  emit(value: unknown): void;
}

/** @internal A task while it runs. */
export interface RunningTask {
  readonly chunkId: number;
  index: number;
  readonly attempt: number;
  readonly worker: string;
  /** 1 for the task of a call that no task has made. */
  readonly depth: number;
  readonly signal: AbortSignal;
  readonly aborted: boolean;
  emit(index: number, value: unknown): void;
}

interface Here {
  /** The task of a worker that runs one at a time. */
  task: RunningTask | undefined;
  /** Where tasks run side by side each has its own, kept over its awaits. Made when first needed: it slows every await on Node 20 and 22. */
  storage: AsyncLocalStorage<RunningTask> | undefined;
  context: TaskContext | undefined;
}

const KEY = Symbol.for('allcores.task/1');
const home = globalThis as { [KEY]?: Here };
home[KEY] ??= { task: undefined, storage: undefined, context: undefined };
const here = home[KEY];

/** @internal The task that runs now; undefined outside a task. */
export function runningTask(): RunningTask | undefined {
  return here.storage?.getStore() ?? here.task;
}

/** @internal From now on this task runs, in a worker that runs one at a time. */
export function enterTask(task: RunningTask): void {
  here.task = task;
}

/** @internal The task has ended. */
export function leaveTask(task: RunningTask): void {
  if (here.task === task) here.task = undefined;
}

/** @internal The task to which the code that runs now belongs, also when it has ended; undefined where only the time says which one. */
export function ownTask(): RunningTask | undefined {
  return here.storage?.getStore();
}

/** @internal Calls `fn` as the task, which it stays over the awaits of `fn`. */
export function asTask<T>(task: RunningTask, fn: () => T): T {
  here.storage ??= newStorage();
  return here.storage.run(task, fn);
}

function newStorage(): AsyncLocalStorage<RunningTask> {
  const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
  return new AsyncLocalStorage();
}

function current(member: string): RunningTask {
  const task = runningTask();
  if (task) return task;
  throw new UsageError('BAD_ARGUMENT', `context.${member} was used outside a task; it is for the function given to map, Pool or Parallel`);
}

here.context ??= Object.freeze({
  get index() {
    return current('index').index;
  },
  get attempt() {
    return current('attempt').attempt;
  },
  get workerId() {
    return current('workerId').worker;
  },
  get isWorker() {
    return WORKER_MARKER in globalThis;
  },
  get signal() {
    return current('signal').signal;
  },
  get aborted() {
    return current('aborted').aborted;
  },
  emit(value: unknown) {
    const task = current('emit');
    task.emit(task.index, value);
  },
});

/**
 * About the task that runs now: `index`, `attempt`, `workerId`, `isWorker`; `signal` and `aborted`, which say that it should stop; and
 * `emit(value)`, which reaches the call's `onMessage`.
 *
 * @example
 * await map(files, async (file) => {
 *   context.emit(`reading ${file}`);
 *   return parse(await readFile(file));
 * }, { onMessage: (text, { index }) => console.log(index, text) });
 * @throws UsageError when a member other than `isWorker` is used outside a task.
 */
export const context: TaskContext = here.context;

ownExports({ context });
