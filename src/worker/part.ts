/** What tasks have given and nobody has got yet: numbers in the column of their chunk, or a list as soon as there is something else. */
import type { Column } from '../transport.ts';

export interface Failure {
  readonly index: number;
  /** Index of the very item, where a task has many. */
  readonly item?: number | undefined;
  readonly error: unknown;
  /** It was told to stop, because its time was up. */
  readonly timedOut?: boolean | undefined;
}

/** Results of the consecutive tasks [from, from + results.length); a failed one has undefined there. */
export interface Output {
  readonly from: number;
  /** A view of the chunk's column, where all are numbers and there is one. */
  readonly results: ArrayLike<unknown>;
  readonly failed: Failure[];
}

export class Part {
  /** Index of the first task. */
  readonly from: number;
  readonly failed: Failure[] = [];
  readonly list: unknown[] = [];
  readonly #column: Column | undefined;
  /** Position of the first task in the column. */
  readonly #at: number;
  /** Numbers in the column; 0 once there is a list. */
  #filled = 0;

  constructor(from: number, column: Column | undefined, at: number) {
    this.from = from;
    this.#column = column;
    this.#at = at;
  }

  get length(): number {
    return this.#filled + this.list.length;
  }

  /** The column, as long as all results are there. */
  get column(): Column | undefined {
    return this.list.length === 0 ? this.#column : undefined;
  }

  /** So many more have been written to the column. */
  wrote(count: number): void {
    this.#filled += count;
  }

  push(result: unknown): void {
    const { column } = this;
    if (column && typeof result === 'number') {
      column[this.#at + this.#filled++] = result;
      return;
    }
    for (let i = 0; i < this.#filled; i++) this.list.push(column![this.#at + i]);
    this.#filled = 0;
    this.list.push(result);
  }

  get output(): Output {
    const results = this.#filled > 0 ? this.#column!.subarray(this.#at, this.#at + this.#filled) : this.list;
    return { from: this.from, results, failed: this.failed };
  }

  /** What comes behind it. */
  next(): Part {
    return new Part(this.from + this.length, this.#column, this.#at + this.length);
  }
}
