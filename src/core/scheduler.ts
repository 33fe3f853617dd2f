/**
 * The scheduler: one door in, a list of commands out. It decides what runs where and when, and does nothing itself.
 *
 * Rule 1: no import from outside this folder, no clock, no randomness, no promise.
 * Rule 2: every event is answered completely: after `handle` no slot with room is left beside a task that may run.
 */
import { assign, promote } from './assigning.ts';
import { Board } from './board.ts';
import { bookFinished, endIfComplete, endJob, release, requeueLost } from './ending.ts';
import type { ChunkId, ChunkProgress, Command, JobId, RunningNow, SchedulerEvent, SlotId, TimerId } from './events.ts';
import { giveWay } from './giving-way.ts';
import { JobState } from './job-state.ts';
import { retireSpent, tire, wakeSleepers } from './retiring.ts';
import type { SlotSets } from './slot-sets.ts';
import { type HeldChunk, SlotHolding } from './slot-state.ts';
import { moveChunk, moveSlot } from './states.ts';
import { graceOver, limitReached, watch } from './stopping.ts';
import type { Timers } from './timers.ts';

export class Scheduler {
  readonly #board = new Board();

  /** Answers one event with everything that has to be done about it, in order. */
  handle(event: SchedulerEvent): Command[] {
    const board = this.#board;
    board.begin(event.at);
    this.#apply(event);
    retireSpent(board);
    assign(board);
    giveWay(board);
    wakeSleepers(board);
    for (const job of board.touched.all) this.#readAhead(job);
    return board.commands;
  }

  /** Jobs in progress; for invariants and tests, as the next two. */
  get jobs(): ReadonlyMap<JobId, JobState> {
    return this.#board.jobs;
  }

  get slots(): ReadonlyMap<SlotId, SlotHolding> {
    return this.#board.slots;
  }

  get sets(): SlotSets {
    return this.#board.sets;
  }

  get timers(): Timers {
    return this.#board.timers;
  }

  /** Slots that have gone for want of work and have not been woken. */
  get asleep(): number {
    return this.#board.asleep;
  }

  /** Jobs in progress of which no task has started. */
  get waitingJobs(): number {
    return this.#board.jobs.size - this.#board.begun.size;
  }

  /** Further attempts at tasks that have been decided on since the beginning. */
  get retried(): number {
    return this.#board.retried;
  }

  /** The timer after which idle slots ask for small work, too. */
  get lookTimer(): TimerId | undefined {
    return this.#board.lookTimer;
  }

