/** What becomes of a task that a worker took with it, or that ran out of time: who is to blame, and the error that says so. */
import type { SlotLoss } from '../backend.ts';
import type { ChunkProgress } from '../core/events.ts';
import { TaskTimeoutError, WorkerLostError } from '../errors.ts';
import { preview } from './failures.ts';
import type { ChunkOut } from './hearing.ts';
import type { Job } from './job.ts';

/** The task to blame for a lost chunk, as the core sees it: the last one started, or the only one left. */
export function blamedOf(chunk: ChunkOut, progress: ChunkProgress): number | undefined {
  const { finishedTo, startedTo = chunk.to, inDoubt = progress.startedTo === undefined } = progress;
  if (startedTo === finishedTo || (inDoubt && startedTo - finishedTo > 1)) return undefined;
  return startedTo - 1;
}

/** Books the loss of the task that a chunk ran. `beside`: why its worker was killed, where it was for the sake of another chunk. */
export function lose(job: Job, chunk: ChunkOut, index: number, worker: string, loss: SlotLoss, beside: string | undefined): void {
  const { attempt, stopped } = chunk;
  const error = stopped === index ? timeoutError(job, index) : lostError(job, index, worker, loss, beside);
  job.failures.set(index, { error, worker, attempt });
}

/** `cause`: what it threw when it was told to stop. */
export function timeoutError(job: Job, index: number, item = job.itemOf(index), cause?: unknown): TaskTimeoutError {
  const { functions, source, rules } = job.spec;
  const { timeoutMs = 0 } = rules;
  const message = `items[${item}] (${preview(source.at(index, item))}) ran longer than ${timeoutMs} ms in "${functions.of(index).name}" (${functions.of(index).place}). Give it more time, or let it look at context.signal or context.aborted`;
  return new TaskTimeoutError(message, { index: item, timeoutMs, ...(cause !== undefined && { cause }) });
}

const LOOK = 'Look at what the task does with this item';

function lostError(job: Job, index: number, worker: string, loss: SlotLoss, beside: string | undefined): WorkerLostError {
  const { functions, source } = job.spec;
  const item = job.itemOf(index);
  const shown = preview(source.at(index));
  const { times } = job.spec.rules.retries;
  const {
    exitCode,
    signal,
    stderr,
    advice = times > 0 ? `That was try ${times + 1} of ${times + 1}. ${LOOK}.` : `${LOOK}; { retries: 1 } gives it one more try.`,
  } = loss;
  const why = beside ?? loss.message;
  const lastWords = stderr ? `\nThe last it wrote to stderr:\n${stderr.trimEnd()}` : '';
  const message = `items[${item}] (${shown}) was lost: ${why} while it ran "${functions.of(index).name}" (${functions.of(index).place}). ${beside ? BESIDE : advice}${lastWords}`;
  const cause = loss.cause === undefined ? {} : { cause: loss.cause };
  return new WorkerLostError('WORKER_LOST', message, { ...cause, index: item, preview: shown, worker, exitCode, signal, stderr });
}

const BESIDE = 'It was not the cause: a lower concurrency keeps tasks apart, and { retries: 1 } gives it one more try.';

/** Why a worker is killed, for those that ran beside. */
export function whyKilled(job: Job | undefined, { stopped }: ChunkOut): string {
  if (job && stopped !== undefined)
    return `its worker was killed, because items[${job.itemOf(stopped)}] beside it ran longer than ${job.spec.rules.timeoutMs} ms and did not stop`;
  return 'its worker was killed, because a task of a call that had ended ran beside it and did not stop';
}
