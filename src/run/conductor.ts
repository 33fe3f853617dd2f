/**
 * The one impure loop: hears what happened, asks the scheduler, carries out its commands, tells observers. It owns the clock and the timers.
 *
 * Rule: every change goes through `dispatch`, one event at a time; what a command causes while it is carried out waits its turn.
 */
import type { Backend } from '../backend.ts';
import type { Chunk, ChunkId, Command, JobId, SlotId } from '../core/events.ts';
import { Scheduler } from '../core/scheduler.ts';
import { InternalError } from '../errors.ts';
import type { Note, Observer } from '../observer.ts';
import { now } from './clock.ts';
import { EventLine } from './event-line.ts';
import type { ChunkOut } from './hearing.ts';
import { coreRules, Job, type JobSpec } from './job.ts';
import { Listening } from './listening.ts';
import type { LogRule } from './logs.ts';
import { expectedPace } from './paces.ts';
import { readItems } from './reading.ts';
import { send } from './sending.ts';
import { Counts } from './stats.ts';
import { Stopping } from './stopping.ts';
import { Timers } from './timers.ts';

export class Conductor {
  readonly #backend: Backend;
  readonly #scheduler = new Scheduler();
  readonly #observers: readonly Observer[];
  readonly #line: EventLine;
  readonly #jobs = new Map<JobId, Job>();
  readonly #chunks = new Map<ChunkId, ChunkOut>();
  readonly #timers: Timers;
  readonly #stopping: Stopping;
  readonly #listening: Listening;
  /** Numbers of this moment and since the beginning. */
  readonly counts = new Counts(this.#scheduler);
  #nextJob: JobId = 1;
  #whenEmpty: (() => void)[] = [];
  #brokenBy: Error | undefined;

  constructor(backend: Backend, options: { readonly observers?: readonly Observer[]; readonly logs?: LogRule } = {}) {
    this.#backend = backend;
    this.#timers = new Timers(backend, (timer, running) => this.#line.dispatch({ type: 'timerFired', timer, running }));
    this.#stopping = new Stopping(backend, this.#chunks, this.#jobs);
    this.#observers = options.observers ?? [];
    this.#line = new EventLine(this.#scheduler, this.#observers, (command) => this.#carryOutSafely(command));
    this.#listening = new Listening({
      backend,
      jobs: this.#jobs,
      chunks: this.#chunks,
      stopping: this.#stopping,
      counts: this.counts,
      logs: options.logs ?? 'inherit',
      dispatch: (event) => this.#line.dispatch(event),
      cancel: (job, reason) => this.#cancel(job, reason),
      note: (note) => this.#note(note),
      isObserved: (job) => this.#observers.length > 0 || job.spec.observers.length > 0,
      broken: (error) => this.#break(error),
    });
  }

  /** Starts the backend's workers. */
  open(): void {
    this.#backend.open(this.#listening);
  }

  /** Starts a job; its sink hears how it goes. `links` lets a stream report back. */
  add(spec: JobSpec): { readonly taken: (count: number) => void; readonly cancel: (reason: unknown, kills: boolean) => void } {
    const job = new Job(this.#nextJob++, spec, (note) => this.#note(note));
    const cancel = (reason: unknown, kills: boolean) => this.#cancel(job, reason, kills);
    const links = { taken: (count: number) => this.#line.dispatch({ type: 'resultsTaken', jobId: job.id, count }), cancel };
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
    const rules = coreRules(spec.rules, expectedPace(functions.code), this.#backend.can);
    // Before the first item is read: reading runs the caller's code, which may abort.
    job.listen((reason) => cancel(reason, true));
    this.#line.dispatch({ type: 'jobAdded', jobId: job.id, rules });
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

  #break(error: Error): void {
    this.#brokenBy = error;
    this.#note({ type: 'broken', error });
    this.cancelAll(error);
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
        return readItems(this.#jobs.get(command.jobId), command, this.#line, (note) => this.#note(note));
      case 'runChunk':
        return this.#run(command.slot, command.chunk, command.lanes);
      case 'takeBack':
        return this.#takeBack(command);
      case 'stopTask':
        return this.#stopping.stop(command);
      case 'killSlot':
        return this.#stopping.kill(command);
      case 'retireSlot':
        return this.#backend.retire(command.slot);
      case 'wakeSlots':
        return this.#backend.wake(command.count);
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

  #run(slot: SlotId, chunk: Chunk, lanes: number): void {
    // A job that ended through an earlier command of the same step has nothing left to run.
    const job = this.#jobs.get(chunk.jobId);
    if (!job) return;
    const { id, jobId, from, to, attempt } = chunk;
    const out: ChunkOut = { id, jobId, from, to, attempt, slot, lanes, logs: job.spec.logs, resent: 0 };
    this.#chunks.set(id, out);
    if (job.failures.size > 0) for (const index of job.failures.keys()) if (index >= from && index < to) job.failures.delete(index);
    const began = now();
    if (!send(this.#backend, slot, job, out)) return this.#listening.endUnrun(slot, id);
    out.sent = { tasks: to - from, ms: now() - began };
  }

  /** What has moved to a worker stays there. */
  #takeBack({ slot, chunkId, to }: Extract<Command, { type: 'takeBack' }>): void {
    const chunk = this.#chunks.get(chunkId);
    if (chunk?.hasMoved) this.#listening.chunkShortened(slot, chunkId, chunk.to);
    else this.#backend.takeBack(slot, chunkId, to);
  }

  #giveUp(jobId: JobId, index: number): void {
    const job = this.#jobs.get(jobId);
    if (!job) return;
    const { sink, rules } = job.spec;
    const error = job.giveUp(index);
    this.counts.failed++;
    this.#note({ type: 'taskFailed', jobId, at: now(), index });
    if (rules.stopOnFailure) job.ending ??= { error };
    else sink.fail(index, error);
    if (sink.takesAtOnce) this.#line.dispatch({ type: 'resultsTaken', jobId, count: 1 });
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
    this.#line.dispatch({ type: 'jobCancelled', jobId: job.id, kills });
  }

  #note(note: Note, job = 'jobId' in note ? this.#jobs.get(note.jobId) : undefined): void {
    for (const observer of this.#observers) observer.onNote?.(note);
    job?.tell(note, (error) => this.#cancel(job, error));
  }
}
