/** How many tasks go next: sizes follow the measured durations, and shrink towards the end so that all slots finish together. */
import type { Millis } from './events.ts';

/** Long enough to hide a round trip (about 30 µs) many times over, short enough to report progress and to avoid stragglers. */
const TARGET_CHUNK_MS = 50;
/** Where tails are taken back at once, a longer chunk costs no balance, and each message less is an interruption less of a busy core. */
const TARGET_RESPLIT_MS = 150;
/** Beside other jobs: a short call waits for the chunk that runs, and for its turn among the long ones (test/core/fairness.test.ts). */
const TARGET_COMPANY_MS = 20;
/** A job whose first task took no time may still have slow ones: sizes grow by at most this factor over what has been measured. */
const GROWTH = 16;
/** The host makes a chunk ready in one go, and until it has, nothing else of its program moves. */
const TARGET_SENDING_MS = 1;
/** Of smaller chunks the cost says little of their tasks: most of it is that of a message. */
export const TELLING = 8;
/** What one slot can claim from: the threads backend keeps a chunk's progress in two halves of 32 bits. */
export const MAX_CHUNK = 65_535;
/** Waiting chunks are held ahead until they cover this much work: it hides the round trip and a short pause of the host. */
export const HELD_AHEAD_MS = 2;
/** The most chunks that wait on one slot. */
export const MAX_WAITING = 31;

/** What has been measured of one job's tasks: a mean in which each chunk counts half as much as the next. */
export class Pace {
  #ms = 0;
  #tasks = 0;
  #largest = 0;
  #sendingMs = 0;
  #sent = 0;

  /** `expectedMs`: what a task of this function took before, where that is known. It counts as much as one task. */
  constructor(expectedMs?: Millis, expectedSendingMs?: Millis) {
    if (expectedSendingMs !== undefined) this.recordSending(TELLING, expectedSendingMs * TELLING);
    if (expectedMs === undefined) return;
    this.#ms = expectedMs;
    this.#tasks = 1;
    this.#largest = MAX_CHUNK;
  }

  /** Records a finished chunk. */
  record(tasks: number, ranMs: Millis): void {
    if (tasks <= 0) return;
    this.#ms = this.#ms / 2 + ranMs;
    this.#tasks = this.#tasks / 2 + tasks;
    this.#largest = Math.max(this.#largest, tasks);
  }

  /** Records what it has cost the host to make a chunk ready. */
  recordSending(tasks: number, tookMs: Millis): void {
    if (tasks < TELLING) return;
    this.#sendingMs = this.#sendingMs / 2 + tookMs;
    this.#sent = this.#sent / 2 + tasks;
  }

  /** Milliseconds it costs the host to send a task; 0 before anything is known. */
  get sendingMs(): Millis {
    return this.#sent > 0 ? this.#sendingMs / this.#sent : 0;
  }

  /** Milliseconds a task takes, or undefined before the first chunk has ended. */
  get taskMs(): Millis | undefined {
    return this.#tasks > 0 ? this.#ms / this.#tasks : undefined;
  }

  /** Tasks in the largest chunk that has ended. */
  get largest(): number {
    return this.#largest;
  }
}

export interface ChunkingInput {
  readonly chunkSize: number | 'auto';
  readonly pace: Pace;
  /** Tasks not yet handed out, where the total is known. */
  readonly remaining: number | undefined;
  /** Chunks that can run at the same time. */
  readonly parallel: number;
  /** Tasks handed out and not finished: in all, and to the slot that gets the chunk. */
  readonly held?: { readonly inAll: number; readonly here: number } | undefined;
  /** Whether the tail of a running chunk can be taken back at once. */
  readonly resplits?: boolean | undefined;
  /** Whether other jobs want the same slots. */
  readonly company?: boolean | undefined;
}

/** Tasks of the next chunk: at least 1. */
export function nextChunkSize(input: ChunkingInput): number {
  const { chunkSize, pace, remaining, parallel, held = { inAll: 0, here: 0 }, resplits, company } = input;
  if (chunkSize !== 'auto') return Math.min(chunkSize, MAX_CHUNK);
  const taskMs = pace.taskMs;
  if (taskMs === undefined) return 1;
  const byTime =
    taskMs > 0 ? Math.floor((company ? TARGET_COMPANY_MS : resplits ? TARGET_RESPLIT_MS : TARGET_CHUNK_MS) / taskMs) : MAX_CHUNK;
  const bySending = pace.sendingMs > 0 ? Math.floor(TARGET_SENDING_MS / pace.sendingMs) : MAX_CHUNK;
  return Math.max(1, Math.min(byTime, bySending, share(remaining, parallel, held, resplits ?? false), pace.largest * GROWTH, MAX_CHUNK));
}

/**
 * Guided self-scheduling (Polychronopoulos and Kuck, 1987): a share of what is left, halved because tasks differ.
 * Where a wrong share can be split again, it is all that is fair: an equal part of the work in hand, less what the slot has.
 */
function share(remaining: number | undefined, parallel: number, held: { inAll: number; here: number }, resplits: boolean): number {
  if (remaining === undefined) return MAX_CHUNK;
  if (!resplits) return Math.ceil(remaining / (2 * parallel));
  return Math.ceil((remaining + held.inAll) / parallel) - held.here;
}

/** How many chunks of `size` tasks a slot should have waiting behind the one it runs. */
export function waitingChunks(pace: Pace, size: number): number {
  const taskMs = pace.taskMs;
  if (taskMs === undefined) return 1;
  const chunkMs = taskMs * size;
  return chunkMs * MAX_WAITING <= HELD_AHEAD_MS ? MAX_WAITING : Math.max(1, Math.ceil(HELD_AHEAD_MS / chunkMs));
}
