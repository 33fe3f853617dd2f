/**
 * The one impure loop: hears what happened, asks the scheduler, carries out its commands, tells observers. It owns the clock and the timers.
 *
 * Rule: every change goes through `dispatch`, one event at a time; what a command causes while it is carried out waits its turn.
 */
import type { Backend, BackendListener, ChunkOutput, SlotLoss } from '../backend.ts';
import type { Chunk, ChunkId, ChunkProgress, Command, GiveUpReason, JobId, SchedulerEvent, SlotId, TimerId } from '../core/events.ts';
import { Scheduler } from '../core/scheduler.ts';
import { InternalError, TaskTimeoutError, WorkerLostError } from '../errors.ts';
import type { Note, Observer } from '../observer.ts';
import { isPackedRange } from '../transport.ts';
import { deliver } from './delivering.ts';
import { preview, rememberPlace } from './failures.ts';
import { Inbox } from './inbox.ts';
import { Job, type JobSpec } from './job.ts';
import { expectedTaskMs } from './paces.ts';
import { packChunk } from './packing.ts';

/** Taken at import, so that a program's fake timers do not freeze us. */
const now = performance.now.bind(performance);
const startTimer = setTimeout;
const stopTimer = clearTimeout;

// Omit over each member of the union, so that an event without its time keeps its shape.
type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

export class Conductor implements BackendListener {
  readonly #backend: Backend;
  readonly #scheduler = new Scheduler();
  readonly #observers: readonly Observer[];
  readonly #jobs = new Map<JobId, Job>();
  readonly #chunks = new Map<ChunkId, Chunk>();
  readonly #timers = new Map<TimerId, NodeJS.Timeout>();
  readonly #pending: SchedulerEvent[] = [];
  readonly #print: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly #inbox = new Inbox();
  #nextJob: JobId = 1;
  #dispatching = false;
  #whenEmpty: (() => void)[] = [];
  #brokenBy: Error | undefined;

  constructor(backend: Backend, options: { readonly observers?: readonly Observer[] } = {}) {
    this.#backend = backend;
    this.#observers = options.observers ?? [];
    this.#print = (stream, text) => void process[stream].write(text);
  }

