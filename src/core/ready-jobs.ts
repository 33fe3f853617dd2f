/** Whose turn it is: jobs with waiting tasks take turns by chunk, higher priorities first. Each step costs O(1), with tens of thousands of jobs too. */
import type { JobState } from './job-state.ts';
import type { SlotHolding } from './slot-state.ts';

/** Jobs that may fill several lanes of a slot are looked at one by one, but no further than this. */
const LOOK_AHEAD = 64;
/** Turn lists that are kept although they are empty. */
const KEPT_TURNS = 8;

export class ReadyJobs {
  /** One turn list a priority: the first has waited longest. Highest priority first. */
  #turns: { readonly priority: number; readonly narrow: TurnList; readonly wide: TurnList }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Enters or removes a job, as its state says. */
  refresh(job: JobState): void {
    const list = this.#listOf(job);
    if (job.ready === list.has(job)) return;
    if (job.ready) {
      list.add(job);
      this.#size++;
    } else this.remove(job);
  }

  remove(job: JobState): void {
    if (!this.#listOf(job).delete(job)) return;
    this.#size--;
    // Priorities may be as many as calls, such as deadlines.
    if (this.#turns.length > KEPT_TURNS) this.#turns = this.#turns.filter(({ narrow, wide }) => narrow.size > 0 || wide.size > 0);
  }

  /** The job has been given a chunk: it goes to the end of its list. */
  turnTaken(job: JobState): void {
    // Alone it is its own successor.
    if (this.#size === 1 && job.ready && this.#listOf(job).first() === job) return;
    this.remove(job);
    this.refresh(job);
  }

  /**
   * The job whose chunk this slot should get now. Jobs that queue on a slot and jobs that fill its lanes side by side do not mix there:
   * where both wait, the slot is theirs in turn, and runs dry in between.
   */
  next(slot: SlotHolding): JobState | undefined {
    for (const { priority, narrow, wide } of this.#turns) {
      if (narrow.size === 0 && wide.size === 0) continue;
      if (wide.size === 0) return slot.hasRoom(priority) ? narrow.first() : undefined;
      if (narrow.size === 0) return jobWithLane(wide, slot);
      if (slot.turn === 'narrow') {
        if (!slot.idle) return undefined;
        slot.turn = 'wide';
        slot.wideGiven = 0;
        return narrow.first();
      }
      const job = jobWithLane(wide, slot);
      // Counted, because a job with lanes is often not ready while they are full, and would keep the slot for ever.
      if (job ? ++slot.wideGiven >= job.rules.lanes : slot.holdsWide()) slot.turn = 'narrow';
      return job;
    }
    return undefined;
  }

  /** Of the highest priority that waits: a job that holds nothing yet, else the one whose turn it is. */
  mostUrgent(): JobState | undefined {
    for (const { narrow, wide } of this.#turns) {
      if (narrow.size === 0 && wide.size === 0) continue;
      let looked = 0;
      for (const job of narrow) {
        if (job.heldChunks === 0) return job;
        if (++looked === LOOK_AHEAD) break;
      }
      return narrow.first() ?? wide.first();
    }
    return undefined;
  }

  #listOf(job: JobState): TurnList {
    const { priority, lanes } = job.rules;
    let turn = this.#turns.find((t) => t.priority === priority);
    if (!turn) {
      turn = { priority, narrow: new TurnList(), wide: new TurnList() };
      this.#turns = [...this.#turns, turn].sort((a, b) => b.priority - a.priority);
    }
    return lanes > 1 ? turn.wide : turn.narrow;
  }
}

function jobWithLane(jobs: TurnList, slot: SlotHolding): JobState | undefined {
  let looked = 0;
  for (const job of jobs) {
    if (slot.hasLane(job.id, job.rules.lanes)) return job;
    if (++looked === LOOK_AHEAD) break;
  }
  return undefined;
}

interface Place {
  readonly job: JobState;
  before: Place | undefined;
  behind: Place | undefined;
}

/**
 * Jobs in the order of their turns. Not a Set: in V8 the deleted entries at its front are walked again by every look at the first,
 * which is quadratic (70,000 jobs: 3.5 s).
 */
class TurnList {
  readonly #places = new Map<JobState, Place>();
  #first: Place | undefined;
  #last: Place | undefined;

  get size(): number {
    return this.#places.size;
  }

  has(job: JobState): boolean {
    return this.#places.has(job);
  }

  first(): JobState | undefined {
    return this.#first?.job;
  }

  add(job: JobState): void {
    const place: Place = { job, before: this.#last, behind: undefined };
    if (this.#last) this.#last.behind = place;
    else this.#first = place;
    this.#last = place;
    this.#places.set(job, place);
  }

  delete(job: JobState): boolean {
    const place = this.#places.get(job);
    if (!place) return false;
    if (place.before) place.before.behind = place.behind;
    else this.#first = place.behind;
    if (place.behind) place.behind.before = place.before;
    else this.#last = place.before;
    return this.#places.delete(job);
  }

  *[Symbol.iterator](): Generator<JobState> {
    for (let place = this.#first; place; place = place.behind) yield place.job;
  }
}
