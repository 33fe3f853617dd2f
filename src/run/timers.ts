/** The timers the core has ordered, by number. */
import type { TimerId } from '../core/events.ts';

/** Taken at import, so that a program's fake timers do not freeze us. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;

export class Timers {
  readonly #running = new Map<TimerId, NodeJS.Timeout>();
  readonly #fired: (timer: TimerId) => void;

  constructor(fired: (timer: TimerId) => void) {
    this.#fired = fired;
  }

  arm(timer: TimerId, afterMs: number): void {
    const running = startTimer(() => {
      this.#running.delete(timer);
      this.#fired(timer);
    }, afterMs);
    this.#running.set(timer, running);
  }

  disarm(timer: TimerId): void {
    stopTimer(this.#running.get(timer));
    this.#running.delete(timer);
  }
}
