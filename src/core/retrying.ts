/** Whether, when and in which pieces failed and lost tasks run again. */
import type { ChunkProgress, Millis, RetryRules } from './events.ts';
import type { Range } from './ranges.ts';

/** Milliseconds to wait before attempt `attempt` (2 for the first retry), or undefined when no further attempt is allowed. */
export function retryDelay(rules: RetryRules, attempt: number): Millis | undefined {
  const retry = attempt - 1;
  return retry > rules.times ? undefined : rules.delayMs * rules.backoff ** (retry - 1);
}

/** What becomes of a chunk whose slot went down. */
export interface Pieces {
  /** Items before this index are finished and stay so. */
  readonly finishedTo: number;
  /** The item that was running. */
  readonly blamed: number | undefined;
  /** Ranges that run elsewhere with no attempt counted. */
  readonly again: readonly Range[];
}

/**
 * Splits a chunk: what was delivered is kept, the last started item is blamed, the rest is sent elsewhere. That is what was never started,
 * and what had finished without having been delivered: a chunk runs its items one after the other, so only the last can be guilty.
 * Where it is not known what was started, or which of several it was, those are halved and tried again, until a single item remains to blame.
 */
export function splitLost(chunk: Range, progress: ChunkProgress | undefined): Pieces {
  if (!progress) return { finishedTo: chunk.from, blamed: undefined, again: [chunk] };
  const { attempt } = chunk;
  const finishedTo = Math.min(Math.max(progress.finishedTo, chunk.from), chunk.to);
  const startedTo = Math.min(Math.max(progress.startedTo ?? chunk.to, finishedTo), chunk.to);
  const isUnsure = (progress.inDoubt || progress.startedTo === undefined) && startedTo - finishedTo > 1;
  const blamed = isUnsure || startedTo === finishedTo ? undefined : startedTo - 1;
  const middle = isUnsure ? finishedTo + Math.ceil((startedTo - finishedTo) / 2) : finishedTo;
  const again = [
    { from: finishedTo, to: middle, attempt },
    { from: middle, to: blamed ?? startedTo, attempt },
    { from: startedTo, to: chunk.to, attempt },
  ].filter(({ from, to }) => from < to);
  return { finishedTo, blamed, again };
}
