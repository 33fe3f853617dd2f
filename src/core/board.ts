/** What the scheduler looks at: jobs, slots and timers as they stand, and the commands of the event being answered. */
import type { ChunkId, Command, JobId, Millis, SlotId, TimerId } from './events.ts';
import type { JobState } from './job-state.ts';
import { Marked } from './marked.ts';
import { ReadyJobs } from './ready-jobs.ts';
import { SlotSets } from './slot-sets.ts';
import type { SlotHolding } from './slot-state.ts';
import { Timers, type TimerUse } from './timers.ts';

/** A call of a service, and the next: as long after a short call as this, longer ones still cut their chunks for it. */
const COMPANY_MS = 1000;

export class Board {
  readonly jobs = new Map<JobId, JobState>();
  readonly slots = new Map<SlotId, SlotHolding>();
  readonly sets = new SlotSets();
  /** Jobs in progress, by priority. */
  readonly #priorities = new Map<number, number>();
  readonly timers = new Timers();
  readonly ready = new ReadyJobs();
  /** Jobs that the event has changed: only these are looked at again. */
  readonly touched = new Marked<JobState>();
  /** Jobs of which a task has started. */
  readonly begun = new Set<JobState>();
  /** Slots that have gone for want of work, and have not been woken. */
  asleep = 0;
  /** Slots that have been woken and are not up yet. */
  waking = 0;
  /** The job that was added last, and when. */
  #latest: { readonly jobId: JobId; readonly at: Millis } | undefined;
  /** Further attempts at tasks that have been decided on. */
  retried = 0;
  nextChunk: ChunkId = 1;
  nextSlot = 1;
  /** Armed while small work waits on a busy slot and another slot is idle. */
  lookTimer: TimerId | undefined;
  /** It has fired: what is small has waited long enough. */
  looksClosely = false;
  /** The time of the event. */
  at: Millis = 0;
  #commands: Command[] = [];

  begin(at: Millis): void {
    this.at = at;
    this.#commands = [];
    this.looksClosely = false;
    this.touched.clear();
    this.sets.begin();
  }

  add(job: JobState): void {
    this.jobs.set(job.id, job);
    this.touched.add(job);
    const { priority } = job.rules;
    this.#priorities.set(priority, (this.#priorities.get(priority) ?? 0) + 1);
    this.#latest = { jobId: job.id, at: this.at };
  }

  remove(job: JobState): void {
    this.jobs.delete(job.id);
    this.begun.delete(job);
    this.touched.delete(job);
    this.ready.remove(job);
    const { priority } = job.rules;
    const left = (this.#priorities.get(priority) ?? 0) - 1;
    if (left > 0) this.#priorities.set(priority, left);
    else this.#priorities.delete(priority);
  }

  /** Whether jobs of different priorities are in progress. */
  get hasPriorities(): boolean {
    return this.#priorities.size > 1;
  }

  /** Whether other jobs are in progress beside this one, or have come meanwhile and are likely to come again. */
  hasCompany(job: JobState): boolean {
    if (this.jobs.size > 1) return true;
    return this.#latest !== undefined && this.#latest.jobId !== job.id && this.at - this.#latest.at < COMPANY_MS;
  }

  /** Slots there are when there is work: chunks are cut for those, too, that are not up yet. */
  get places(): number {
    return this.slots.size + this.asleep + this.waking;
  }

  get commands(): Command[] {
    return this.#commands;
  }

  order(command: Command): void {
    this.#commands.push(command);
  }

  arm(use: TimerUse, afterMs: Millis): TimerId {
    const timer = this.timers.add(use);
    const watches = use.purpose === 'timeout' || use.purpose === 'grace' ? { slot: use.slot, chunkId: use.chunkId } : undefined;
    this.order({ type: 'armTimer', timer, purpose: use.purpose, afterMs, watches });
    return timer;
  }

  disarm(timer: TimerId): void {
    if (this.timers.fired(timer)) this.order({ type: 'disarmTimer', timer });
  }
}
