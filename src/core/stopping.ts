/**
 * How what runs is told to stop, and what becomes of that which does not: a task whose time is up, and the chunks of a job that has ended.
 *
 * First it is told (`stopTask`). A worker whose event loop is alive gives up what does not end within the grace time; one that is stuck in
 * the task cannot, so its slot is killed a little later.
 */
import type { Board } from './board.ts';
import type { Millis, RunningNow } from './events.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';
import { moveSlot } from './states.ts';

/** A worker that can still give up its task by itself, and say so, should be allowed to: killing it costs a start. */
export const KILL_MARGIN_MS = 250;

/** Arms what limits a chunk that starts to run: what waits cannot be late, and what its job's end has left behind gets the grace time. */
export function watch(board: Board, slot: SlotHolding, held: HeldChunk): void {
  const { timeoutMs } = held.rules;
  if (held.killAfterMs !== undefined) arm(board, slot, held, 'grace', held.killAfterMs);
  else if (timeoutMs !== undefined) arm(board, slot, held, 'timeout', timeoutMs);
}

/** The timer watches a chunk; the task that runs now may have started later, and then has time left. */
export function limitReached(board: Board, slot: SlotHolding, held: HeldChunk, running: RunningNow | undefined): void {
  const { timeoutMs, graceMs, kills } = held.rules;
  if (timeoutMs === undefined) return;
  // A worker that is still starting runs nothing: the time of a task counts from its own start.
  if (!running) return arm(board, slot, held, 'timeout', timeoutMs);
  if (running.ranMs < timeoutMs) return arm(board, slot, held, 'timeout', timeoutMs - running.ranMs);
  // Once is enough; it goes on only where nothing limits it further.
  if (held.stopped !== running.index) {
    held.stopped = running.index;
    board.order({ type: 'stopTask', slot: slot.id, chunkId: held.chunk.id, index: running.index, graceMs });
    if (kills && graceMs !== undefined) return arm(board, slot, held, 'grace', graceMs + KILL_MARGIN_MS);
  }
  arm(board, slot, held, 'timeout', timeoutMs);
}

/** What was told to stop has had its time. */
export function graceOver(board: Board, slot: SlotHolding, held: HeldChunk, running: RunningNow | undefined): void {
  // It has ended, or was given up; the next task of the chunk has a time of its own.
  if (typeof held.stopped === 'number' && running?.index !== held.stopped) return limitReached(board, slot, held, running);
  slot.state = moveSlot(slot.state, 'killSlot', 'dying');
  board.order({ type: 'killSlot', slot: slot.id, chunkId: held.chunk.id });
}

/** The job has ended: what slots still hold of it is told to stop, and `kills` says whether it has to. */
export function stopAll(board: Board, slot: SlotHolding, held: HeldChunk, kills: boolean): void {
  if (slot.state !== 'up' || held.finishedTo === held.chunk.to) return;
  const graceMs = kills ? held.rules.graceMs : undefined;
  board.order({ type: 'stopTask', slot: slot.id, chunkId: held.chunk.id, index: undefined, graceMs });
  if (graceMs === undefined || !held.rules.kills) {
    // A task whose time was up before keeps its own grace time.
    held.stopped ??= 'all';
    return;
  }
  held.stopped = 'all';
  held.killAfterMs = graceMs + KILL_MARGIN_MS;
  if (held.state !== 'running') return;
  if (held.timer !== undefined) board.disarm(held.timer);
  watch(board, slot, held);
}

function arm(board: Board, slot: SlotHolding, held: HeldChunk, purpose: 'timeout' | 'grace', afterMs: Millis): void {
  held.timer = board.arm({ purpose, slot: slot.id, chunkId: held.chunk.id }, afterMs);
}
