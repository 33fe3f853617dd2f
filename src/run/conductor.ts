/**
 * The one impure loop: hears what happened, asks the scheduler, carries out its commands, tells observers. It owns the clock and the timers.
 *
 * Rule: every change goes through `dispatch`, one event at a time; what a command causes while it is carried out waits its turn.
 */
import type { Backend, BackendListener, ChunkOutput, SlotLoss, TaskOfChunk } from '../backend.ts';
import type { Chunk, ChunkId, ChunkProgress, Command, JobId, SlotId } from '../core/events.ts';
import { Scheduler } from '../core/scheduler.ts';
import { InternalError } from '../errors.ts';
import type { Note, Observer } from '../observer.ts';
import type { ShipWarning, StateDifference } from '../shipped.ts';
import type { Packed } from '../transport.ts';
import { now } from './clock.ts';
import { cannotStart, deliver } from './delivering.ts';
import { DispatchLine, type Happened } from './dispatch-line.ts';
import { type ChunkOut, hearLateError, hearMessage, hearOutput } from './hearing.ts';
import { Inbox } from './inbox.ts';
import { Job, type JobSpec } from './job.ts';
import type { LogRule } from './logs.ts';
import { expectedTaskMs } from './paces.ts';
import { readItems } from './reading.ts';
import { finalOf } from './retry-rule.ts';
import { indicesOf, send, sendAnew } from './sending.ts';
import { Stopping } from './stopping.ts';
import { Timers } from './timers.ts';

export class Conductor implements BackendListener {
  readonly #backend: Backend;
  readonly #scheduler = new Scheduler();
  readonly #observers: readonly Observer[];
  readonly #logs: LogRule;
  readonly #jobs = new Map<JobId, Job>();
  readonly #chunks = new Map<ChunkId, ChunkOut>();
  readonly #line: DispatchLine;
  readonly #dispatch = (event: Happened) => this.#line.dispatch(event);
  readonly #timers: Timers;
  readonly #stopping: Stopping;
  readonly #inbox = new Inbox();
  #nextJob: JobId = 1;
  #whenEmpty: (() => void)[] = [];
  #brokenBy: Error | undefined;

  constructor(backend: Backend, { observers = [], logs = 'inherit' }: { observers?: readonly Observer[]; logs?: LogRule } = {}) {
    this.#backend = backend;
    this.#observers = observers;
    this.#logs = logs;
    this.#line = new DispatchLine(this.#scheduler, observers, (command) => this.#carryOutSafely(command));
    this.#timers = new Timers(backend, (timer, running) => this.#dispatch({ type: 'timerFired', timer, running }));
    this.#stopping = new Stopping(backend, this.#chunks, this.#jobs);
  }

