/** Which of the chunks a worker holds may run: one after the other, or side by side within the lanes of each job. The core follows the same rule. */

interface LaneChunk {
  readonly jobId: number;
  readonly lanes: number;
}

export class Lanes<C extends LaneChunk> {
  readonly #waiting: C[] = [];
  readonly #running = new Set<C>();

  get idle(): boolean {
    return this.#running.size === 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(chunk: C): void {
    this.#waiting.push(chunk);
  }

  /** The next chunk that may start, now counted as running; undefined when it has to wait. */
  start(): C | undefined {
    const chunk = this.#waiting[0];
    if (!chunk || !this.#mayStart(chunk)) return undefined;
    this.#waiting.shift();
    this.#running.add(chunk);
    return chunk;
  }

  ended(chunk: C): void {
    this.#running.delete(chunk);
  }

  #mayStart(chunk: C): boolean {
    if (this.#running.size === 0) return true;
    if (chunk.lanes <= 1) return false;
    let same = 0;
    for (const running of this.#running) {
      if (running.lanes <= 1) return false;
      if (running.jobId === chunk.jobId) same++;
    }
    return same < chunk.lanes;
  }
}