  /** Starts a job; its sink hears how it goes. `links` lets a stream report back. */
  add(spec: JobSpec): { readonly taken: (count: number) => void; readonly cancel: (reason: unknown) => void } {
    const job = new Job(this.#nextJob++, spec);
    const cancel = (reason: unknown) => this.#cancel(job, reason);
    const links = { taken: (count: number) => this.#dispatch({ type: 'resultsTaken', jobId: job.id, count }), cancel };
    if (this.#brokenBy) {
      job.ending = { error: this.#brokenBy };
      job.finish();
      return links;
    }
    this.#jobs.set(job.id, job);
    this.#backend.define(spec.fn);
    this.#note({ type: 'jobStarted', jobId: job.id, at: now(), functionName: spec.fn.name, size: spec.source.size });
    for (const text of spec.fn.warnings) this.#note({ type: 'warning', jobId: job.id, text });
    const rules = { ...spec.rules, taskMs: expectedTaskMs(spec.fn.code), resplits: this.#backend.can.takeBack };
    // Before the first item is read: reading runs the caller's code, which may abort.
    job.listen(cancel);
    this.#dispatch({ type: 'jobAdded', jobId: job.id, rules });
    return links;
  }

  /** Ends every job with this error. */
  cancelAll(error: unknown): void {
    for (const job of [...this.#jobs.values()]) this.#cancel(job, error);
  }

  /** Resolves when no job is in progress. */
  async whenEmpty(): Promise<void> {
    if (this.#jobs.size === 0) return;
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  // What the backend tells.

  slotUp(slot: SlotId, depth: number): void {
    this.#inbox.take(() => this.#dispatch({ type: 'slotUp', slot, depth }));
  }

  slotReady(slot: SlotId): void {
    this.#note({ type: 'slotReady', slot });
  }

  slotDown(slot: SlotId, progress: readonly ChunkProgress[], loss: SlotLoss): void {
    this.#inbox.take(() => this.#lose(slot, progress, loss));
  }

  chunkPart(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, upTo: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed) => this.#dispatch({ type: 'chunkPart', slot, chunkId, upTo, failed })),
    );
  }

  chunkDone(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, ranMs: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed) => {
        const chunk = this.#chunks.get(chunkId);
        this.#chunks.delete(chunkId);
        if (chunk) this.#jobs.get(chunk.jobId)?.ran(output.from + output.results.values.length - chunk.from, ranMs);
        this.#dispatch({ type: 'chunkDone', slot, chunkId, ranMs, failed });
      }),
    );
  }

  chunkShortened(slot: SlotId, chunkId: ChunkId, to: number): void {
    const chunk = this.#chunks.get(chunkId);
    if (chunk && to <= chunk.from) this.#chunks.delete(chunkId);
    this.#dispatch({ type: 'chunkShortened', slot, chunkId, to });
  }

  output(_slot: SlotId, stream: 'stdout' | 'stderr', text: string): void {
    this.#inbox.take(() => this.#print(stream, text));
  }

  broken(reason: Error): void {
    const message = `no worker can be started: ${reason.message}. The cause says why.`;
    this.#brokenBy = new WorkerLostError('WORKER_START_FAILED', message, { cause: reason.cause ?? reason });
    this.#note({ type: 'broken', error: this.#brokenBy });
    this.cancelAll(this.#brokenBy);
  }

  // The loop.

  #lose(slot: SlotId, progress: readonly ChunkProgress[], loss: SlotLoss): void {
    for (const { chunkId, finishedTo, startedTo } of progress) {
      const chunk = this.#chunks.get(chunkId);
      const job = chunk && this.#jobs.get(chunk.jobId);
      if (!job) continue;
      for (let index = finishedTo; index < (startedTo ?? chunk.to); index++)
        job.lose(index, { worker: slot, attempt: chunk.attempt }, loss);
    }
    if (progress.length === 0 && loss.cause !== undefined)
      this.#note({ type: 'lateCrash', slot, message: loss.message, cause: loss.cause });
    this.#dispatch({ type: 'slotDown', slot, progress });
  }

  #dispatch(event: WithoutTime<SchedulerEvent>): void {
    this.#pending.push({ ...event, at: now() } as SchedulerEvent);
    if (this.#dispatching) return;
    this.#dispatching = true;
    try {
      for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
        const commands = this.#scheduler.handle(next);
        for (const observer of this.#observers) observer.onStep?.(next, commands);
        for (const command of commands) this.#carryOutSafely(command);
      }
    } finally {
      this.#dispatching = false;
    }
  }

  /** A mistake of ours ends the job it concerns; the other commands of the step are carried out all the same. */
  #carryOutSafely(command: Command): void {
    try {
      this.#carryOut(command);
    } catch (cause) {
      const jobId = command.type === 'runChunk' ? command.chunk.jobId : 'jobId' in command ? command.jobId : undefined;
      const job = jobId === undefined ? undefined : this.#jobs.get(jobId);
      const error = new InternalError(`carrying out "${command.type}" failed`, { cause });
      if (job) this.#cancel(job, error);
      else process.emitWarning(error);
    }
  }

  #carryOut(command: Command): void {
    switch (command.type) {
      case 'readItems':
        return this.#read(command.jobId, command.count);
      case 'runChunk':
        return this.#run(command.slot, command.chunk, command.lanes);
      case 'takeBack':
        return this.#backend.takeBack(command.slot, command.chunkId, command.to);
      case 'killSlot':
        return this.#backend.kill(command.slot);
      case 'armTimer': {
        const { timer, afterMs } = command;
        this.#timers.set(
          timer,
          startTimer(() => this.#timerFired(timer), afterMs),
        );
        return;
      }
      case 'disarmTimer':
        stopTimer(this.#timers.get(command.timer));
        this.#timers.delete(command.timer);
        return;
      case 'giveUp':
        return this.#giveUp(command.jobId, command.index, command.why);
      case 'finishJob':
        return this.#finish(command.jobId);
    }
  }

  #read(jobId: JobId, count: number): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    const failed = (error: unknown) => {
      job.ending ??= { error };
      this.#dispatch({ type: 'readFailed', jobId });
    };
    try {
      job.spec.source.read(count, {
        items: (read, bytes, last) => this.#dispatch({ type: 'itemsRead', jobId, count: read, bytes, last }),
        failed,
      });
    } catch (error) {
      failed(error);
    }
  }

