/** What the scheduler looks at: jobs, slots and timers as they stand, and the commands of the event being answered. */
import type { ChunkId, Command, JobId, Millis, SlotId, TimerId } from './events.ts';
import type { JobState } from './job-state.ts';
import { ReadyJobs } from './ready-jobs.ts';
import type { SlotHolding } from './slot-state.ts';
import { Timers, type TimerUse } from './timers.ts';

export class Board {
  readonly jobs = new Map<JobId, JobState>();
  readonly slots = new Map<SlotId, SlotHolding>();
  readonly timers = new Timers();
  readonly ready = new ReadyJobs();
  /** Jobs that the event has changed: only these are looked at again. */
  readonly touched = new Set<JobState>();
  nextChunk: ChunkId = 1;
  /** Armed while small work waits on a busy slot and another slot is idle. */
  lookTimer: TimerId | undefined;
  /** It has fired: what is small has waited long enough. */
  looksClosely = false;
  /** The time of the event. */
  at: Millis = 0;
  #commands: Command[] = [];

  begin(at: Millis): void {
    this.at = at;
    this.#commands = [];
    this.looksClosely = false;
    this.touched.clear();
  }

  get commands(): Command[] {
    return this.#commands;
  }

  order(command: Command): void {
    this.#commands.push(command);
  }

  arm(use: TimerUse, afterMs: Millis): TimerId {
    const timer = this.timers.add(use);
    const watches = use.purpose === 'timeout' || use.purpose === 'grace' ? { slot: use.slot, chunkId: use.chunkId } : undefined;
    this.order({ type: 'armTimer', timer, purpose: use.purpose, afterMs, watches });
    return timer;
  }

  disarm(timer: TimerId): void {
    if (this.timers.fired(timer)) this.order({ type: 'disarmTimer', timer });
  }
}
