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
/** More chunks than this on one slot gain nothing (measured with one task a message: depth 1 costs 31 µs, 2: 11 µs, 8: 2.3 µs). */
const MAX_HELD = MAX_WAITING + 1;

export class SlotHolding {
  readonly id: SlotId;
  readonly depth: number;
  state: SlotState = 'up';
  /** Whose turn it is here when both kinds of job wait: those that queue, or those that run side by side. */
  turn: 'narrow' | 'wide' = 'narrow';
  /** Chunks given in the turn of those that run side by side; their turn ends when the lanes have been filled once. */
  wideGiven = 0;
  /** In the order they were handed over. */
  readonly held = new Map<ChunkId, HeldChunk>();

  constructor(id: SlotId, depth: number) {
    this.id = id;
    this.depth = depth;
  }

  get idle(): boolean {
    return this.state === 'up' && this.held.size === 0;
  }

  running(): HeldChunk[] {
    return [...this.held.values()].filter((h) => h.state === 'running');
  }

  /** Tasks of a job held here and not finished. */
  unfinishedOf(jobId: JobId): number {
    let tasks = 0;
    for (const { chunk, finishedTo } of this.held.values()) if (chunk.jobId === jobId) tasks += chunk.to - finishedTo;
    return tasks;
  }

  /** Whether chunks of a job with several lanes are here. */
  holdsWide(): boolean {
    for (const h of this.held.values()) if (h.lanes > 1) return true;
    return false;
  }

  /** Room for a chunk of a job that runs one chunk at a time here: the head, or a short queue behind it. */
  hasRoom(): boolean {
    if (this.state !== 'up' || this.held.size >= Math.min(this.depth, MAX_HELD)) return false;
    if (this.held.size === 0) return true;
    let waitingMs = 0;
    for (const h of this.held.values()) {
      // Nothing queues behind an asynchronous job's lanes: it would wait for the slowest.
      if (h.lanes > 1) return false;
      if (h.state === 'waiting') waitingMs += h.expectedMs ?? UNKNOWN_MS;
    }
    return waitingMs < HELD_AHEAD_MS;
  }

  /** Room for a chunk of a job that runs up to `lanes` of its chunks here at the same time. */
  hasLane(jobId: JobId, lanes: number): boolean {
    if (this.state !== 'up' || this.held.size >= this.depth) return false;
    let count = 0;
    for (const h of this.held.values()) {
      if (h.lanes === 1) return false;
      if (h.chunk.jobId === jobId) count++;
    }
    return count < lanes;
  }

  /** Starts what may run now; the worker follows the same rule: one chunk after the other, or side by side within the lanes of each job. */
  promote(at: Millis): HeldChunk[] {
    const started: HeldChunk[] = [];
    const running = this.running();
    for (const h of this.held.values()) {
      if (h.state !== 'waiting') continue;
      const beside =
        h.lanes > 1 && running.every((r) => r.lanes > 1) && running.filter((r) => r.chunk.jobId === h.chunk.jobId).length < h.lanes;
      if (running.length > 0 && !beside) break;
      h.state = moveChunk(h.state, 'headFree', 'running');
      h.runningSince = at;
      running.push(h);
      started.push(h);
    }
    return started;
  }
}
