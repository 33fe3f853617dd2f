/**
 * The scheduler: one door in, a list of commands out. It decides what runs where and when, and does nothing itself.
 *
 * Rule 1: no import from outside this folder, no clock, no randomness, no promise.
 * Rule 2: every event is answered completely: after `handle` no slot with room is left beside a task that may run.
 */
import type { Chunk, ChunkId, ChunkProgress, Command, GiveUpReason, JobId, Millis, SchedulerEvent, SlotId, TimerId } from './events.ts';
import { JobState } from './job-state.ts';
import type { Range } from './ranges.ts';
import { ReadyJobs } from './ready-jobs.ts';
import { retryDelay, splitLost } from './retrying.ts';
import { type HeldChunk, SlotHolding } from './slot-state.ts';
import { moveChunk, moveSlot } from './states.ts';
import { bestTakeBack } from './stealing.ts';
import { Timers, type TimerUse } from './timers.ts';

export class Scheduler {
  readonly jobs = new Map<JobId, JobState>();
  readonly slots = new Map<SlotId, SlotHolding>();
  readonly timers = new Timers();
  readonly #ready = new ReadyJobs();
  #nextChunk: ChunkId = 1;
  #commands: Command[] = [];
  #touched = new Set<JobState>();
  #at: Millis = 0;

  /** Answers one event with everything that has to be done about it, in order. */
  handle(event: SchedulerEvent): Command[] {
    this.#commands = [];
    this.#touched.clear();
    this.#at = event.at;
    this.#apply(event);
    this.#assign();
    for (const job of this.#touched) this.#readAhead(job);
    return this.#commands;
  }

  #apply(event: SchedulerEvent): void {
    switch (event.type) {
      case 'jobAdded': {
        const job = new JobState(event.jobId, event.rules);
        this.jobs.set(event.jobId, job);
        this.#touched.add(job);
        return;
      }
      case 'slotUp':
        this.slots.set(event.slot, new SlotHolding(event.slot, event.depth));
        for (const job of this.jobs.values()) this.#touched.add(job);
        return;
      case 'slotDown':
        return this.#slotDown(event.slot, event.progress);
      case 'chunkPart':
      case 'chunkDone':
      case 'chunkShortened':
      case 'chunkLost':
        return this.#onChunk(event);
      case 'timerFired':
        return this.#timerFired(event.timer, event.taskRanMs);
      default: {
        const job = this.jobs.get(event.jobId);
        // A job that has ended may still hear from its reader, its consumer or its signal.
        if (!job) return;
        this.#touched.add(job);
        return this.#onJob(job, event);
      }
    }
  }

