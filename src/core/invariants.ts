/**
 * What must hold after every event. Tests call this after each step; nothing in the package does.
 *
 * Rule: it counts again from the ranges themselves, and trusts none of the counters that the scheduler keeps beside them.
 */
import { HELD_AHEAD_MS } from './chunking.ts';
import type { JobState } from './job-state.ts';
import type { Range } from './ranges.ts';
import type { Scheduler } from './scheduler.ts';
import type { HeldChunk, SlotHolding } from './slot-state.ts';

/** Throws with a sentence when the scheduler's state contradicts itself. */
export function checkInvariants(scheduler: Scheduler): void {
  const heldByJob = new Map<number, HeldChunk[]>();
  for (const slot of scheduler.slots.values()) {
    for (const held of slot.held.values()) {
      const ofJob = heldByJob.get(held.chunk.jobId);
      if (ofJob) ofJob.push(held);
      else heldByJob.set(held.chunk.jobId, [held]);
    }
    checkSlot(scheduler, slot);
  }
  for (const job of scheduler.jobs.values()) checkJob(scheduler, job, heldByJob.get(job.id) ?? []);
  checkTimers(scheduler);
  checkRoom(scheduler);
  if (scheduler.asleep < 0) throw new Error(`${-scheduler.asleep} slots more are woken than have gone`);
  if (scheduler.waitingJobs < 0) throw new Error('more jobs have begun than there are');
}

/** Every item that was read is in exactly one place, and every counter agrees with the ranges. */
function checkJob(scheduler: Scheduler, job: JobState, held: readonly HeldChunk[]): void {
  const name = `job ${job.id}`;
  const queued = job.queue.list();
  const heldRanges = held.map((h) => ({ from: h.finishedTo, to: h.chunk.to, attempt: h.chunk.attempt }));
  const delayed = [...job.retryTimers].map((timer): Range => {
    const use = scheduler.timers.armed.get(timer);
    if (use?.purpose !== 'retry') throw new Error(`${name} waits for timer ${timer}, which is not armed for a retry`);
    if (use.jobId !== job.id) throw new Error(`${name} waits for timer ${timer}, which belongs to job ${use.jobId}`);
    return use.range;
  });

  equal(`${name}: tasks queued`, job.queue.count, sum(queued));
  equal(`${name}: tasks held`, job.heldTasks, sum(heldRanges));
  equal(`${name}: tasks delayed`, job.delayed, sum(delayed));
  equal(`${name}: chunks held`, job.heldChunks, held.length);
  equal(`${name}: items read`, job.read, job.finished + job.queue.count + job.heldTasks + job.delayed);
  for (const range of queued) if (range.to <= range.from) throw new Error(`${name} queues an empty range at ${range.from}`);

  // Finished items are not listed anywhere: with the counts right and the rest disjoint, they are what is left of [0, read).
  let end = 0;
  for (const range of [...queued, ...heldRanges, ...delayed].filter((r) => r.to > r.from).sort((a, b) => a.from - b.from)) {
    if (range.from < end) throw new Error(`${name} has item ${range.from} in two places`);
    if (range.attempt < 1 || range.attempt > job.rules.retries.times + 1) {
      throw new Error(`${name} is at attempt ${range.attempt} of item ${range.from}, with ${job.rules.retries.times} retries allowed`);
    }
    end = range.to;
  }
  if (end > job.read) throw new Error(`${name} has item ${end - 1}, but only ${job.read} were read`);

  if (job.heldChunks > job.rules.maxHeld) throw new Error(`${name} holds ${job.heldChunks} chunks, more than ${job.rules.maxHeld}`);
  const ahead = job.read + job.asked - job.taken;
  if (ahead > job.rules.maxInFlight) throw new Error(`${name} reads ${ahead} items ahead, more than ${job.rules.maxInFlight}`);
  if (job.asked < 0 || (job.inputEnded && job.asked > 0)) throw new Error(`${name} asked for ${job.asked} items of an ended input`);
  if (job.complete) throw new Error(`${name} is complete and still in the table`);
}

