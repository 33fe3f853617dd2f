/** Keeps what a backend tells in order: rebuilding a result may have to wait for a module, and nothing that comes after may overtake it. */

type Action = () => void | Promise<void>;

export class Inbox {
  #waiting: Action[] | undefined;

  /** Does it now, or behind what is still waiting. */
  take(action: Action): void {
    if (this.#waiting) {
      this.#waiting.push(action);
      return;
    }
    const pending = action();
    if (pending) void this.#workOff(pending);
  }

  async #workOff(first: Promise<void>): Promise<void> {
    const waiting: Action[] = [];
    this.#waiting = waiting;
    await first;
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
    this.#waiting = undefined;
  }
}