  #onJob(job: JobState, event: Extract<SchedulerEvent, { jobId: JobId }>): void {
    switch (event.type) {
      case 'itemsRead':
        job.itemsRead(event.count, event.bytes, event.last);
        break;
      case 'readFailed':
        job.inputEnded = true;
        job.asked = 0;
        if (job.rules.stopOnFailure) return this.#endJob(job);
        break;
      case 'resultsTaken':
        job.resultsTaken(event.count);
        break;
      case 'jobPaused':
        job.paused = true;
        break;
      case 'jobResumed':
        job.paused = false;
        break;
      case 'jobCancelled':
        return this.#endJob(job);
    }
    this.#settle(job);
  }

  #onChunk(event: Extract<SchedulerEvent, { chunkId: ChunkId }>): void {
    const slot = this.slots.get(event.slot);
    const held = slot?.held.get(event.chunkId);
    // A slot that went down, or a chunk taken back whole, may still have an answer on its way.
    if (!slot || !held) return;
    const job = this.jobs.get(held.chunk.jobId);
    if (job) this.#touched.add(job);
    switch (event.type) {
      case 'chunkPart':
        held.state = moveChunk(held.state, 'chunkPart', 'running');
        this.#finish(job, held, event.upTo, event.failed);
        break;
      case 'chunkDone': {
        const { from, to } = held.chunk;
        held.state = moveChunk(held.state, 'chunkDone', 'done');
        job?.pace.record(to - from, event.ranMs);
        this.#release(slot, held, job);
        this.#finish(job, held, to, event.failed);
        break;
      }
      case 'chunkShortened':
        this.#shortened(slot, held, job, event.to);
        break;
      case 'chunkLost':
        held.state = moveChunk(held.state, 'chunkLost', 'lost');
        this.#release(slot, held, job);
        this.#requeueLost(job, held, { chunkId: held.chunk.id, finishedTo: held.finishedTo, startedTo: undefined });
        break;
    }
    this.#promote(slot);
    if (job) this.#settle(job);
  }

  /** Books the items of a chunk up to `upTo` as ended: each has a result, or is in `failed`. */
  #finish(job: JobState | undefined, held: HeldChunk, upTo: number, failed: readonly number[]): void {
    const ended = Math.max(0, upTo - held.finishedTo);
    held.finishedTo = Math.max(held.finishedTo, upTo);
    if (!job) return;
    job.heldTasks -= ended;
    job.finished += ended - failed.length;
    this.#failAll(job, failed, held.chunk.attempt, 'failed');
  }

  /** The unstarted tail of a chunk is back. */
  #shortened(slot: SlotHolding, held: HeldChunk, job: JobState | undefined, to: number): void {
    const { from, to: oldTo, attempt } = held.chunk;
    const newTo = Math.min(Math.max(to, from), oldTo);
    held.recall = newTo < oldTo ? 'none' : 'refused';
    held.chunk = { ...held.chunk, to: newTo };
    if (job) {
      job.heldTasks -= oldTo - newTo;
      job.queue.prepend({ from: newTo, to: oldTo, attempt });
    }
    if (newTo === from) {
      held.state = moveChunk(held.state, 'chunkShortened', 'returned');
      this.#release(slot, held, job);
    }
  }

  #slotDown(id: SlotId, progress: readonly ChunkProgress[]): void {
    const slot = this.slots.get(id);
    if (!slot) return;
    slot.state = moveSlot(slot.state, 'slotDown', 'gone');
    this.slots.delete(id);
    for (const held of [...slot.held.values()].reverse()) {
      const how = progress.find((p) => p.chunkId === held.chunk.id);
      const job = this.jobs.get(held.chunk.jobId);
      if (job) this.#touched.add(job);
      held.state = moveChunk(held.state, 'slotDown', how ? 'lost' : 'returned');
      this.#release(slot, held, job);
      this.#requeueLost(job, held, how);
      if (job) this.#settle(job);
    }
  }

  #requeueLost(job: JobState | undefined, held: HeldChunk, progress: ChunkProgress | undefined): void {
    if (!job) return;
    const { to, attempt } = held.chunk;
    const left = { from: held.finishedTo, to, attempt };
    const pieces = splitLost(left, progress);
    job.heldTasks -= left.to - left.from;
    job.finished += pieces.finishedTo - left.from;
    for (const again of [...pieces.again].reverse()) job.queue.prepend(again);
    this.#failAll(job, pieces.blamed, attempt, held.timedOut ? 'timedOut' : 'lost');
  }

  #failAll(job: JobState, indices: readonly number[], attempt: number, why: GiveUpReason): void {
    for (const index of indices) {
      // The first failure may have ended the job.
      if (!this.jobs.has(job.id)) return;
      this.#failed(job, { from: index, to: index + 1, attempt }, why);
    }
  }

  /** An attempt at one item has failed: it runs again, now or later, or is given up. */
  #failed(job: JobState, item: Range, why: GiveUpReason): void {
    const attempt = item.attempt + 1;
    const delay = retryDelay(job.rules.retries, attempt);
    if (delay === undefined) {
      job.finished++;
      this.#commands.push({ type: 'giveUp', jobId: job.id, index: item.from, why });
      if (job.rules.stopOnFailure) this.#endJob(job);
    } else if (delay > 0) {
      job.delayed++;
      job.retryTimers.add(this.#arm({ purpose: 'retry', jobId: job.id, range: { ...item, attempt } }, delay));
    } else job.queue.prepend({ ...item, attempt });
  }

  #timerFired(timer: TimerId, taskRanMs: Millis | undefined): void {
    const use = this.timers.fired(timer);
    if (!use) return;
    if (use.purpose === 'retry') {
      const job = this.jobs.get(use.jobId);
      if (!job) return;
      job.retryTimers.delete(timer);
      job.delayed--;
      job.queue.prepend(use.range);
      this.#touched.add(job);
      this.#ready.refresh(job);
      return;
    }
    const slot = this.slots.get(use.slot);
    const held = slot?.held.get(use.chunkId);
    if (!slot || !held) return;
    held.timer = undefined;
    const limit = this.jobs.get(held.chunk.jobId)?.rules.timeoutMs;
    // The timer watches a chunk; the task that runs now may have started later, and then has time left.
    if (use.purpose === 'timeout' && limit !== undefined && taskRanMs !== undefined && taskRanMs < limit) {
      held.timer = this.#arm(use, limit - taskRanMs);
      return;
    }
    held.timedOut = use.purpose === 'timeout';
    if (slot.state !== 'up') return;
    slot.state = moveSlot(slot.state, 'killSlot', 'dying');
    this.#commands.push({ type: 'killSlot', slot: slot.id });
  }

  /** Hands waiting tasks to slots with room, idle slots first; when nothing waits, idle slots get what busy ones have not started. */
  #assign(): void {
    for (const job of this.#touched) this.#ready.refresh(job);
    for (let given = true; given && this.#ready.size > 0; ) {
      given = false;
      for (const slot of [...this.slots.values()].sort((a, b) => a.held.size - b.held.size)) {
        const job = this.#ready.next(slot);
        if (!job) continue;
        this.#give(slot, job);
        given = true;
      }
    }
    if (this.#ready.size > 0) return;
    for (const slot of this.slots.values()) {
      if (!slot.idle) continue;
      const command = bestTakeBack(this.slots.values(), (held) => this.jobs.get(held.chunk.jobId), this.#at);
      if (!command) return;
      this.#commands.push(command);
    }
  }

  #give(slot: SlotHolding, job: JobState): void {
    const size = job.chunkSize(this.slots.size);
    const range = job.queue.take(size);
    if (!range) throw new Error(`job ${job.id} was ready with nothing queued`);
    const chunk: Chunk = { id: this.#nextChunk++, jobId: job.id, ...range };
    const tasks = range.to - range.from;
    const taskMs = job.pace.taskMs;
    const expectedMs = taskMs === undefined ? undefined : taskMs * tasks;
    const { lanes } = job.rules;
    slot.held.set(chunk.id, {
      chunk,
      state: 'waiting',
      finishedTo: range.from,
      runningSince: undefined,
      expectedMs,
      lanes,
      recall: 'none',
      timer: undefined,
      timedOut: false,
    });
    job.heldTasks += tasks;
    job.heldChunks++;
    this.#commands.push({ type: 'runChunk', slot: slot.id, chunk, lanes });
    this.#promote(slot);
    this.#touched.add(job);
    this.#ready.turnTaken(job);
  }

  #promote(slot: SlotHolding): void {
    for (const held of slot.promote(this.#at)) {
      const limit = this.jobs.get(held.chunk.jobId)?.rules.timeoutMs;
      if (limit !== undefined) held.timer = this.#arm({ purpose: 'timeout', slot: slot.id, chunkId: held.chunk.id }, limit);
    }
  }

  /** A chunk leaves its slot. */
  #release(slot: SlotHolding, held: HeldChunk, job: JobState | undefined): void {
    slot.held.delete(held.chunk.id);
    if (held.timer !== undefined) this.#disarm(held.timer);
    if (job) job.heldChunks--;
  }

  #settle(job: JobState): void {
    if (this.jobs.has(job.id) && job.complete) this.#endJob(job);
  }

  /** The job is over for its caller: nothing queued starts any more; what runs is dropped, and killed after the grace time if there is one. */
  #endJob(job: JobState): void {
    this.jobs.delete(job.id);
    this.#touched.delete(job);
    this.#ready.remove(job);
    job.queue.clear();
    for (const timer of job.retryTimers) this.#disarm(timer);
    for (const slot of this.slots.values()) {
      for (const held of slot.held.values()) {
        if (held.chunk.jobId !== job.id) continue;
        if (held.recall === 'none') {
          held.recall = 'asked';
          this.#commands.push({ type: 'takeBack', slot: slot.id, chunkId: held.chunk.id, to: held.chunk.from });
        }
        if (job.rules.graceMs !== undefined) {
          if (held.timer !== undefined) this.#disarm(held.timer);
          held.timer = this.#arm({ purpose: 'grace', slot: slot.id, chunkId: held.chunk.id }, job.rules.graceMs);
        }
      }
    }
    this.#commands.push({ type: 'finishJob', jobId: job.id });
  }

  #readAhead(job: JobState): void {
    const count = job.itemsWanted(this.slots.size);
    if (count <= 0) return;
    job.asked += count;
    this.#commands.push({ type: 'readItems', jobId: job.id, count });
  }

  #arm(use: TimerUse, afterMs: Millis): TimerId {
    const timer = this.timers.add(use);
    this.#commands.push({ type: 'armTimer', timer, purpose: use.purpose, afterMs });
    return timer;
  }

  #disarm(timer: TimerId): void {
    if (this.timers.fired(timer)) this.#commands.push({ type: 'disarmTimer', timer });
  }
}