function checkSlot(scheduler: Scheduler, slot: SlotHolding): void {
  const name = `slot ${slot.id}`;
  if (slot.state === 'gone') throw new Error(`${name} is gone and still in the table`);
  if (slot.state === 'retiring' && slot.held.size > 0) throw new Error(`${name} is retiring and holds chunks`);
  if (slot.state === 'up' && slot.held.size === 0 && !slot.takesMore) throw new Error(`${name} is spent and idle, and not retired`);
  if (slot.tasksLeft < 0) throw new Error(`${name} was given ${-slot.tasksLeft} tasks more than it may run`);
  if (slot.held.size > slot.depth) throw new Error(`${name} holds ${slot.held.size} chunks, beyond its depth of ${slot.depth}`);
  const wideOfJob = new Map<number, number>();
  let narrow = 0;
  for (const [id, held] of slot.held) {
    const { from, to, jobId } = held.chunk;
    if (id !== held.chunk.id) throw new Error(`${name} files chunk ${held.chunk.id} under ${id}`);
    if (from >= to) throw new Error(`${name} holds chunk ${id} with no tasks`);
    if (held.finishedTo < from || held.finishedTo > to)
      throw new Error(`${name}: chunk ${id} finished to ${held.finishedTo}, outside itself`);
    if (held.state !== 'waiting' && held.state !== 'running') throw new Error(`${name} still holds chunk ${id}, which is ${held.state}`);
    if (held.lanes === 1) narrow++;
    else wideOfJob.set(jobId, (wideOfJob.get(jobId) ?? 0) + 1);
    if ((wideOfJob.get(jobId) ?? 0) > held.lanes) throw new Error(`${name} holds more chunks of job ${jobId} than its ${held.lanes} lanes`);
    if (held.timer !== undefined && !scheduler.timers.armed.has(held.timer)) {
      throw new Error(`${name}: chunk ${id} relies on timer ${held.timer}, which is not armed`);
    }
    const timed = scheduler.jobs.get(jobId)?.rules.timeoutMs !== undefined;
    if (timed && slot.state === 'up' && held.state === 'running' && held.timer === undefined) {
      throw new Error(`${name}: chunk ${id} runs and no timer watches it`);
    }
    if (held.killAfterMs !== undefined && slot.state === 'up' && held.state === 'running' && held.timer === undefined) {
      throw new Error(`${name}: chunk ${id} of a cancelled job runs and nothing ends it`);
    }
  }
  if (narrow > 0 && wideOfJob.size > 0) throw new Error(`${name} mixes jobs that queue with jobs that run side by side`);
  const all = [...slot.held.values()];
  equal(`${name}: chunks that run`, slot.runs, slot.running().length);
  equal(`${name}: chunks of jobs with lanes`, slot.wides, all.filter(({ lanes }) => lanes > 1).length);
  const waitingMs = all.reduce((ms, h) => ms + (h.state === 'waiting' ? (h.expectedMs ?? HELD_AHEAD_MS) : 0), 0);
  if (Math.abs(waitingMs - slot.waitingMs) > 1e-6 * (1 + waitingMs))
    throw new Error(`${name}: ${slot.waitingMs} ms wait, not ${waitingMs}`);
  const { idle, roomy, lending } = scheduler.sets;
  if (idle.has(slot) !== slot.idle) throw new Error(`${name} is ${slot.idle ? '' : 'not '}idle, and the set says otherwise`);
  if (!slot.isFull && !roomy.has(slot)) throw new Error(`${name} has room that nobody looks for`);
  if (slot.lends && !lending.has(slot)) throw new Error(`${name} has what others might get, and nobody knows`);
  const starts = slot.held.size > 0 && slot.running().length === 0;
  if (starts) throw new Error(`${name} holds chunks and runs none of them`);
}

/** A timer is armed only for something that exists and knows of it. */
function checkTimers({ timers, jobs, slots, lookTimer }: Scheduler): void {
  if (lookTimer !== undefined && !timers.armed.has(lookTimer)) throw new Error(`the look timer ${lookTimer} is not armed`);
  for (const [id, use] of timers.armed) {
    const known =
      use.purpose === 'look'
        ? lookTimer === id
        : use.purpose === 'retry'
          ? jobs.get(use.jobId)?.retryTimers.has(id)
          : slots.get(use.slot)?.held.get(use.chunkId)?.timer === id;
    if (!known) throw new Error(`timer ${id} is armed for a ${use.purpose} that nobody waits for`);
  }
}

/** After an event no slot with room is left beside a task that may run. Where both kinds of job wait, a slot may run dry in between. */
function checkRoom({ jobs, slots }: Scheduler): void {
  let top = Number.NEGATIVE_INFINITY;
  for (const job of jobs.values()) if (job.ready) top = Math.max(top, job.rules.priority);
  if (top === Number.NEGATIVE_INFINITY) return;
  const first = [...jobs.values()].filter((job) => job.ready && job.rules.priority === top);
  const wide = first.filter((job) => job.rules.lanes > 1);
  for (const slot of slots.values()) {
    if (slot.idle) throw new Error(`slot ${slot.id} is idle while job ${first[0]?.id} is ready`);
    if (wide.length === 0 && slot.hasRoom(top)) throw new Error(`slot ${slot.id} has room while job ${first[0]?.id} is ready`);
    // Of very many jobs with lanes only some are looked at, so only few of them promise anything.
    if (wide.length < first.length || wide.length > 64) continue;
    const job = wide.find(({ id, rules }) => slot.hasLane(id, rules.lanes));
    if (job) throw new Error(`slot ${slot.id} has a free lane while job ${job.id} is ready`);
  }
}

function sum(ranges: readonly Range[]): number {
  return ranges.reduce((total, { from, to }) => total + to - from, 0);
}

function equal(what: string, counter: number, counted: number): void {
  if (counter !== counted) throw new Error(`${what}: the counter says ${counter}, the ranges say ${counted}`);
}
