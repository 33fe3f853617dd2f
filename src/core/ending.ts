/** How tasks, chunks and jobs end: what is booked as finished, what runs again, what is given up, and when a job is over. */
import type { Board } from './board.ts';
import type { ChunkProgress, GiveUpReason, Millis } from './events.ts';
import type { JobState } from './job-state.ts';
import type { Range } from './ranges.ts';
import { retryDelay, splitLost } from './retrying.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';
import { stopAll } from './stopping.ts';

/** Books the items of a chunk up to `upTo` as ended: each has a result, or is in `failed`, and in `final` if it is not tried again. */
export function bookFinished(
  board: Board,
  job: JobState | undefined,
  held: HeldChunk,
  upTo: number,
  failed: readonly number[],
  final: readonly number[] = [],
): void {
  const ended = Math.max(0, upTo - held.finishedTo);
  held.finishedTo = Math.max(held.finishedTo, upTo);
  if (!job) return;
  job.heldTasks -= ended;
  job.finished += ended - failed.length;
  failAll(board, job, failed, held.chunk.attempt, 'failed', final);
}

export function requeueLost(board: Board, job: JobState | undefined, held: HeldChunk, progress: ChunkProgress | undefined): void {
  if (!job) return;
  const { to, attempt } = held.chunk;
  const left = { from: held.finishedTo, to, attempt };
  const pieces = splitLost(left, progress);
  job.heldTasks -= left.to - left.from;
  job.finished += pieces.finishedTo - left.from;
  for (const again of [...pieces.again].reverse()) job.queue.prepend(again);
  const { blamed } = pieces;
  if (blamed === undefined) return;
  failAll(board, job, [blamed], attempt, held.stopped === blamed ? 'timedOut' : 'lost', progress?.isFinal ? [blamed] : []);
}

/** An attempt at some items has failed: they run again, now or later, or are given up; those in `final` in any case. */
function failAll(
  board: Board,
  job: JobState,
  indices: readonly number[],
  attempt: number,
  why: GiveUpReason,
  final: readonly number[] = [],
): void {
  const delay = retryDelay(job.rules.retries, attempt + 1);
  const now: Range[] = [];
  for (const index of indices) {
    // The first failure may have ended the job.
    if (!board.jobs.has(job.id)) return;
    const again = { from: index, to: index + 1, attempt: attempt + 1 };
    if (delay === undefined || final.includes(index)) giveUp(board, job, index, why);
    else {
      board.retried++;
      if (delay > 0) retryLater(board, job, again, delay);
      else now.push(again);
    }
  }
  // From the last to the first, so that they wait in order.
  if (board.jobs.has(job.id)) for (const again of now.reverse()) job.queue.prepend(again);
}

function giveUp(board: Board, job: JobState, index: number, why: GiveUpReason): void {
  job.finished++;
  board.order({ type: 'giveUp', jobId: job.id, index, why });
  if (job.rules.stopOnFailure) endJob(board, job, false);
}

function retryLater(board: Board, job: JobState, range: Range, delayMs: Millis): void {
  job.delayed += range.to - range.from;
  job.retryTimers.add(board.arm({ purpose: 'retry', jobId: job.id, range }, delayMs));
}

/** A chunk leaves its slot. */
export function release(board: Board, slot: SlotHolding, held: HeldChunk, job: JobState | undefined): void {
  slot.remove(held);
  board.sets.touch(slot);
  if (held.timer !== undefined) board.disarm(held.timer);
  if (job) job.heldChunks--;
}

export function endIfComplete(board: Board, job: JobState): void {
  if (board.jobs.has(job.id) && job.complete) endJob(board, job, false);
}

/**
 * The job is over for its caller: nothing queued starts any more, and what runs is told to stop. `kills`: what goes on after the grace time
 * is killed; after a failure it is not, because a kill costs more than a task that runs to its end.
 */
export function endJob(board: Board, job: JobState, kills: boolean): void {
  board.remove(job);
  job.queue.clear();
  for (const timer of job.retryTimers) board.disarm(timer);
  // Most jobs end when nothing is held of them.
  for (const slot of job.heldChunks > 0 ? board.slots.values() : []) {
    for (const held of slot.held.values()) {
      if (held.chunk.jobId !== job.id) continue;
      // Also where an answer is on its way: an idle slot asks for half of a tail, the end of the job for all of it.
      if (held.recall !== 'refused') {
        held.recall = 'asked';
        board.order({ type: 'takeBack', slot: slot.id, chunkId: held.chunk.id, to: held.chunk.from });
      }
      stopAll(board, slot, held, kills);
    }
  }
  board.order({ type: 'finishJob', jobId: job.id });
}