  #run(slot: SlotId, chunk: Chunk, lanes: number): void {
    // A job that ended through an earlier command of the same step has nothing left to run.
    const job = this.#jobs.get(chunk.jobId);
    if (!job) return;
    this.#chunks.set(chunk.id, chunk);
    for (const index of job.failures.keys()) if (index >= chunk.from && index < chunk.to) job.failures.delete(index);
    try {
      this.#backend.run(slot, packChunk(this.#backend.transport, job, chunk, lanes));
    } catch (error) {
      this.#runWithoutUnsendable(slot, chunk, lanes, job, error);
    }
  }

  /** Sending has failed, and nothing was sent. Only the items to blame fail; where none is, all do, with the reason. */
  #runWithoutUnsendable(slot: SlotId, chunk: Chunk, lanes: number, job: Job, error: unknown): void {
    const { from, to, attempt } = chunk;
    const items = job.spec.source.slice(from, to);
    const refused = isPackedRange(items) ? [] : this.#backend.transport.unsendable(items);
    try {
      if (refused.length === 0) throw error;
      this.#backend.run(slot, packChunk(this.#backend.transport, job, chunk, lanes, refused));
    } catch (reason) {
      const failed = Array.from({ length: to - from }, (_, i) => from + i);
      for (const index of failed) job.failures.set(index, { error: reason, worker: undefined, attempt });
      this.#chunks.delete(chunk.id);
      this.#dispatch({ type: 'chunkDone', slot, chunkId: chunk.id, ranMs: 0, failed });
    }
  }

  /** What a worker sent about a chunk goes to its job, then to the core. */
  #deliver(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, tell: (failed: number[]) => void): void | Promise<void> {
    const chunk = this.#chunks.get(chunkId);
    const job = chunk && this.#jobs.get(chunk.jobId);
    if (!job) return tell([]);
    return deliver(this.#backend.transport, output, job, { worker: slot, attempt: chunk.attempt }, (failed, accepted) => {
      if (accepted > 0 && job.spec.sink.takesAtOnce) this.#dispatch({ type: 'resultsTaken', jobId: job.id, count: accepted });
      tell(failed);
    });
  }

  #giveUp(jobId: JobId, index: number, why: GiveUpReason): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    const { fn, sink, source, rules } = job.spec;
    const failure = job.failures.get(index);
    job.failures.delete(index);
    const item = preview(source.at(index));
    const error =
      why === 'timedOut'
        ? new TaskTimeoutError(`items[${index}] (${item}) ran longer than ${rules.timeoutMs} ms in "${fn.name}"`)
        : failure?.error;
    rememberPlace(error, { index, preview: item, worker: failure?.worker, attempt: failure?.attempt ?? 1 });
    source.release(index);
    if (rules.stopOnFailure) job.ending ??= { error };
    else sink.fail(index, error);
    if (sink.takesAtOnce) this.#dispatch({ type: 'resultsTaken', jobId, count: 1 });
  }

  #finish(jobId: JobId): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    this.#jobs.delete(jobId);
    this.#backend.forget(job.spec.fn.id);
    job.finish();
    if (this.#jobs.size > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #cancel(job: Job, reason: unknown): void {
    if (!this.#jobs.has(job.id)) return;
    job.ending ??= { error: reason };
    this.#dispatch({ type: 'jobCancelled', jobId: job.id });
  }

  #timerFired(timer: TimerId): void {
    this.#timers.delete(timer);
    this.#dispatch({ type: 'timerFired', timer });
  }

  #note(note: Note): void {
    for (const observer of this.#observers) observer.onNote?.(note);
  }
}
