/** Which waiting tasks go to which slot, and what starts to run there. */
import type { Board } from './board.ts';
import type { Chunk } from './events.ts';
import type { JobState } from './job-state.ts';
import type { SlotHolding } from './slot-state.ts';
import { bestTakeBack, LOOK_AGAIN_MS } from './stealing.ts';
import { watch } from './stopping.ts';

/** Hands waiting tasks to slots with room, idle slots first; when nothing waits, idle slots get what busy ones have not started. */
export function assign(board: Board): void {
  for (const job of board.touched.all) board.ready.refresh(job);
  const { roomy, idle } = board.sets;
  for (let given = true; given && board.ready.size > 0 && roomy.size > 0; ) {
    given = false;
    for (const slot of board.sets.leastFirst()) {
      if (slot.isFull) {
        roomy.delete(slot);
        continue;
      }
      const job = board.ready.next(slot);
      if (!job) continue;
      give(board, slot, job);
      idle.delete(slot);
      given = true;
    }
  }
  const small = board.ready.size === 0 && idle.size > 0 && takeBack(board);
  if (small && board.lookTimer === undefined) board.lookTimer = board.arm({ purpose: 'look' }, LOOK_AGAIN_MS);
  else if (!small && board.lookTimer !== undefined) {
    board.disarm(board.lookTimer);
    board.lookTimer = undefined;
  }
}

/** Idle slots ask for what busy ones have not started. Gives whether one is left idle although there is a little to be had. */
function takeBack(board: Board): boolean {
  for (const _ of board.sets.idle) {
    const offer = bestTakeBack(board.sets.lending, (held) => board.jobs.get(held.chunk.jobId), board.at, board.looksClosely);
    if (offer === undefined || offer === 'small') return offer === 'small';
    board.order(offer);
  }
  return false;
}

function give(board: Board, slot: SlotHolding, job: JobState): void {
  const size = job.chunkSize(board.places, () => slot.unfinishedOf(job.id), board.hasCompany(job));
  const range = job.queue.take(Math.min(size, slot.tasksLeft));
  if (!range) throw new Error(`job ${job.id} was ready with nothing queued`);
  const chunk: Chunk = { id: board.nextChunk++, jobId: job.id, ...range };
  const tasks = range.to - range.from;
  const taskMs = job.pace.taskMs;
  // What takes the host longer than its worker is not given many times over at once.
  const expectedMs = taskMs === undefined ? undefined : Math.max(taskMs, job.pace.sendingMs) * tasks;
  const { lanes } = job.rules;
  slot.add({
    chunk,
    state: 'waiting',
    finishedTo: range.from,
    runningSince: undefined,
    expectedMs,
    lanes,
    rules: job.rules,
    recall: 'none',
    timer: undefined,
    stopped: undefined,
    killAfterMs: undefined,
  });
  slot.tasksLeft -= tasks;
  job.heldTasks += tasks;
  job.heldChunks++;
  board.order({ type: 'runChunk', slot: slot.id, chunk, lanes });
  promote(board, slot);
  if (slot.lends) board.sets.lending.add(slot);
  board.touched.add(job);
  board.ready.turnTaken(job);
}

export function promote(board: Board, slot: SlotHolding): void {
  for (const held of slot.promote(board.at)) {
    const job = board.jobs.get(held.chunk.jobId);
    if (job) board.begun.add(job);
    watch(board, slot, held);
  }
}
