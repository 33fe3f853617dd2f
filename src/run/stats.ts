/** What a pool is doing, in numbers: what the scheduler knows now, and what has been counted since the beginning. */
import type { SlotLoss } from '../backend.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { SlotHolding } from '../core/slot-state.ts';

/** Numbers of a pool at one moment. A plain object of its own: it does not change. */
export interface PoolStats {
  /** Workers that the pool has at most. */
  readonly workers: number;
  /** Workers that are there, started or starting: `busy` and `idle` ones. 0 before the first call. */
  readonly up: number;
  /** Workers that hold tasks. */
  readonly busy: number;
  /** Workers that hold none. */
  readonly idle: number;
  /** Calls in progress: those of which a task has started, and those that wait for a worker or for their first item (see `maxQueue`). */
  readonly calls: { readonly running: number; readonly waiting: number };
  /**
   * Tasks, which are items, batches, or blocks of a reduction. Of the calls in progress: `queued` have been read and have not started,
   * `running` run now. Since the pool was made: `done` with a result, `failed` for good, `retried` further attempts. What a call that has
   * ended leaves behind is in none of them, unless it still runs.
   */
  readonly tasks: {
    readonly queued: number;
    readonly running: number;
    readonly done: number;
    readonly failed: number;
    readonly retried: number;
  };
  /** Workers that were started since the pool was made: those that are neither lost nor retired are `up`. */
  readonly workersStarted: number;
  /** Workers that died, were killed, or could not start. */
  readonly workersLost: number;
  /** Workers that ended in good order: they had run their number of tasks, held too much memory, had nothing to do, or the pool was closed. */
  readonly workersRetired: number;
}

export type ConductorStats = Omit<PoolStats, 'workers'>;

/** The numbers of one conductor: those it counts itself, and those the scheduler knows. */
export class Counts {
  readonly #scheduler: Scheduler;
  /** Tasks that have ended with a result, and that have failed for good. */
  done = 0;
  failed = 0;
  /** Workers that were started. */
  started = 0;
  #lost = 0;
  #retired = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** A worker has ended. */
  ended({ planned }: SlotLoss): void {
    if (planned) this.#retired++;
    else this.#lost++;
  }

  /** Costs a look at every job and every chunk that a slot holds. */
  stats(): ConductorStats {
    const { jobs, slots, waitingJobs: waiting, retried } = this.#scheduler;
    let queued = 0;
    let running = 0;
    let busy = 0;
    for (const job of jobs.values()) queued += job.queue.count + job.heldTasks + job.delayed;
    for (const slot of slots.values()) {
      if (isBusy(slot)) busy++;
      for (const { chunk, finishedTo } of slot.running()) {
        // A chunk runs its tasks one after the other. It may have told of its last one already, and not yet that it is done.
        if (finishedTo === chunk.to) continue;
        running++;
        if (jobs.has(chunk.jobId)) queued--;
      }
    }
    return {
      up: slots.size,
      busy,
      idle: slots.size - busy,
      calls: { running: jobs.size - waiting, waiting },
      tasks: { queued, running, done: this.done, failed: this.failed, retried },
      workersStarted: this.started,
      workersLost: this.#lost,
      workersRetired: this.#retired,
    };
  }

  /** Whether one more call would have to wait although `maxQueue` calls do so already: no worker is idle, and none would be woken. */
  isFull(maxQueue: number): boolean {
    const { waitingJobs, asleep, slots } = this.#scheduler;
    if (waitingJobs < maxQueue || asleep > 0) return false;
    for (const slot of slots.values()) if (slot.takesMore && !isBusy(slot)) return false;
    return true;
  }
}

/** Results may arrive a little before the word that their chunk is done: a call that has ended must not keep its worker from the next. */
function isBusy(slot: SlotHolding): boolean {
  for (const { chunk, finishedTo } of slot.held.values()) if (finishedTo < chunk.to) return true;
  return false;
}

/** Sums: what runs in line has one place for each depth of nesting. */
export function addStats(all: readonly ConductorStats[]): ConductorStats {
  const sum = (of: (stats: ConductorStats) => number) => all.reduce((total, stats) => total + of(stats), 0);
  return {
    up: sum((s) => s.up),
    busy: sum((s) => s.busy),
    idle: sum((s) => s.idle),
    calls: { running: sum((s) => s.calls.running), waiting: sum((s) => s.calls.waiting) },
    tasks: {
      queued: sum((s) => s.tasks.queued),
      running: sum((s) => s.tasks.running),
      done: sum((s) => s.tasks.done),
      failed: sum((s) => s.tasks.failed),
      retried: sum((s) => s.tasks.retried),
    },
    workersStarted: sum((s) => s.workersStarted),
    workersLost: sum((s) => s.workersLost),
    workersRetired: sum((s) => s.workersRetired),
  };
}
