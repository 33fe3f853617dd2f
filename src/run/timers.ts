/** The timers the core has ordered, by number. */
import type { Backend, TaskNow } from '../backend.ts';
import type { Command, TimerId } from '../core/events.ts';
import { isDebugged } from './debugger.ts';

type Order = Extract<Command, { type: 'armTimer' }>;

/** Taken at import, so that a program's fake timers do not freeze us. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;
/** Longer ones would fire at once. The core looks at the time of a task again, and arms anew. */
const LONGEST_MS = 2 ** 31 - 1;

export class Timers {
  readonly #running = new Map<TimerId, NodeJS.Timeout>();
  readonly #backend: Pick<Backend, 'taskNow'>;
  readonly #fired: (timer: TimerId, running: TaskNow | undefined) => void;

  /** `running`: what the chunk that the timer watches runs when it fires: perhaps a younger task than the one it was armed for. */
  constructor(backend: Pick<Backend, 'taskNow'>, fired: (timer: TimerId, running: TaskNow | undefined) => void) {
    this.#backend = backend;
    this.#fired = fired;
  }

  arm(order: Order): void {
    const running = startTimer(() => this.#fire(order), Math.min(order.afterMs, LONGEST_MS));
    this.#running.set(order.timer, running);
  }

  disarm(timer: TimerId): void {
    stopTimer(this.#running.get(timer));
    this.#running.delete(timer);
  }

  #fire(order: Order): void {
    const { timer, watches } = order;
    // Whoever stands at a breakpoint must find the task still there.
    if (watches && isDebugged()) return this.arm(order);
    this.#running.delete(timer);
    this.#fired(timer, watches && this.#backend.taskNow(watches.slot, watches.chunkId));
  }
}