  /** Starts a job; its sink hears how it goes. `links` lets a stream report back. */
  add(spec: JobSpec): { readonly taken: (count: number) => void; readonly cancel: (reason: unknown, kills: boolean) => void } {
    const job = new Job(this.#nextJob++, spec, (note) => this.#note(note));
    const cancel = (reason: unknown, kills: boolean) => this.#cancel(job, reason, kills);
    const links = { taken: (count: number) => this.#dispatch({ type: 'resultsTaken', jobId: job.id, count }), cancel };
    if (this.#brokenBy) {
      job.ending = { error: this.#brokenBy };
      job.finish();
      return links;
    }
    const { functions, source } = spec;
    const size = source.size === undefined ? undefined : job.items(0, source.size);
    this.#note({ type: 'jobStarted', jobId: job.id, at: now(), functionName: functions.name, size }, job);
    if (job.ending) {
      this.#note({ type: 'jobEnded', jobId: job.id, at: now(), failure: job.ending }, job);
      job.finish();
      return links;
    }
    this.#jobs.set(job.id, job);
    if (functions.code !== undefined) job.define(this.#backend, functions.of(0));
    const { takeBack, kill } = this.#backend.can;
    const rules = { ...spec.rules, taskMs: expectedTaskMs(functions.code), resplits: takeBack, kills: kill };
    // Before the first item is read: reading runs the caller's code, which may abort.
    job.listen((reason) => cancel(reason, true));
    this.#dispatch({ type: 'jobAdded', jobId: job.id, rules });
    return links;
  }

  /** Ends every job with this error. */
  cancelAll(error: unknown): void {
    for (const job of [...this.#jobs.values()]) this.#cancel(job, error, true);
  }

  /** Resolves when no job is in progress. */
  async whenEmpty(): Promise<void> {
    if (this.#jobs.size > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  // What the backend tells.

  slotUp(slot: SlotId, depth: number): void {
    this.#inbox.take(() => this.#dispatch({ type: 'slotUp', slot, depth }));
  }

  slotReady(slot: SlotId): void {
    this.#note({ type: 'slotReady', slot });
  }

  slotTired(_slot: SlotId): void {}

  lateError(slot: SlotId, error: Packed, index: number | undefined): void {
    const tell = (cause: unknown) => this.#note({ type: 'lateError', slot, index, error: cause });
    this.#inbox.take(() => hearLateError(this.#backend.transport, error, tell));
  }

  slotDown(slot: SlotId, progress: readonly ChunkProgress[], loss: SlotLoss): void {
    this.#inbox.take(() => this.#lose(slot, progress, loss));
  }

  chunkPart(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, upTo: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed, final) => this.#dispatch({ type: 'chunkPart', slot, chunkId, upTo, failed, final })),
    );
  }

  chunkDone(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, ranMs: number): void {
    this.#inbox.take(() =>
      this.#deliver(slot, chunkId, output, (failed, final) => {
        const chunk = this.#chunks.get(chunkId);
        this.#chunks.delete(chunkId);
        if (chunk) this.#jobs.get(chunk.jobId)?.ran(output.from + output.results.values.length - chunk.from, ranMs);
        this.#dispatch({ type: 'chunkDone', slot, chunkId, ranMs, failed, final });
      }),
    );
  }

  chunkShortened(slot: SlotId, chunkId: ChunkId, to: number): void {
    const chunk = this.#chunks.get(chunkId);
    if (chunk) chunk.to = to;
    if (to <= (chunk?.from ?? to)) this.#chunks.delete(chunkId);
    this.#dispatch({ type: 'chunkShortened', slot, chunkId, to });
  }

  chunkDiffers(slot: SlotId, chunkId: ChunkId, differences: readonly StateDifference[]): void {
    this.#inbox.take(() => {
      const chunk = this.#chunks.get(chunkId);
      const job = chunk && this.#jobs.get(chunk.jobId);
      const tell = (warning: ShipWarning) => this.#note({ type: 'warning', jobId: (job as Job).id, warning });
      if (!job || !sendAnew(this.#backend, slot, job, chunk, differences, tell)) this.#endUnrun(slot, chunkId);
    });
  }

  output(slot: SlotId, stream: 'stdout' | 'stderr', text: string, task: TaskOfChunk | undefined): void {
    this.#inbox.take(() => {
      const chunk = task && this.#chunks.get(task.chunkId);
      hearOutput(chunk?.logs ?? this.#logs, slot, stream, text, task?.index, (error) => this.#cancel(this.#jobOf(task), error));
    });
  }

  message(slot: SlotId, task: TaskOfChunk, value: Packed): void {
    this.#inbox.take(() => {
      const job = this.#jobOf(task);
      return hearMessage(job, this.#backend.transport, slot, task, value, (error) => this.#cancel(job, error));
    });
  }

  broken(reason: Error): void {
    this.#brokenBy = cannotStart('no worker can be started', reason);
    this.#note({ type: 'broken', error: this.#brokenBy });
    this.cancelAll(this.#brokenBy);
  }

  fewer(reason: Error): void {
    this.#note({ type: 'fewer', error: cannotStart('a worker cannot be started, and the others go on without it', reason) });
  }

  #lose(slot: SlotId, told: readonly ChunkProgress[], loss: SlotLoss): void {
    const progress = this.#stopping.lost(slot, told, loss, (job, error) => this.#cancel(job, error));
    if (progress.length === 0 && loss.cause !== undefined && !loss.starting)
      this.#note({ type: 'lateCrash', slot, message: loss.message, cause: loss.cause });
    this.#dispatch({ type: 'slotDown', slot, progress });
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
      case 'stopTask':
        return this.#stopping.stop(command);
      case 'killSlot':
        return this.#stopping.kill(command);
      case 'armTimer':
        return this.#timers.arm(command);
      case 'disarmTimer':
        return this.#timers.disarm(command.timer);
      case 'giveUp':
        return this.#giveUp(command.jobId, command.index);
      case 'finishJob':
        return this.#finish(command.jobId);
    }
  }

