/**
 * What waits on a slot gives way to what should run before it: to a job of higher priority, and, where a job holds several chunks, to one
 * that holds none. So a new job waits for what runs, and not for what was only handed over ahead.
 */
import type { Board } from './board.ts';
import type { JobState } from './job-state.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';

interface Place {
  readonly slot: SlotHolding;
  readonly held: HeldChunk;
  readonly job: JobState;
  readonly freeAt: number;
}

/** After work has been handed out: whoever is ready still has found no room. Asks for one chunk at a time; its answer asks for the next. */
export function giveWay(board: Board): void {
  const waits = board.ready.mostUrgent();
  if (!waits) return;
  // Nobody gives way to a job that holds as much as others, where all are alike.
  if (board.jobs.size === 1 || (waits.heldChunks > 0 && !board.hasPriorities)) return;
  let best: Place | undefined;
  for (const slot of board.sets.lending) {
    if (!slot.takesMore) continue;
    for (const held of slot.held.values()) {
      if (held.state !== 'waiting') continue;
      // An answer is on its way.
      if (held.recall === 'asked') return;
      const job = board.jobs.get(held.chunk.jobId);
      if (held.recall === 'refused' || !job || job === waits || !yields(job, waits)) continue;
      const freeAt = endOfRunning(slot);
      // The last of those that wait on a slot: then there is room behind the others.
      if (!best || freeAt < best.freeAt || slot === best.slot || (freeAt === best.freeAt && slot.number < best.slot.number))
        best = { slot, held, job, freeAt };
    }
  }
  if (!best) return;
  best.held.recall = 'asked';
  // It has had its turn, and goes to the end of the line: else it would be the next to get the place.
  board.ready.turnTaken(best.job);
  board.order({ type: 'takeBack', slot: best.slot.id, chunkId: best.held.chunk.id, to: best.held.chunk.from });
}

function yields(holds: JobState, waits: JobState): boolean {
  if (holds.rules.priority !== waits.rules.priority) return holds.rules.priority < waits.rules.priority;
  return waits.heldChunks === 0 && holds.heldChunks > 1 && waits.rules.lanes === 1;
}

/** When what runs there will have ended, as far as that is known. */
function endOfRunning(slot: SlotHolding): number {
  let end = 0;
  for (const { state, runningSince, expectedMs } of slot.held.values()) {
    if (state === 'running') end = Math.max(end, (runningSince ?? 0) + (expectedMs ?? Number.MAX_VALUE));
  }
  return end;
}
