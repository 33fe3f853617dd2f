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
 * Where the backend cannot know what was started, the rest is halved and tried again, until a single item remains to blame.
 */
export function splitLost(chunk: Range, progress: ChunkProgress | undefined): Pieces {
  if (!progress) return { finishedTo: chunk.from, blamed: undefined, again: [chunk] };
  const { attempt } = chunk;
  const finishedTo = Math.min(Math.max(progress.finishedTo, chunk.from), chunk.to);
  if (progress.startedTo === undefined) {
    const left = chunk.to - finishedTo;
    if (left <= 1) return { finishedTo, blamed: left === 1 ? finishedTo : undefined, again: [] };
    const middle = finishedTo + Math.ceil(left / 2);
    return {
      finishedTo,
      blamed: undefined,
      again: [
        { from: finishedTo, to: middle, attempt },
        { from: middle, to: chunk.to, attempt },
      ],
    };
  }
  const startedTo = Math.min(Math.max(progress.startedTo, finishedTo), chunk.to);
  const blamed = startedTo > finishedTo ? startedTo - 1 : undefined;
  const again = [
    { from: finishedTo, to: blamed ?? finishedTo, attempt },
    { from: startedTo, to: chunk.to, attempt },
  ].filter(({ from, to }) => from < to);
  return { finishedTo, blamed, again };
}
