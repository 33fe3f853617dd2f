/** What the core knows of one slot: the chunks it holds, which of them run, and how much work waits behind them. */
import { HELD_AHEAD_MS, MAX_WAITING } from './chunking.ts';
import type { Chunk, ChunkId, JobId, JobRules, Millis, SlotId, TimerId } from './events.ts';
import { type ChunkState, moveChunk, type SlotState } from './states.ts';

/** A chunk in the hands of a slot. */
export interface HeldChunk {
  chunk: Chunk;
  state: ChunkState;
  /** Items before this index are finished. */
  finishedTo: number;
  /** When it came to the head of its slot; undefined while it waits. */
  runningSince: Millis | undefined;
  /** Expected milliseconds of work, where the pace was known. */
  readonly expectedMs: Millis | undefined;
  readonly lanes: number;
  /** Of its job; kept here because the time limits of what runs outlive the job. */
  readonly rules: JobRules;
  /** `asked`: a takeBack is on its way. `refused`: the last one brought nothing, so there will be no other. */
  recall: 'none' | 'asked' | 'refused';
  timer: TimerId | undefined;
  /** The task that was told to stop, or all of it, because its job has ended. */
  stopped: number | 'all' | undefined;
  /** Its job was cancelled: milliseconds after which its slot is killed, from now or from when it starts. */
  killAfterMs: Millis | undefined;
}

/** A chunk of unknown duration counts as this much waiting work, so that only one such chunk waits. */
const UNKNOWN_MS = HELD_AHEAD_MS;
/** More chunks than this on one slot gain nothing (measured with one task a message: depth 1 costs 31 µs, 2: 11 µs, 8: 2.3 µs, 32: 1.9). */
const MAX_HELD = MAX_WAITING + 1;

export class SlotHolding {
  readonly id: SlotId;
  readonly depth: number;
  state: SlotState = 'up';
  /** Whose turn it is here when both kinds of job wait: those that queue, or those that run side by side. */
  turn: 'narrow' | 'wide' = 'narrow';
  /** Chunks given in the turn of those that run side by side; their turn ends when the lanes have been filled once. */
  wideGiven = 0;
  /** Tasks it may still be given. */
  tasksLeft: number;
  /** It should get nothing more, and be retired when it is idle. */
  tired = false;
  /** In the order they were handed over. */
  readonly held = new Map<ChunkId, HeldChunk>();
  /** Its place in the order in which slots have come up. */
  readonly number: number;
  /** In the list of those that the event has changed. */
  isMarked = false;
  /** Kept beside the chunks, because they are asked for with every event: how many run, and how many are of jobs with several lanes. */
  runs = 0;
  wides = 0;
  /** Expected work of those that wait. */
  waitingMs = 0;
  /** No chunk that waits has a lower priority. */
  #lowest = Number.POSITIVE_INFINITY;

  constructor(id: SlotId, depth: number, tasks: number = Number.POSITIVE_INFINITY, number = 0) {
    this.id = id;
    this.depth = depth;
    this.tasksLeft = tasks;
    this.number = number;
  }

  /** A chunk is given to it, and waits. */
  add(held: HeldChunk): void {
    this.held.set(held.chunk.id, held);
    if (held.lanes > 1) this.wides++;
    this.waitingMs += waitsFor(held);
    if (held.rules.priority < this.#lowest) this.#lowest = held.rules.priority;
  }

  /** A chunk that waited runs now, in the state that `moveChunk` has given. */
  begins(held: HeldChunk, at: Millis): void {
    held.runningSince = at;
    this.runs++;
    this.#waitsNoMore(held);
  }

  /** A chunk has left it. */
  remove(held: HeldChunk): void {
    if (!this.held.delete(held.chunk.id)) return;
    if (held.lanes > 1) this.wides--;
    if (held.runningSince !== undefined) this.runs--;
    if (held.runningSince === undefined || this.held.size === this.runs) this.#waitsNoMore(held);
  }

  #waitsNoMore(held: HeldChunk): void {
    this.waitingMs -= waitsFor(held);
    if (this.held.size > this.runs) return;
    // Sums of fractions drift.
    this.waitingMs = 0;
    this.#lowest = Number.POSITIVE_INFINITY;
  }

