/** Whose turn it is: jobs with waiting tasks take turns by chunk, higher priorities first. Each step costs O(1), with tens of thousands of jobs too. */
import type { JobState } from './job-state.ts';
import type { SlotHolding } from './slot-state.ts';

/** Jobs that may fill several lanes of a slot are looked at one by one, but no further than this. */
const LOOK_AHEAD = 64;

export class ReadyJobs {
  /** One turn list a priority: the first has waited longest. Highest priority first. */
  #turns: { readonly priority: number; readonly narrow: Set<JobState>; readonly wide: Set<JobState> }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Enters or removes a job, as its state says. */
  refresh(job: JobState): void {
    const set = this.#setOf(job);
    if (job.ready === set.has(job)) return;
    if (job.ready) {
      set.add(job);
      this.#size++;
    } else this.remove(job);
  }

  remove(job: JobState): void {
    if (this.#setOf(job).delete(job)) this.#size--;
  }

  /** The job has been given a chunk: it goes to the end of its list. */
  turnTaken(job: JobState): void {
    this.remove(job);
    this.refresh(job);
  }

  /**
   * The job whose chunk this slot should get now. Jobs that queue on a slot and jobs that fill its lanes side by side do not mix there:
   * where both wait, the slot is theirs in turn, and runs dry in between.
   */
  next(slot: SlotHolding): JobState | undefined {
    for (const { narrow, wide } of this.#turns) {
      if (narrow.size === 0 && wide.size === 0) continue;
      if (wide.size === 0) return slot.hasRoom() ? first(narrow) : undefined;
      if (narrow.size === 0) return jobWithLane(wide, slot);
      if (slot.turn === 'narrow') {
        if (!slot.idle) return undefined;
        slot.turn = 'wide';
        return first(narrow);
      }
      const job = jobWithLane(wide, slot);
      if (!job && slot.holdsWide()) slot.turn = 'narrow';
      return job;
    }
    return undefined;
  }

  #setOf(job: JobState): Set<JobState> {
    const { priority, lanes } = job.rules;
    let turn = this.#turns.find((t) => t.priority === priority);
    if (!turn) {
      turn = { priority, narrow: new Set(), wide: new Set() };
      this.#turns = [...this.#turns, turn].sort((a, b) => b.priority - a.priority);
    }
    return lanes > 1 ? turn.wide : turn.narrow;
  }
}

function jobWithLane(jobs: Set<JobState>, slot: SlotHolding): JobState | undefined {
  let looked = 0;
  for (const job of jobs) {
    if (slot.hasLane(job.id, job.rules.lanes)) return job;
    if (++looked === LOOK_AHEAD) break;
  }
  return undefined;
}

function first<T>(set: Set<T>): T | undefined {
  for (const value of set) return value;
  return undefined;
}
