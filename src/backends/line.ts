/** What a slot knows of the worker behind it, be it a thread or a process: messages go out and come in, and how far each chunk is can be seen. */
import type { SlotLoss } from '../backend.ts';
import type { FromWorker, RunMessage, StopMessage, ToWorker } from '../protocol.ts';

/** How a worker ended, for people; what it was to its slot, the slot knows. */
export type LineEnd = Omit<SlotLoss, 'starting' | 'planned' | 'asleep'>;

export interface LineEvents {
  message(message: FromWorker): void;
  /** The worker has ended, and everything it sent has arrived. */
  ended(how: LineEnd): void;
  /** The unstarted tail of a chunk is back: it ends at this position now. For lines that cannot say so at once. */
  shortened(chunkId: number, to: number): void;
}

/** The host's look at one chunk in a worker. Positions count from the chunk's first task. */
export interface ChunkWatch {
  /** Tasks that have been started; below zero while several are rebuilt or packed together: -1 less how many had been. */
  readonly started: number;
  /** Milliseconds since the last of them was started, where its time counts, or since the rebuilding or packing began. */
  readonly ranMs: number;
  /** Ends the chunk at `to`, or behind the last claimed task where that is later. Gives where it ends; undefined where the answer follows. */
  shorten(to: number): number | undefined;
}

export interface Line {
  /** Throws where the message cannot be cloned; then nothing was sent. */
  post(message: Exclude<ToWorker, RunMessage | StopMessage>): void;
  run(message: RunMessage): ChunkWatch;
  stop(message: StopMessage, cell: number, position: number | undefined): void;
  /** Whether it keeps this process alive. */
  keepAlive(yes: boolean): void;
  /** At once. Answered by `ended`. */
  terminate(): void;
}
