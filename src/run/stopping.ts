/** Carries out what the core orders to end running tasks, and tells whose task was lost when a worker goes down. */
import type { Backend, SlotLoss } from '../backend.ts';
import type { ChunkId, ChunkProgress, Command, JobId, SlotId } from '../core/events.ts';
import type { ChunkOut } from './hearing.ts';
import type { Job } from './job.ts';
import { blamedOf, lose, timeoutError, whyKilled } from './losing.ts';
import { finalOf } from './retry-rule.ts';

const APART = 'A lower concurrency keeps tasks apart, and { retries: 1 } gives each one more try.';

export class Stopping {
  readonly #backend: Backend;
  readonly #chunks: ReadonlyMap<ChunkId, ChunkOut>;
  readonly #jobs: ReadonlyMap<JobId, Job>;
  /** Why workers are being killed, for those whose tasks ran beside. */
  readonly #killed = new Map<SlotId, string>();

  constructor(backend: Backend, chunks: ReadonlyMap<ChunkId, ChunkOut>, jobs: ReadonlyMap<JobId, Job>) {
    this.#backend = backend;
    this.#chunks = chunks;
    this.#jobs = jobs;
  }

  stop({ slot, chunkId, index, graceMs = Number.POSITIVE_INFINITY }: Extract<Command, { type: 'stopTask' }>): void {
    const chunk = this.#chunks.get(chunkId);
    // It has come back whole.
    if (!chunk) return;
    const job = this.#jobs.get(chunk.jobId);
    if (index !== undefined) chunk.stopped = index;
    const reason = index === undefined ? job?.stopReason : job && timeoutError(job, index);
    this.#backend.stop(slot, chunkId, { index, reason, graceMs });
  }

  kill({ slot, chunkId }: Extract<Command, { type: 'killSlot' }>): void {
    const chunk = this.#chunks.get(chunkId);
    if (chunk) this.#killed.set(slot, whyKilled(this.#jobs.get(chunk.jobId), chunk));
    this.#backend.kill(slot);
  }

  /** Books the tasks that a worker took with it. Gives how far its chunks were, with what is not to be tried again. */
  lost(slot: SlotId, told: readonly ChunkProgress[], loss: SlotLoss, cancel: (job: Job, error: unknown) => void): readonly ChunkProgress[] {
    const beside = this.#killed.get(slot);
    const shared =
      told.length > 1
        ? { ...loss, advice: `${told.length} tasks ran side by side in it, and any of them may be the cause. ${APART}` }
        : loss;
    this.#killed.delete(slot);
    return told.map((progress) => {
      const chunk = this.#chunks.get(progress.chunkId);
      const job = chunk && this.#jobs.get(chunk.jobId);
      const blamed = chunk && blamedOf(chunk, progress);
      if (!job || blamed === undefined) return progress;
      lose(job, chunk, blamed, slot, shared, beside);
      return { ...progress, isFinal: finalOf(job, [blamed], (error) => cancel(job, error)) !== undefined };
    });
  }
}
