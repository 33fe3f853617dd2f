/** What each armed timer is for. The core only names timers; the conductor owns the clock. */
import type { ChunkId, JobId, SlotId, TimerId } from './events.ts';
import type { Range } from './ranges.ts';

export type TimerUse =
  | { readonly purpose: 'retry'; readonly jobId: JobId; readonly range: Range }
  | { readonly purpose: 'timeout' | 'grace'; readonly slot: SlotId; readonly chunkId: ChunkId }
  /** Small work waits behind something slow, beside an idle slot. */
  | { readonly purpose: 'look' };

export class Timers {
  readonly #uses = new Map<TimerId, TimerUse>();
  #next: TimerId = 1;

  add(use: TimerUse): TimerId {
    this.#uses.set(this.#next, use);
    return this.#next++;
  }

  /** Forgets a timer and tells what it was for; undefined when it was disarmed before it fired. */
  fired(timer: TimerId): TimerUse | undefined {
    const use = this.#uses.get(timer);
    this.#uses.delete(timer);
    return use;
  }

  get armed(): ReadonlyMap<TimerId, TimerUse> {
    return this.#uses;
  }
}
