/** What a backend tells, in order: results go to their jobs, and what happened goes on to the core as events. */
import type { Backend, BackendListener, ChunkOutput, SlotLoss, TaskOfChunk } from '../backend.ts';
import type { ChunkId, ChunkProgress, JobId, SchedulerEvent, SlotId } from '../core/events.ts';
import type { Note } from '../observer.ts';
import type { ShipWarning, StateDifference } from '../shipped.ts';
import type { Packed } from '../transport.ts';
import { now } from './clock.ts';
import { endColumn } from './columns.ts';
import { cannotStart, cleanStack, deliver } from './delivering.ts';
import type { WithoutTime } from './event-line.ts';
import { type ChunkOut, hearLateError, hearMessage, hearOutput } from './hearing.ts';
import { Inbox } from './inbox.ts';
import type { Job } from './job.ts';
import type { LogRule } from './logs.ts';
import { finalOf } from './retry-rule.ts';
import { indicesOf, sendAnew } from './sending.ts';
import type { Counts } from './stats.ts';
import type { Stopping } from './stopping.ts';

/** What the listener needs of the loop. */
export interface Loop {
  readonly backend: Backend;
  readonly jobs: ReadonlyMap<JobId, Job>;
  /** Chunks on their way or at a slot. */
  readonly chunks: Map<ChunkId, ChunkOut>;
  readonly stopping: Stopping;
  readonly counts: Counts;
  /** For what no call has printed. */
  readonly logs: LogRule;
  dispatch(event: WithoutTime<SchedulerEvent>): void;
  cancel(job: Job | undefined, reason: unknown): void;
  note(note: Note): void;
  /** Whether anybody hears the notes about this job. */
  isObserved(job: Job): boolean;
  /** No worker will ever run anything. */
  broken(error: Error): void;
}

const NONE: readonly never[] = [];

export class Listening implements BackendListener {
  readonly #loop: Loop;
  readonly #inbox = new Inbox();

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  slotUp(slot: SlotId, depth: number, tasks?: number): void {
    this.#loop.counts.started++;
    this.#inbox.take(() => this.#loop.dispatch({ type: 'slotUp', slot, depth, tasks }));
  }

  slotReady(slot: SlotId): void {
    this.#loop.note({ type: 'slotReady', slot });
  }

  slotTired(slot: SlotId): void {
    this.#inbox.take(() => this.#loop.dispatch({ type: 'slotTired', slot }));
  }

  lateError(slot: SlotId, error: Packed, index: number | undefined): void {
    this.#inbox.take(() =>
      hearLateError(this.#loop.backend.transport, error, (cause) => this.#loop.note({ type: 'lateError', slot, index, error: cause })),
    );
  }

  slotDown(slot: SlotId, progress: readonly ChunkProgress[], loss: SlotLoss): void {
    if (loss.cause instanceof Error) cleanStack(loss.cause);
    this.#loop.counts.ended(loss);
    this.#inbox.take(() => this.#lose(slot, progress, loss));
  }