  #apply(event: SchedulerEvent): void {
    switch (event.type) {
      case 'jobAdded': {
        if (this.jobs.has(event.jobId)) throw new Error(`job ${event.jobId} was added twice`);
        this.#board.add(new JobState(event.jobId, event.rules));
        return;
      }
      case 'slotUp':
        if (this.slots.has(event.slot)) throw new Error(`slot ${event.slot} came up twice`);
        // Whichever it is: where a slot that was woken cannot start, its replacement counts for it.
        if (this.#board.waking > 0) this.#board.waking--;
        this.#slotUp(new SlotHolding(event.slot, event.depth, event.tasks, this.#board.nextSlot++));
        for (const job of this.#board.jobs.values()) this.#board.touched.add(job);
        return;
      case 'slotDown':
        if (event.asleep && this.slots.has(event.slot)) this.#board.asleep++;
        return this.#slotDown(event.slot, event.progress);
      case 'slotTired':
        return tire(this.#board, this.#board.slots.get(event.slot));
      case 'chunkPart':
      case 'chunkDone':
      case 'chunkShortened':
      case 'chunkLost':
        return this.#onChunk(event);
      case 'timerFired':
        return this.#timerFired(event.timer, event.running);
      default: {
        const job = this.#board.jobs.get(event.jobId);
        // A job that has ended may still hear from its reader, its consumer or its signal.
        if (!job) return;
        this.#board.touched.add(job);
        return this.#onJob(job, event);
      }
    }
  }

  #onJob(job: JobState, event: Extract<SchedulerEvent, { jobId: JobId }>): void {
    switch (event.type) {
      case 'itemsRead':
        job.itemsRead(event.count, event.bytes, event.last, event.left);
        break;
      case 'readFailed':
        job.inputEnded = true;
        job.asked = 0;
        if (job.rules.stopOnFailure) return endJob(this.#board, job, false);
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
        return endJob(this.#board, job, event.kills);
    }
    endIfComplete(this.#board, job);
  }

  #onChunk(event: Extract<SchedulerEvent, { chunkId: ChunkId }>): void {
    const slot = this.#board.slots.get(event.slot);
    const held = slot?.held.get(event.chunkId);
    // A slot that went down, or a chunk taken back whole, may still have an answer on its way.
    if (!slot || !held) return;
    const job = this.#board.jobs.get(held.chunk.jobId);
    if (job) this.#board.touched.add(job);
    this.#board.sets.touch(slot);
    // Its word may arrive before that of the chunk ahead.
    if (job && (event.type === 'chunkPart' || event.type === 'chunkDone')) {
      this.#board.begun.add(job);
      if (event.taken) job.resultsTaken(event.taken);
    }
    switch (event.type) {
      case 'chunkPart': {
        const starts = held.state === 'waiting';
        held.state = moveChunk(held.state, 'chunkPart', 'running');
        if (starts) {
          slot.begins(held, this.#board.at);
          watch(this.#board, slot, held);
        }
        bookFinished(this.#board, job, held, event.upTo, event.failed, event.final);
        break;
      }
      case 'chunkDone': {
        const { from, to } = held.chunk;
        held.state = moveChunk(held.state, 'chunkDone', 'done');
        job?.pace.record(to - from, event.ranMs);
        if (event.sent) job?.pace.recordSending(event.sent.tasks, event.sent.ms);
        release(this.#board, slot, held, job);
        bookFinished(this.#board, job, held, to, event.failed, event.final);
        break;
      }
      case 'chunkShortened':
        this.#shortened(slot, held, job, event.to);
        break;
      case 'chunkLost':
        held.state = moveChunk(held.state, 'chunkLost', 'lost');
        release(this.#board, slot, held, job);
        requeueLost(this.#board, job, held, { chunkId: held.chunk.id, finishedTo: held.finishedTo, startedTo: undefined });
        break;
    }
    promote(this.#board, slot);
    if (job) endIfComplete(this.#board, job);
  }

  /** The unstarted tail of a chunk is back. */
  #shortened(slot: SlotHolding, held: HeldChunk, job: JobState | undefined, to: number): void {
    const { from, to: oldTo, attempt } = held.chunk;
    const newTo = Math.min(Math.max(to, from), oldTo);
    held.recall = newTo < oldTo ? 'none' : 'refused';
    held.chunk = { ...held.chunk, to: newTo };
    slot.tasksLeft += oldTo - newTo;
    if (job) {
      job.heldTasks -= oldTo - newTo;
      job.queue.prepend({ from: newTo, to: oldTo, attempt });
    }
    if (newTo === from) {
      held.state = moveChunk(held.state, 'chunkShortened', 'returned');
      release(this.#board, slot, held, job);
    }
  }

  #slotUp(slot: SlotHolding): void {
    this.#board.slots.set(slot.id, slot);
    this.#board.sets.touch(slot);
  }

  #slotDown(id: SlotId, progress: readonly ChunkProgress[]): void {
    const slot = this.#board.slots.get(id);
    if (!slot) return;
    slot.state = moveSlot(slot.state, 'slotDown', 'gone');
    this.#board.slots.delete(id);
    for (const held of [...slot.held.values()].reverse()) {
      const how = progress.find((p) => p.chunkId === held.chunk.id);
      const job = this.#board.jobs.get(held.chunk.jobId);
      if (job) this.#board.touched.add(job);
      held.state = moveChunk(held.state, 'slotDown', how ? 'lost' : 'returned');
      release(this.#board, slot, held, job);
      requeueLost(this.#board, job, held, how);
      if (job) endIfComplete(this.#board, job);
    }
    this.#board.sets.leave(slot);
  }

  #timerFired(timer: TimerId, running: RunningNow | undefined): void {
    const use = this.#board.timers.fired(timer);
    if (!use) return;
    if (use.purpose === 'look') {
      this.#board.lookTimer = undefined;
      this.#board.looksClosely = true;
      return;
    }
    if (use.purpose === 'retry') {
      const job = this.#board.jobs.get(use.jobId);
      if (!job) return;
      job.retryTimers.delete(timer);
      job.delayed--;
      job.queue.prepend(use.range);
      this.#board.touched.add(job);
      this.#board.ready.refresh(job);
      return;
    }
    const slot = this.#board.slots.get(use.slot);
    const held = slot?.held.get(use.chunkId);
    if (!slot || !held) return;
    held.timer = undefined;
    if (slot.state !== 'up') return;
    if (use.purpose === 'timeout') limitReached(this.#board, slot, held, running);
    else graceOver(this.#board, slot, held, running);
  }

  #readAhead(job: JobState): void {
    const count = job.itemsWanted(this.#board.places);
    if (count <= 0) return;
    job.asked += count;
    this.#board.order({ type: 'readItems', jobId: job.id, count, bytes: job.roomInBytes });
  }
}
