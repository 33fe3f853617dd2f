/** How far one job is: counts, rate and remaining time, from its notes and a time to look at. Constant work for each note. */
import type { Millis } from '../core/events.ts';
import type { Note } from '../observer.ts';

/** What a progress function gets: how far a call is at this moment. */
export interface Progress {
  /** The label given, or the name of the function, or `map`. One line without control characters. */
  readonly label: string;
  /** Tasks that ended with a result. */
  readonly done: number;
  /** Tasks that failed for good. */
  readonly failed: number;
  /** All tasks of the call; undefined as long as nobody knows, as with a generator that has not come to its end. */
  readonly total: number | undefined;
  /** Milliseconds since the call started. */
  readonly elapsedMs: number;
  /** Tasks that ended, with a result or without, per second: lately, and at the end over the whole call. 0 before the first one. */
  readonly perSecond: number;
  /** Milliseconds to go at that rate, an estimate; undefined while the total or the rate is unknown, 0 at the end. */
  readonly remainingMs: number | undefined;
  /** True in the last of these, whether the call succeeded, failed or was cancelled. */
  readonly ended: boolean;
}

/** The rate is that of about so long ago until now … */
const WINDOW_MS = 5000;
/** … and of at least so many arrivals: of tasks that take a minute each, five seconds would show one or none. */
const WINDOW_ARRIVALS = 16;

export class Tally {
  readonly #label: string;
  #done = 0;
  #failed = 0;
  #total: number | undefined;
  #startedAt: Millis = 0;
  #endedAt: Millis | undefined;
  /** Tasks and the time they took, in which the past counts less and less. */
  #recent = { tasks: 0, ms: 0 };
  #lastAt: Millis = 0;
  /** Moments at which tasks ended: results come in chunks. */
  #arrivals = 0;

  constructor(label: string, startedAt: Millis, total: number | undefined) {
    this.#label = label;
    this.#startedAt = startedAt;
    this.#lastAt = startedAt;
    this.#total = total;
  }

  /** Takes a note of this job, and says whether it changed anything. */
  take(note: Note): boolean {
    switch (note.type) {
      case 'tasksDone':
        this.#done += note.count;
        this.#arrived(note.count, note.at);
        return note.count > 0;
      case 'taskFailed':
        this.#failed += 1;
        this.#arrived(1, note.at);
        return true;
      case 'jobSized':
        this.#total = note.size;
        return true;
      case 'jobEnded':
        this.#endedAt = note.at;
        return true;
      default:
        return false;
    }
  }

  get done(): number {
    return this.#done;
  }

  get failed(): number {
    return this.#failed;
  }

  get total(): number | undefined {
    return this.#total;
  }

  at(now: Millis): Progress {
    const finished = this.#done + this.#failed;
    const elapsedMs = Math.max(0, (this.#endedAt ?? now) - this.#startedAt);
    const ended = this.#endedAt !== undefined;
    const perMs = ended ? finished / (elapsedMs || Infinity) : this.#perMs(now);
    const counts = { label: this.#label, done: this.#done, failed: this.#failed, total: this.#total };
    return { ...counts, elapsedMs, perSecond: perMs * 1000, remainingMs: ended ? 0 : this.#remainingMs(now, perMs), ended };
  }

  #arrived(count: number, at: Millis): void {
    if (count <= 0) return;
    if (at > this.#lastAt || this.#arrivals === 0) this.#arrivals += 1;
    this.#recent = this.#faded(at - this.#lastAt, count);
    this.#lastAt = at;
  }

  /**
   * What `#recent` is when `count` more tasks arrive after `ms`. Their work is spread over that time, so it fades as the time does, and a
   * steady pace is measured as exactly that pace from the first arrival on.
   */
  #faded(ms: Millis, count: number): { tasks: number; ms: Millis } {
    const windowMs = Math.max(WINDOW_MS, WINDOW_ARRIVALS * this.#gapMs);
    const kept = Math.exp(-Math.max(0, ms) / windowMs);
    const counted = windowMs * (1 - kept);
    return { tasks: this.#recent.tasks * kept + count * (ms > 0 ? counted / ms : 1), ms: this.#recent.ms * kept + counted };
  }

  /** The usual time between two arrivals. */
  get #gapMs(): Millis {
    return this.#arrivals > 0 ? (this.#lastAt - this.#startedAt) / this.#arrivals : 0;
  }

  /** Between arrivals the rate stays; only a silence longer than usual lowers it, as if the usual number arrived right now. */
  #perMs(now: Millis): number {
    const { tasks, ms } = this.#recent;
    if (this.#arrivals === 0 || ms <= 0) return 0;
    const silence = now - this.#lastAt;
    if (silence <= this.#gapMs) return tasks / ms;
    const usual = (this.#done + this.#failed) / this.#arrivals;
    const asIfNow = this.#faded(silence, usual);
    return Math.min(tasks / ms, asIfNow.tasks / asIfNow.ms);
  }

  #remainingMs(now: Millis, perMs: number): number | undefined {
    const left = (this.#total ?? Number.NaN) - this.#done - this.#failed;
    if (left === 0) return 0;
    // More tasks than the caller expected: the total is wrong, and what it says of the end is too.
    if (!(left > 0) || perMs <= 0) return undefined;
    // What runs now and has not arrived yet counts as done, so that the time goes down between arrivals.
    return Math.max(0, left / perMs - Math.min(now - this.#lastAt, this.#gapMs));
  }
}