  #read(jobId: JobId, count: number): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    readItems(job, count, {
      items: (read, bytes, last) => {
        if (job.countsTo(read, last)) this.#note({ type: 'jobSized', jobId, at: now(), size: job.items(0, job.read) });
        this.#dispatch({ type: 'itemsRead', jobId, count: read, bytes, last });
      },
      failed: (error) => {
        job.ending ??= { error };
        this.#dispatch({ type: 'readFailed', jobId });
      },
    });
  }

  #run(slot: SlotId, chunk: Chunk, lanes: number): void {
    // A job that ended through an earlier command of the same step has nothing left to run.
    const job = this.#jobs.get(chunk.jobId);
    if (!job) return;
    this.#chunks.set(chunk.id, { ...chunk, lanes, logs: job.spec.logs, resent: 0 });
    for (const index of job.failures.keys()) if (index >= chunk.from && index < chunk.to) job.failures.delete(index);
    if (!send(this.#backend, slot, job, chunk, lanes)) this.#endUnrun(slot, chunk.id);
  }

  /** Every task of it has failed before it started. */
  #endUnrun(slot: SlotId, chunkId: ChunkId): void {
    const chunk = this.#chunks.get(chunkId);
    this.#chunks.delete(chunkId);
    const failed = chunk ? indicesOf(chunk) : [];
    this.#dispatch({ type: 'chunkDone', slot, chunkId, ranMs: 0, failed, final: failed });
  }

  /** What a worker sent about a chunk goes to its job, then to the core. */
  #deliver(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, tell: (failed: number[], final?: number[]) => void): void | Promise<void> {
    const chunk = this.#chunks.get(chunkId);
    const job = chunk && this.#jobs.get(chunk.jobId);
    if (!job) return tell([]);
    return deliver(this.#backend.transport, output, job, { worker: slot, attempt: chunk.attempt }, (failed, accepted) => {
      const { sink, source } = job.spec;
      if (accepted > 0 && sink.takesAtOnce) this.#dispatch({ type: 'resultsTaken', jobId: job.id, count: accepted });
      const count = source.itemOf ? job.itemsDone(output.from, accepted, failed) : accepted;
      if (count > 0) this.#note({ type: 'tasksDone', jobId: job.id, at: now(), count });
      if (sink.refusal) this.#cancel(job, sink.refusal.error);
      job.forget(this.#backend, job.spec.functions.forgotten());
      tell(
        failed,
        finalOf(job, failed, (error) => this.#cancel(job, error)),
      );
    });
  }

  #giveUp(jobId: JobId, index: number): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    const { sink, rules } = job.spec;
    const error = job.giveUp(index);
    this.#note({ type: 'taskFailed', jobId, at: now(), index });
    if (rules.stopOnFailure) job.ending ??= { error };
    else sink.fail(index, error);
    if (sink.takesAtOnce) this.#dispatch({ type: 'resultsTaken', jobId, count: 1 });
  }

  #finish(jobId: JobId): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    this.#jobs.delete(jobId);
    job.forget(this.#backend);
    this.#note({ type: 'jobEnded', jobId, at: now(), failure: job.ending }, job);
    job.finish();
    if (this.#jobs.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  /** `kills`: the caller wants it ended, and what does not stop is killed; else it is about to fail by itself. */
  #cancel(job: Job | undefined, reason: unknown, kills = false): void {
    if (!job || !this.#jobs.has(job.id)) return;
    job.ending ??= { error: reason };
    if (kills) job.stopReason = reason;
    this.#dispatch({ type: 'jobCancelled', jobId: job.id, kills });
  }

  #jobOf(task: TaskOfChunk | undefined): Job | undefined {
    const chunk = task && this.#chunks.get(task.chunkId);
    return chunk && this.#jobs.get(chunk.jobId);
  }

  #note(note: Note, job = 'jobId' in note ? this.#jobs.get(note.jobId) : undefined): void {
    for (const observer of this.#observers) observer.onNote?.(note);
    job?.tell(note, (error) => this.#cancel(job, error));
  }
}
