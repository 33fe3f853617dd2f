/** Which unstarted work an idle slot should get from a busy one, so that a late or uneven tail does not leave slots without work. */
import type { Command, Millis, SlotId } from './events.ts';
import type { JobState } from './job-state.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';

/** Less work than this is not worth a message and its answer, unless it has waited long: what runs before it may take for ever. */
const WORTH_MS = 0.2;
/** How long is long. */
export const LOOK_AGAIN_MS = 10;

interface Offer {
  readonly slot: SlotId;
  /** Of equal offers that of the slot that came up first is taken. */
  readonly number: number;
  readonly held: HeldChunk;
  readonly to: number;
  readonly gainMs: number;
}

/** The takeBack that gains most; `small` when there is something to take, but not worth it; undefined when there is nothing. */
export function bestTakeBack(
  slots: Iterable<SlotHolding>,
  jobOf: (held: HeldChunk) => JobState | undefined,
  at: Millis,
  takesAll: boolean,
): Command | 'small' | undefined {
  let best: Offer | undefined;
  let small = false;
  for (const slot of slots) {
    if (slot.state !== 'up') continue;
    for (const held of slot.held.values()) {
      const job = jobOf(held);
      if (!job || job.paused || held.recall !== 'none') continue;
      const offer = held.state === 'waiting' ? wholeOf(slot, held, job) : tailOf(slot, held, job, at);
      if (!offer) continue;
      if (!takesAll && offer.gainMs < WORTH_MS) small = true;
      else if (!best || offer.gainMs > best.gainMs || (offer.gainMs === best.gainMs && slot.number < best.number)) best = offer;
    }
  }
  if (!best) return small ? 'small' : undefined;
  best.held.recall = 'asked';
  return { type: 'takeBack', slot: best.slot, chunkId: best.held.chunk.id, to: best.to };
}

/** A waiting chunk can be had whole. */
function wholeOf({ id: slot, number }: SlotHolding, held: HeldChunk, job: JobState): Offer {
  const tasks = held.chunk.to - held.chunk.from;
  return { slot, number, held, to: held.chunk.from, gainMs: expectedMs(job, tasks) };
}

/** Of a running chunk, half of what is probably not started. A size the caller has fixed is left as it is. */
function tailOf({ id: slot, number }: SlotHolding, held: HeldChunk, job: JobState, at: Millis): Offer | undefined {
  // A tail that comes back is one chunk more: it must be allowed to start elsewhere, or it would only wait there.
  if (job.rules.chunkSize !== 'auto' || job.heldChunks >= job.rules.maxHeld) return undefined;
  const { from, to } = held.chunk;
  const surelyStarted = held.finishedTo + 1;
  if (surelyStarted >= to) return undefined;
  const elapsed = at - (held.runningSince ?? at);
  // Not finished yet, so its tasks take at least this long, whatever the pace has been so far.
  const taskMs = Math.max(job.pace.taskMs ?? 0, elapsed / (to - from));
  const probablyStarted = taskMs === 0 ? surelyStarted : Math.max(surelyStarted, from + Math.floor(elapsed / taskMs) + 1);
  // Where the pace says that all must have started it is wrong, or the chunk is about to end: asking tells which.
  const take = Math.ceil((to - (probablyStarted < to ? probablyStarted : surelyStarted)) / 2);
  return { slot, number, held, to: to - take, gainMs: job.pace.taskMs === undefined ? Number.MAX_VALUE : taskMs * take };
}

/** Work of unknown length is always worth taking. */
function expectedMs(job: JobState, tasks: number): Millis {
  const taskMs = job.pace.taskMs;
  return taskMs === undefined ? Number.MAX_VALUE : taskMs * tasks;
}
