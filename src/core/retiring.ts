/** How slots end in good order: those that are spent or tired are retired, and those that have gone for want of work are woken. */
import type { Board } from './board.ts';
import type { SlotHolding } from './slot-state.ts';
import { moveSlot } from './states.ts';

/** Retires what may be given no more and holds nothing. Before work is handed out: then an idle slot is always one that takes work. */
export function retireSpent(board: Board): void {
  for (const slot of board.sets.changed.all) {
    if (slot.state !== 'up' || slot.takesMore || slot.held.size > 0) continue;
    slot.state = moveSlot(slot.state, 'retireSlot', 'retiring');
    board.sets.leave(slot);
    board.order({ type: 'retireSlot', slot: slot.id });
  }
}

/** The slot gets nothing more, and what it has not started runs elsewhere: it should not take long to end. */
export function tire(board: Board, slot: SlotHolding | undefined): void {
  if (slot?.state !== 'up' || slot.tired) return;
  slot.tired = true;
  board.sets.touch(slot);
  // From the last to the first, so that what comes back waits in order.
  for (const held of [...slot.held.values()].reverse()) {
    if (held.recall === 'refused') continue;
    held.recall = 'asked';
    board.order({ type: 'takeBack', slot: slot.id, chunkId: held.chunk.id, to: held.chunk.from });
  }
}

/**
 * Wakes as many slots as there is work that waits: in the queues, or behind what runs. Not where a slot is idle, which gets such work
 * first. A slot that is woken is idle when it is up, and takes back what waits behind others.
 */
export function wakeSleepers(board: Board): void {
  if (board.asleep === 0) return;
  let waiting = 0;
  if (board.sets.idle.size > 0) return;
  for (const slot of board.slots.values()) {
    for (const { state, recall, chunk } of slot.held.values()) {
      const job = board.jobs.get(chunk.jobId);
      if (job && !job.paused && state === 'waiting' && recall === 'none') waiting++;
    }
  }
  for (const job of board.jobs.values()) {
    if (waiting >= board.asleep) break;
    if (job.ready) waiting += Math.min(job.queue.count, job.rules.maxHeld - job.heldChunks);
  }
  const count = Math.min(board.asleep, waiting);
  if (count === 0) return;
  board.asleep -= count;
  board.waking += count;
  board.order({ type: 'wakeSlots', count });
}
