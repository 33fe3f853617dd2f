/** What a slot tells the backend that keeps it. */
import type { ChunkOutput, SlotLoss, TaskOfChunk } from '../backend.ts';
import type { ChunkId, ChunkProgress } from '../core/events.ts';
import type { StateDifference } from '../shipped.ts';
import type { Packed } from '../transport.ts';

export interface SlotEvents {
  /** The worker has started. */
  ready(): void;
  part(chunkId: ChunkId, output: ChunkOutput, upTo: number): void;
  done(chunkId: ChunkId, output: ChunkOutput, ranMs: number): void;
  shortened(chunkId: ChunkId, to: number): void;
  /** The chunk is to be sent anew. */
  differs(chunkId: ChunkId, differences: readonly StateDifference[]): void;
  output(stream: 'stdout' | 'stderr', text: string, task: TaskOfChunk | undefined): void;
  message(task: TaskOfChunk, value: Packed): void;
  /** The setup threw; the worker is about to end. Gives what it threw, as well as it is known. */
  setupFailed(error: Packed, text: string): unknown;
  /** Tasks have made something that wants to be disposed. */
  holds(): void;
  tired(): void;
  lateError(error: Packed, index: number | undefined): void;
  /** It has had nothing to do for so long that it may go. */
  idle(): void;
  /** `hasWorked`: whether it has started any task. */
  down(hasWorked: boolean, progress: readonly ChunkProgress[], loss: SlotLoss): void;
}
