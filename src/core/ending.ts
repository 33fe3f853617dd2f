/** How tasks, chunks and jobs end: what is booked as finished, what runs again, what is given up, and when a job is over. */
import { watch } from './assigning.ts';
import type { Board } from './board.ts';
import type { ChunkProgress, GiveUpReason, Millis } from './events.ts';
import type { JobState } from './job-state.ts';
import type { Range } from './ranges.ts';
import { retryDelay, splitLost } from './retrying.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';

/** Books the items of a chunk up to `upTo` as ended: each has a result, or is in `failed`. */
export function bookFinished(board: Board, job: JobState | undefined, held: HeldChunk, upTo: number, failed: readonly number[]): void {
  const ended = Math.max(0, upTo - held.finishedTo);
  held.finishedTo = Math.max(held.finishedTo, upTo);
  if (!job) return;
  job.heldTasks -= ended;
  job.finished += ended - failed.length;
  failAll(board, job, failed, held.chunk.attempt, 'failed');
}

export function requeueLost(board: Board, job: JobState | undefined, held: HeldChunk, progress: ChunkProgress | undefined): void {
  if (!job) return;
  const { to, attempt } = held.chunk;
  const left = { from: held.finishedTo, to, attempt };
  const pieces = splitLost(left, progress);
  job.heldTasks -= left.to - left.from;
  job.finished += pieces.finishedTo - left.from;
  for (const again of [...pieces.again].reverse()) job.queue.prepend(again);
  failAll(board, job, pieces.blamed, attempt, held.timedOut ? 'timedOut' : 'lost');
}

/** An attempt at some items has failed: they run again, now or later, or are given up. */
export function failAll(board: Board, job: JobState, indices: readonly number[], attempt: number, why: GiveUpReason): void {
  const again = attempt + 1;
  const delay = retryDelay(job.rules.retries, again);
  if (delay !== undefined) board.retried += indices.length;
  // From the last to the first, so that they wait in order.
  if (delay === 0) for (const index of [...indices].reverse()) job.queue.prepend({ from: index, to: index + 1, attempt: again });
  else
    for (const index of indices) {
      // The first failure may have ended the job.
      if (!board.jobs.has(job.id)) return;
      if (delay === undefined) giveUp(board, job, index, why);
      else retryLater(board, job, { from: index, to: index + 1, attempt: again }, delay);
    }
}

function giveUp(board: Board, job: JobState, index: number, why: GiveUpReason): void {
  job.finished++;
  board.order({ type: 'giveUp', jobId: job.id, index, why });
  if (job.rules.stopOnFailure) endJob(board, job);
}

function retryLater(board: Board, job: JobState, range: Range, delayMs: Millis): void {
  job.delayed += range.to - range.from;
  job.retryTimers.add(board.arm({ purpose: 'retry', jobId: job.id, range }, delayMs));
}

/** A chunk leaves its slot. */
export function release(board: Board, slot: SlotHolding, held: HeldChunk, job: JobState | undefined): void {
  slot.held.delete(held.chunk.id);
  if (held.timer !== undefined) board.disarm(held.timer);
  if (job) job.heldChunks--;
}

export function endIfComplete(board: Board, job: JobState): void {
  if (board.jobs.has(job.id) && job.complete) endJob(board, job);
}

/** The job is over for its caller: nothing queued starts any more; what runs is dropped, and killed after the grace time if there is one. */
export function endJob(board: Board, job: JobState): void {
  board.jobs.delete(job.id);
  board.begun.delete(job);
  board.touched.delete(job);
  board.ready.remove(job);
  job.queue.clear();
  for (const timer of job.retryTimers) board.disarm(timer);
  for (const slot of board.slots.values()) {
    for (const held of slot.held.values()) {
      if (held.chunk.jobId !== job.id) continue;
      // Also where an answer is on its way: an idle slot asks for half of a tail, the end of the job for all of it.
      if (held.recall !== 'refused') {
        held.recall = 'asked';
        board.order({ type: 'takeBack', slot: slot.id, chunkId: held.chunk.id, to: held.chunk.from });
      }
      if (job.rules.graceMs !== undefined && held.state === 'running') {
        if (held.timer !== undefined) board.disarm(held.timer);
        watch(board, slot, held);
      }
    }
  }
  board.order({ type: 'finishJob', jobId: job.id });
}