  chunkPart(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, upTo: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed, final, taken) =>
        this.#loop.dispatch({ type: 'chunkPart', slot, chunkId, upTo, failed, final, taken }),
      ),
    );
  }

  chunkDone(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, ranMs: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed, final, taken) => {
        const chunk = this.#loop.chunks.get(chunkId);
        this.#drop(chunkId);
        const job = chunk && this.#loop.jobs.get(chunk.jobId);
        job?.ran(output.from + output.results.values.length - chunk!.from, ranMs);
        if (chunk?.sent) job?.sent(chunk.sent.tasks, chunk.sent.ms);
        this.#loop.dispatch({ type: 'chunkDone', slot, chunkId, ranMs, failed, final, taken, sent: chunk?.sent });
      }),
    );
  }

  chunkShortened(slot: SlotId, chunkId: ChunkId, to: number): void {
    const chunk = this.#loop.chunks.get(chunkId);
    if (chunk) chunk.to = to;
    if (to <= (chunk?.from ?? to)) this.#drop(chunkId);
    this.#loop.dispatch({ type: 'chunkShortened', slot, chunkId, to });
  }

  chunkDiffers(slot: SlotId, chunkId: ChunkId, differences: readonly StateDifference[]): void {
    this.#inbox.take(() => {
      const chunk = this.#loop.chunks.get(chunkId);
      const job = chunk && this.#loop.jobs.get(chunk.jobId);
      const tell = (warning: ShipWarning) => this.#loop.note({ type: 'warning', jobId: (job as Job).id, warning });
      if (!job || !sendAnew(this.#loop.backend, slot, job, chunk, differences, tell)) this.endUnrun(slot, chunkId);
    });
  }

  output(slot: SlotId, stream: 'stdout' | 'stderr', text: string, task: TaskOfChunk | undefined): void {
    this.#inbox.take(() => {
      const chunk = task && this.#loop.chunks.get(task.chunkId);
      hearOutput(chunk?.logs ?? this.#loop.logs, slot, stream, text, task?.index, (error) => this.#loop.cancel(this.#jobOf(task), error));
    });
  }

  message(slot: SlotId, task: TaskOfChunk, value: Packed): void {
    this.#inbox.take(() => {
      const job = this.#jobOf(task);
      return hearMessage(job, this.#loop.backend.transport, slot, task, value, (error) => this.#loop.cancel(job, error));
    });
  }

  broken(reason: Error): void {
    this.#loop.broken(cannotStart('no worker can be started', reason));
  }

  fewer(reason: Error): void {
    this.#loop.note({ type: 'fewer', error: cannotStart('a worker cannot be started, and the others go on without it', reason) });
  }

  #lose(slot: SlotId, told: readonly ChunkProgress[], loss: SlotLoss): void {
    const progress = this.#loop.stopping.lost(slot, told, loss, (job, error) => this.#loop.cancel(job, error));
    if (progress.length === 0 && loss.cause !== undefined && !loss.starting && !loss.planned)
      this.#loop.note({ type: 'lateCrash', slot, message: loss.message, cause: loss.cause });
    // What had not started comes back in chunks of other names.
    for (const [id, chunk] of this.#loop.chunks) if (chunk.slot === slot) this.#drop(id);
    this.#loop.dispatch({ type: 'slotDown', slot, progress, asleep: loss.asleep });
  }

  /** Every task of it has failed before it started. */
  endUnrun(slot: SlotId, chunkId: ChunkId): void {
    const chunk = this.#loop.chunks.get(chunkId);
    this.#drop(chunkId);
    const failed = chunk ? indicesOf(chunk) : [];
    this.#loop.dispatch({ type: 'chunkDone', slot, chunkId, ranMs: 0, failed, final: failed });
  }

  /** What a worker sent about a chunk goes to its job, then to the core. */
  #deliver(
    slot: SlotId,
    chunkId: ChunkId,
    output: ChunkOutput,
    tell: (failed: readonly number[], final?: readonly number[], taken?: number) => void,
  ): void | Promise<void> {
    const chunk = this.#loop.chunks.get(chunkId);
    const job = chunk && this.#loop.jobs.get(chunk.jobId);
    if (!job) return tell(NONE);
    return deliver(this.#loop.backend.transport, output, job, { worker: slot, attempt: chunk.attempt, chunk }, (failed, accepted) => {
      const { sink, source } = job.spec;
      this.#loop.counts.done += accepted;
      if (accepted > 0 && this.#loop.isObserved(job)) {
        const count = source.itemOf ? job.itemsDone(output.from, accepted, failed) : accepted;
        if (count > 0) this.#loop.note({ type: 'tasksDone', jobId: job.id, at: now(), count });
      }
      if (sink.refusal) this.#loop.cancel(job, sink.refusal.error);
      const forgotten = job.spec.functions.forgotten();
      if (forgotten.length > 0) job.forget(this.#loop.backend, forgotten);
      const final = failed.length === 0 ? undefined : finalOf(job, failed, (error) => this.#loop.cancel(job, error));
      tell(failed, final, sink.takesAtOnce ? accepted : undefined);
    });
  }

  /** The chunk is over here, and its worker does not write to its column any more: it is done, taken back whole, or the worker is down. */
  #drop(chunkId: ChunkId): void {
    endColumn(this.#loop.chunks.get(chunkId)?.column);
    this.#loop.chunks.delete(chunkId);
  }

  #jobOf(task: TaskOfChunk | undefined): Job | undefined {
    const chunk = task && this.#loop.chunks.get(task.chunkId);
    return chunk && this.#loop.jobs.get(chunk.jobId);
  }
}
