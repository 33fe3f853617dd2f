/**
 * The line on which everything happens: one event at a time is answered by the scheduler, told to observers and carried out. What a command
 * causes while it is carried out waits its turn.
 */
import type { Command, SchedulerEvent } from '../core/events.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { Observer } from '../observer.ts';
import { now } from './clock.ts';

// Omit over each member of the union, so that an event without its time keeps its shape.
export type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

export class EventLine {
  readonly #scheduler: Scheduler;
  readonly #observers: readonly Observer[];
  readonly #carryOut: (command: Command) => void;
  readonly #pending: SchedulerEvent[] = [];
  #dispatching = false;

  /** `carryOut` does not throw. */
  constructor(scheduler: Scheduler, observers: readonly Observer[], carryOut: (command: Command) => void) {
    this.#scheduler = scheduler;
    this.#observers = observers;
    this.#carryOut = carryOut;
  }

  /** The event is the line's from now on, which notes the time in it. */
  dispatch(event: WithoutTime<SchedulerEvent>): void {
    const timed = event as WithoutTime<SchedulerEvent> & { at: number };
    timed.at = now();
    this.#pending.push(timed as SchedulerEvent);
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