  /** Whether it may be given tasks at all, room or not. */
  get takesMore(): boolean {
    return this.state === 'up' && !this.tired && this.tasksLeft > 0;
  }

  get idle(): boolean {
    return this.state === 'up' && this.held.size === 0;
  }

  running(): HeldChunk[] {
    return [...this.held.values()].filter((h) => h.state === 'running');
  }

  /** Whether an idle slot may get something of what it holds: what waits, or the tail of what runs. */
  get lends(): boolean {
    if (this.state !== 'up' || this.held.size !== 1) return this.state === 'up' && this.held.size > 1;
    for (const { chunk } of this.held.values()) return chunk.to - chunk.from > 1 || this.runs === 0;
    return false;
  }

  /** Whether no job could give it anything, until it has changed. */
  get isFull(): boolean {
    if (!this.takesMore || this.held.size >= this.depth) return true;
    return this.wides === 0 && (this.held.size >= MAX_HELD || this.waitingMs >= HELD_AHEAD_MS);
  }

  /** Tasks of a job held here and not finished. */
  unfinishedOf(jobId: JobId): number {
    let tasks = 0;
    for (const { chunk, finishedTo } of this.held.values()) if (chunk.jobId === jobId) tasks += chunk.to - finishedTo;
    return tasks;
  }

  /** Whether chunks of a job with several lanes are here. */
  holdsWide(): boolean {
    return this.wides > 0;
  }

  /**
   * Room for a chunk of a job that runs one chunk at a time here: the head, or a short queue behind it. Not behind what waits with a lower
   * priority, as long as that may give way.
   */
  hasRoom(priority: number): boolean {
    if (!this.takesMore || this.held.size >= Math.min(this.depth, MAX_HELD)) return false;
    if (this.held.size === 0) return true;
    // Nothing queues behind an asynchronous job's lanes: it would wait for the slowest.
    if (this.wides > 0 || this.waitingMs >= HELD_AHEAD_MS) return false;
    if (priority <= this.#lowest) return true;
    for (const h of this.held.values()) if (h.state === 'waiting' && h.rules.priority < priority && h.recall !== 'refused') return false;
    return true;
  }

  /** Room for a chunk of a job that runs up to `lanes` of its chunks here at the same time. */
  hasLane(jobId: JobId, lanes: number): boolean {
    if (!this.takesMore || this.held.size >= this.depth || this.wides < this.held.size) return false;
    if (this.held.size < lanes) return true;
    let count = 0;
    for (const h of this.held.values()) if (h.chunk.jobId === jobId) count++;
    return count < lanes;
  }

  /** Starts what may run now; the worker follows the same rule: one chunk after the other, or side by side within the lanes of each job. */
  promote(at: Millis): readonly HeldChunk[] {
    if (this.runs === this.held.size || (this.runs > 0 && this.wides === 0)) return NONE;
    const started: HeldChunk[] = [];
    const running = this.wides === 0 ? [] : this.running();
    for (const h of this.held.values()) {
      if (h.state !== 'waiting') continue;
      const beside =
        h.lanes > 1 && running.every((r) => r.lanes > 1) && running.filter((r) => r.chunk.jobId === h.chunk.jobId).length < h.lanes;
      if (running.length > 0 && !beside) break;
      h.state = moveChunk(h.state, 'headFree', 'running');
      this.begins(h, at);
      running.push(h);
      started.push(h);
    }
    return started;
  }
}

const NONE: readonly never[] = [];

/** What it adds to the work that waits. */
function waitsFor({ expectedMs }: HeldChunk): Millis {
  return expectedMs ?? UNKNOWN_MS;
}
