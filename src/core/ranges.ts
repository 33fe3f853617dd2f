/** A queue of index ranges: the tasks of one job that wait for a slot. Taking and adding cost O(1), however many tasks wait. */

export interface Range {
  readonly from: number;
  readonly to: number;
  readonly attempt: number;
}

export class RangeQueue {
  /** What was put before all others, the first one last. */
  #front: Range[] = [];
  #ranges: Range[] = [];
  #head = 0;
  #count = 0;

  /** Number of tasks waiting. */
  get count(): number {
    return this.#count;
  }

  /** Puts a range behind all others; joins it to the last one where they touch. */
  append(range: Range): void {
    if (range.to <= range.from) return;
    this.#count += range.to - range.from;
    const last = this.#ranges.length > this.#head ? this.#ranges.at(-1) : undefined;
    if (last && last.to === range.from && last.attempt === range.attempt) {
      this.#ranges[this.#ranges.length - 1] = { from: last.from, to: range.to, attempt: last.attempt };
    } else this.#ranges.push(range);
  }

  /** Puts a range before all others: tasks that come back from a slot go first, so that ordered results are not held up. */
  prepend(range: Range): void {
    if (range.to <= range.from) return;
    this.#count += range.to - range.from;
    this.#front.push(range);
  }

  /** Takes up to `count` consecutive tasks of one attempt from the front. */
  take(count: number): Range | undefined {
    const first = this.#front.at(-1) ?? this.#ranges[this.#head];
    if (!first) return undefined;
    const to = Math.min(first.to, first.from + count);
    const rest = { from: to, to: first.to, attempt: first.attempt };
    if (this.#front.length > 0) {
      this.#front.pop();
      if (to < first.to) this.#front.push(rest);
    } else if (to < first.to) this.#ranges[this.#head] = rest;
    else this.#dropFirst();
    this.#count -= to - first.from;
    return { from: first.from, to, attempt: first.attempt };
  }

  clear(): void {
    this.#front = [];
    this.#ranges = [];
    this.#head = 0;
    this.#count = 0;
  }

  /** The waiting ranges in order; for invariants and tests. */
  list(): readonly Range[] {
    return [...this.#front.toReversed(), ...this.#ranges.slice(this.#head)];
  }

  #dropFirst(): void {
    this.#head++;
    // Taken ranges are dropped in blocks, so that a long queue is not moved at every take.
    if (this.#head > 1024 || this.#head === this.#ranges.length) {
      this.#ranges = this.#ranges.slice(this.#head);
      this.#head = 0;
    }
  }
}
