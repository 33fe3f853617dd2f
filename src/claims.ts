/**
 * Which tasks of a chunk have been started, and which are to stop, shared between a worker and its host without messages.
 *
 * A chunk has four 32-bit cells. The first holds `end << 16 | next`: the worker claims tasks by raising `next`, the host takes the
 * unstarted tail back by lowering `end`; both by compare-and-exchange on the one word, so a task is never both taken back and started.
 * The second holds how many have been started: a claimed block is not started at once, and a lost worker's unstarted tasks run elsewhere.
 * The third says when the last of them was started, where somebody watches the time. The fourth says what is to stop.
 */

/** 32-bit cells of one chunk. */
export const CELL_WORDS = 4;
const ALL = -1;

/** Start-of-block positions relative to the chunk; `count` is 0 when nothing is left. */
export interface Claims {
  /** Claims up to `max` tasks; gives the position of the first and leaves their number in `claimed`, 0 at the end. */
  claim(max: number): number;
  readonly claimed: number;
  /** Does what runs the user's code for several items at once: should the worker die of that, nobody knows of which. */
  together<T>(act: () => T): T;
  /** The same for the chunk's last results: when they are out, its cells are the host's, and may stand for another chunk already. */
  lastTogether<T>(act: () => T): T;
  /** The task at this position is about to run. */
  start(position: number): void;
  /** The task at this position is about to run, and its time counts from now. */
  startTimed(position: number): void;
  /** Whether the task at this position is to stop. */
  stopped(position: number): boolean;
  /** Whether the whole chunk is to stop. */
  readonly allStopped: boolean;
  /** Whether anything is to stop: a look that costs next to nothing. */
  readonly anyStop: boolean;
  /** Whether this worker is a process, which may be killed at any moment. */
  readonly mayBeKilled: boolean;
}

/** Whole milliseconds of the one clock that all threads and processes of a machine share; wraps, differences hold. */
export function machineMs(): number {
  const [seconds, nanoseconds] = hrtime();
  return (seconds * 1000 + nanoseconds / 1e6) | 0;
}

/** Taken at import, so that a program's fake timers do not freeze us. */
const hrtime = process.hrtime.bind(process);

const word = (next: number, end: number) => (end << 16) | next;
const nextOf = (w: number) => w & 0xffff;
const endOf = (w: number) => w >>> 16;

/** What a worker shares with a host that is another process. */
export interface HostNotes {
  /** Notes how many tasks of a cell's chunk have been started, and when the last was. */
  started(cell: number, started: number, at: number): void;
  /** Whether the host has said that all of the chunk is to stop; the message that says so may be on its way. */
  allStopped(cell: number): boolean;
}

export class SharedClaims implements Claims {
  readonly #cells: Int32Array;
  readonly #cell: number;
  readonly #at: number;
  readonly #notes: HostNotes | undefined;
  claimed = 0;

  constructor(cells: Int32Array, cell: number, notes?: HostNotes) {
    this.#cells = cells;
    this.#cell = cell;
    this.#at = cell * CELL_WORDS;
    this.#notes = notes;
  }

  /** On the host, before the chunk is sent. */
  reset(count: number): void {
    Atomics.store(this.#cells, this.#at, word(0, count));
    Atomics.store(this.#cells, this.#at + 1, 0);
    Atomics.store(this.#cells, this.#at + 2, 0);
    Atomics.store(this.#cells, this.#at + 3, 0);
  }

  claim(max: number): number {
    for (;;) {
      const seen = Atomics.load(this.#cells, this.#at);
      const next = nextOf(seen);
      const count = Math.min(max, endOf(seen) - next);
      if (count <= 0 || this.#notes?.allStopped(this.#cell)) {
        this.claimed = 0;
        return next;
      }
      if (Atomics.compareExchange(this.#cells, this.#at, seen, word(next + count, endOf(seen))) === seen) {
        this.claimed = count;
        return next;
      }
    }
  }

  start(position: number): void {
    this.#cells[this.#at + 1] = position + 1;
    this.#notes?.started(this.#cell, position + 1, 0);
  }

  startTimed(position: number): void {
    this.#tell(position + 1, machineMs());
  }

  together<T>(act: () => T): T {
    const { started } = this;
    const at = Atomics.load(this.#cells, this.#at + 2);
    const restore = () => this.#tell(started, at);
    this.#tellTogether();
    let isPending = false;
    try {
      const result = act();
      isPending = result instanceof Promise;
      return isPending ? ((result as Promise<unknown>).finally(restore) as T) : result;
    } finally {
      if (!isPending) restore();
    }
  }

  lastTogether<T>(act: () => T): T {
    this.#tellTogether();
    return act();
  }

  /** Below zero, with how many had been started. */
  #tellTogether(): void {
    const { started } = this;
    if (started >= 0) this.#tell(-started - 1, machineMs());
  }

  #tell(started: number, at: number): void {
    Atomics.store(this.#cells, this.#at + 2, at);
    Atomics.store(this.#cells, this.#at + 1, started);
    this.#notes?.started(this.#cell, started, at);
  }

  stopped(position: number): boolean {
    const stop = Atomics.load(this.#cells, this.#at + 3);
    return stop === ALL || stop === position + 1;
  }

  get anyStop(): boolean {
    return this.#cells[this.#at + 3] !== 0;
  }

  get mayBeKilled(): boolean {
    return this.#notes !== undefined;
  }

  get allStopped(): boolean {
    return Atomics.load(this.#cells, this.#at + 3) === ALL;
  }

  /** On the host: the task at this position is to stop, or the whole chunk. */
  stop(position: number | undefined): void {
    if (position !== undefined && this.allStopped) return;
    Atomics.store(this.#cells, this.#at + 3, position === undefined ? ALL : position + 1);
  }

  /** On the host: milliseconds since the last started task began; only where its time counts. */
  get ranMs(): number {
    return (machineMs() - Atomics.load(this.#cells, this.#at + 2)) | 0;
  }

  /** On the host: ends the chunk at `to`, or behind the last claimed task where that is later. Gives where it ends now. */
  shorten(to: number): number {
    for (;;) {
      const seen = Atomics.load(this.#cells, this.#at);
      const end = Math.min(endOf(seen), Math.max(to, nextOf(seen)));
      if (end === endOf(seen)) return end;
      if (Atomics.compareExchange(this.#cells, this.#at, seen, word(nextOf(seen), end)) === seen) return end;
    }
  }

  /** How many tasks have been started; below zero while several are rebuilt or packed together: -1 less how many had been. */
  get started(): number {
    return Atomics.load(this.#cells, this.#at + 1);
  }
}
