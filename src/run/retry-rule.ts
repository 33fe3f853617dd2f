/** Whether the caller wants a failed task tried again: what `retries` says beside a number. */
import { UsageError } from '../errors.ts';
import { hasMoved } from '../transfer.ts';
import type { Job } from './job.ts';

/** The failure that is looked at. */
export interface FailedTry {
  /** Index of the item. */
  readonly index: number;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** Of the failed tasks, those that are not tried again, whatever the number of tries. `fail` ends the call: the caller's rule threw. */
export function finalOf(job: Job, failed: readonly number[], fail: (error: unknown) => void): number[] | undefined {
  const final = failed.filter(
    (index) => job.failures.get(index)?.isFinal || hasMoved(job.spec.source.at(index)) || !wanted(job, index, fail),
  );
  return final.length === 0 ? undefined : final;
}

function wanted(job: Job, index: number, fail: (error: unknown) => void): boolean {
  const { retryWhen, rules } = job.spec;
  const failure = job.failures.get(index);
  if (!retryWhen || !failure || failure.attempt > rules.retries.times || job.ending) return true;
  try {
    const answer: unknown = retryWhen(failure.error, { index: failure.item ?? job.itemOf(index), attempt: failure.attempt });
    if (typeof answer !== 'object' || answer === null || !('then' in answer)) return Boolean(answer);
    // Whatever comes of it, nobody waits for it.
    Promise.resolve(answer).catch(() => {});
    throw new UsageError('BAD_OPTION', 'retries: "when" gave a promise; it must say true or false at once');
  } catch (error) {
    fail(error);
    return false;
  }
}
