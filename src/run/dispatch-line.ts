/** The line on which everything that happens goes to the core: one event at a time, each told to the observers, its commands carried out. */
import type { Command, SchedulerEvent } from '../core/events.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Observer } from '../observer.ts';
import { now } from './clock.ts';

// Omit over each member of the union, so that an event without its time keeps its shape.
type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;
/** An event; the line notes its time. */
export type Happened = WithoutTime<SchedulerEvent>;

export class DispatchLine {
  readonly #scheduler: Scheduler;
  readonly #observers: readonly Observer[];
  readonly #carryOut: (command: Command) => void;
  readonly #pending: SchedulerEvent[] = [];
  #dispatching = false;

  constructor(scheduler: Scheduler, observers: readonly Observer[], carryOut: (command: Command) => void) {
    this.#scheduler = scheduler;
    this.#observers = observers;
    this.#carryOut = carryOut;
  }

  /** What a command causes while it is carried out waits its turn. */
  dispatch(event: Happened): void {
    this.#pending.push({ ...event, at: now() } as SchedulerEvent);
    if (this.#dispatching) return;
    this.#dispatching = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        const commands = this.#scheduler.handle(next);
        for (const observer of this.#observers) observer.onStep?.(next, commands);
        for (const command of commands) this.#carryOut(command);
      }
    } finally {
      this.#dispatching = false;
    }
  }
}
