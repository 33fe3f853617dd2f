/**
 * Runs the tasks of one chunk. This file holds the only stopwatch around user code.
 *
 * Rule: a task's own error is a value here; this function never throws.
 */
import type { CallStyle } from '../backend.ts';
import type { Claims } from './claims.ts';

/** Clocks are taken at import, so that a program's fake timers do not freeze us. */
const now = performance.now.bind(performance);

/** Finished results are handed over at least this often: the host sees progress, and a dying worker takes little with it. */
const HAND_OVER_MS = 20;
/** A failure is handed over at once, but a chunk full of failures not one by one. */
const FAILURE_HAND_OVER_MS = 1;
/** Tasks are claimed in blocks of about this long, so that tiny ones do not pay for a claim and a look at the clock each. */
const BLOCK_MS = 0.25;
const MAX_BLOCK = 1024;

// biome-ignore lint/suspicious/noExplicitAny: the user's function has whatever parameters it has.
export type Task = (...args: any[]) => unknown;

export interface ChunkWork {
  readonly fn: Task;
  readonly call: CallStyle;
  /** Index of the first item in the job. */
  readonly from: number;
  readonly items: ArrayLike<unknown>;
  /** Indices that have failed already and are not called. */
  readonly skip: ReadonlySet<number>;
  readonly claims: Claims;
}

export interface Failure {
  readonly index: number;
  readonly error: unknown;
}

/** Results of the consecutive tasks [from, from + results.length); a failed one has undefined there. */
export interface Output {
  readonly from: number;
  readonly results: unknown[];
  readonly failed: Failure[];
}

/** Calls `handOver` with finished results while it runs; gives what is left at the end and the milliseconds it all took. */
export async function execute(work: ChunkWork, handOver: (output: Output) => void): Promise<{ output: Output; ranMs: number }> {
  const { fn, call, from, items, skip, claims } = work;
  const startedAt = now();
  let output: Output = { from, results: [], failed: [] };
  let handedOverAt = startedAt;
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
        output.results.push(undefined);
        continue;
      }
      try {
        const item = items[position];
        const result = call === 'itemAndIndex' ? fn(item, index) : call === 'item' ? fn(item) : fn(...(item as unknown[]));
        output.results.push(isThenable(result) ? await result : result);
      } catch (error) {
        output.results.push(undefined);
        output.failed.push({ index, error });
      }
    }
    const at = now();
    const tookMs = at - blockAt;
    blockAt = at;
    if (tookMs < BLOCK_MS) block = Math.min(MAX_BLOCK, block * 2);
    else if (tookMs > 2 * BLOCK_MS) block = Math.max(1, block >> 1);
    const waitedMs = at - handedOverAt;
    if (waitedMs > HAND_OVER_MS || (output.failed.length > 0 && waitedMs > FAILURE_HAND_OVER_MS)) {
      const ready = output;
      output = { from: ready.from + ready.results.length, results: [], failed: [] };
      handedOverAt = at;
      handOver(ready);
    }
  }
  return { output, ranMs: now() - startedAt };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
