/**
 * A simulated world around the scheduler: it plays the conductor, the readers, the consumers and the workers, answers in random order,
 * and claims after every event that the core has kept its promises.
 */
import type { Command, SchedulerEvent } from '../../src/core/events.ts';
import { checkInvariants } from '../../src/core/invariants.ts';
import { Scheduler } from '../../src/core/scheduler.ts';
import type { Random } from './random.ts';
import { claim, type JobPlan, WorldJob } from './world-jobs.ts';
import { type Watch, type Word, WorkerSlot } from './world-slots.ts';

/** A chunk that the core believes to be with a slot. */
interface Handed {
  readonly slot: WorkerSlot;
  readonly job: WorldJob;
  readonly from: number;
  to: number;
  /** Items before this index are finished as far as the core knows. */
  finishedTo: number;
  /** Answers to takeBacks that are on their way. */
  asks: number;
  askedWhole: boolean;
  refused: boolean;
  /** The task that was told that its time is up. */
  told: number | undefined;
  toldAll: boolean;
}

export class World {
  readonly scheduler = new Scheduler();
  readonly jobs: WorldJob[] = [];
  readonly plans: JobPlan[];
  readonly slots = new Map<string, WorkerSlot>();
  readonly timers = new Map<number, Extract<Command, { type: 'armTimer' }>>();
  /** Words that arrive after their slot or chunk is gone; the core must not care. */
  readonly late: Word[] = [];
  /** Whether every backend here knows which items it has started, and loses no chunk alone. */
  readonly everyStartIsKnown: boolean;
  /** Slots that have gone for want of work, and those of them that are about to come back. */
  asleep = 0;
  waking = 0;
  events = 0;
  #now = 0;
  #nextSlot = 1;
  #lastTimer = 0;
  readonly #handed = new Map<number, Handed>();
  #random: Random;

  constructor(plans: readonly JobPlan[], everyStartIsKnown: boolean, random: Random) {
    this.plans = [...plans];
    this.everyStartIsKnown = everyStartIsKnown;
    this.#random = random;
  }

  /** From here on chance is taken from this source. */
  set random(random: Random) {
    this.#random = random;
  }

  addJob(): boolean {
    const plan = this.plans.shift();
    if (!plan) return false;
    const job = new WorldJob(this.jobs.length + 1, plan);
    this.jobs.push(job);
    this.tell({ type: 'jobAdded', jobId: job.id, rules: plan.rules });
    return true;
  }

  slotUp(depth: number): void {
    const watch: Watch = {
      started: (chunk, index) => this.#job(chunk.jobId).started(chunk, index, this.everyStartIsKnown),
      ended: (chunk, index) => this.#job(chunk.jobId).ended(index),
      taskMs: (chunk) => this.#job(chunk.jobId).plan.taskMs,
      fails: (chunk) => this.#random.chance(this.#job(chunk.jobId).plan.failRate),
      isFinal: () => this.#random.chance(0.1),
    };
    const can = {
      knowsStart: this.everyStartIsKnown || this.#random.chance(0.5),
      takesBack: this.#random.chance(0.8),
      tasks: this.#random.pick([1, 3, 20, 100, undefined, undefined, undefined, undefined]) ?? Number.POSITIVE_INFINITY,
    };
    const slot = new WorkerSlot(`s${this.#nextSlot++}`, depth, can, watch);
    this.slots.set(slot.id, slot);
    this.tell({ type: 'slotUp', slot: slot.id, depth, tasks: Number.isFinite(slot.tasks) ? slot.tasks : undefined });
  }

  /** The slot asks for its end. */
  tire(slot: WorkerSlot): void {
    slot.tired = true;
    this.tell({ type: 'slotTired', slot: slot.id });
  }

  /** A slot goes to sleep, which has started nothing of what may have been sent to it at the last moment. */
  sleep(slot: WorkerSlot): void {
    if (slot.chunks.some((c) => c.started > c.chunk.from)) return;
    this.#end(slot);
    this.asleep++;
    this.tell({ type: 'slotDown', slot: slot.id, progress: [], asleep: true });
  }

  /** A slot that was woken is up. */
  wakeOne(depth: number): void {
    if (this.waking === 0) return;
    this.waking--;
    this.slotUp(depth);
  }

  slotDown(slot: WorkerSlot): void {
    const progress = slot.progress(this.#random, (id) => this.#handed.get(id)?.finishedTo ?? 0);
    for (const { chunkId, finishedTo, startedTo, isFinal } of progress) {
      const { job } = this.#handed.get(chunkId) ?? {};
      for (let index = finishedTo; index < (startedTo ?? 0) - 1; index++) job?.undelivered(index);
      if (isFinal && startedTo !== undefined) job?.isFinal(startedTo - 1);
      this.#arrive(chunkId, finishedTo, []);
    }
    this.#end(slot);
    this.tell({ type: 'slotDown', slot: slot.id, progress });
  }

  #end(slot: WorkerSlot): void {
    this.slots.delete(slot.id);
    for (const { chunk } of [...slot.chunks]) this.late.push(...slot.forget(chunk.id));
    for (const [id, handed] of this.#handed) if (handed.slot === slot) this.#handed.delete(id);
  }

  chunkLost(slot: WorkerSlot, chunkId: number): void {
    const lost = slot.chunks.find(({ chunk }) => chunk.id === chunkId);
    // What it has given back a moment ago, the core has not heard of.
    if (lost) slot.lostTasks += this.#handed.get(chunkId)!.to - lost.started;
    this.late.push(...slot.forget(chunkId));
    this.#handed.delete(chunkId);
    this.tell({ type: 'chunkLost', slot: slot.id, chunkId });
  }

  /** A word from a slot arrives. */
  deliver(slot: WorkerSlot): boolean {
    const word = slot.nextWord(this.#random);
    if (!word) return false;
    const answered = this.#hear(slot, word);
    this.tell(word);
    if (answered) this.#claimAllIsAskedBack(answered);
    return true;
  }

  read(job: WorldJob, atMost: number): boolean {
    if (job.inputOver || (job.asked === 0 && job.itemsLeft > 0)) return false;
    if (job.itemsLeft === 0 && job.plan.readFailsAt !== undefined) {
      job.inputOver = job.readHasFailed = true;
      job.asked = 0;
      this.tell({ type: 'readFailed', jobId: job.id });
      return true;
    }
    if (job.asked === 0) return false;
    const count = Math.min(job.asked, job.itemsLeft, atMost);
    const before = job.read;
    const bytes = job.readSome(count);
    const last = job.itemsLeft === 0 && job.plan.readFailsAt === undefined && this.#random.chance(0.7);
    if (job.read === before && !last) return false;
    job.inputOver = last;
    const asked = job.asked - (job.read - before);
    const left = !last && job.room <= 0 ? asked : 0;
    job.asked = last ? 0 : asked - left;
    this.tell({ type: 'itemsRead', jobId: job.id, count: job.read - before, bytes, last, left });
    return true;
  }

  take(job: WorldJob, atMost: number): boolean {
    const count = Math.min(job.decided - job.taken, atMost);
    if (count === 0 || job.finished) return false;
    job.taken += count;
    this.tell({ type: 'resultsTaken', jobId: job.id, count });
    return true;
  }

  /** `ranMs`: how long the task that the timer watches has run. */
  fire(timer: number, ranMs: number): void {
    const { watches } = this.timers.get(timer) ?? {};
    this.timers.delete(timer);
    const slot = watches && this.slots.get(watches.slot);
    const here = slot?.chunks.find(({ chunk }) => chunk.id === watches?.chunkId);
    const index = watches && slot?.lastStarted(watches.chunkId);
    const commands = this.tell({ type: 'timerFired', timer, running: index === undefined ? undefined : { index, ranMs } });
    if (!commands.some(({ type }) => type === 'killSlot') || !slot || !here) return;
    claim(here.over || slot.mayRun(here.chunk.id), `slot ${slot.id} is killed for chunk ${here.chunk.id}, which waits there behind others`);
  }

  /** Tells the core what happened, checks its state and obeys. */
  tell(word: Word): Command[] {
    this.events++;
    this.#now += this.#random.below(4);
    const commands = this.scheduler.handle({ ...word, at: this.#now } as SchedulerEvent);
    checkInvariants(this.scheduler);
    for (const command of commands) this.#obey(command, word.type);
    const waits = [...this.scheduler.jobs.values()].some(({ ready }) => ready);
    claim(!waits || this.asleep === 0 || commands.some(({ type }) => type === 'wakeSlots'), 'work waits, and slots are left asleep');
    for (const { id, tired, startedTasks, tasks } of this.slots.values()) {
      claim(startedTasks <= tasks, `slot ${id} has started ${startedTasks} tasks, and may run ${tasks}`);
      const holds = [...this.#handed.values()].some(({ slot }) => slot.id === id);
      claim(!tired || holds || this.slots.get(id)!.retired || this.slots.get(id)!.killed, `slot ${id} is tired and idle, and not retired`);
    }
    return commands;
  }

  /** Notes what a word means, before the core hears it. Returns a chunk whose takeBack it answers. */
  #hear(slot: WorkerSlot, word: Word): Handed | undefined {
    if (word.type !== 'chunkPart' && word.type !== 'chunkDone' && word.type !== 'chunkShortened') return undefined;
    const handed = this.#handed.get(word.chunkId);
    if (!handed) return undefined;
    if (word.type === 'chunkShortened') {
      handed.refused = word.to === handed.to;
      handed.asks--;
      handed.to = word.to;
      if (word.to > handed.from) return handed;
      slot.forget(word.chunkId);
      this.#handed.delete(word.chunkId);
      return undefined;
    }
    for (const index of word.final ?? []) handed.job.isFinal(index);
    this.#arrive(word.chunkId, word.type === 'chunkPart' ? word.upTo : handed.to, word.failed);
    if (word.type === 'chunkPart') return undefined;
    // One that was told to stop ends with tasks that it has not started.
    const ended = slot.chunks.find(({ chunk }) => chunk.id === word.chunkId);
    if (ended) slot.lostTasks += handed.to - ended.started;
    this.late.push(...slot.forget(word.chunkId));
    this.#handed.delete(word.chunkId);
    return undefined;
  }

  #arrive(chunkId: number, upTo: number, failed: readonly number[]): void {
    const handed = this.#handed.get(chunkId);
    if (!handed || upTo <= handed.finishedTo) return;
    handed.job.arrived(handed.finishedTo, upTo, failed);
    handed.finishedTo = upTo;
  }

  #obey(command: Command, cause: Word['type']): void {
    switch (command.type) {
      case 'readItems':
        return this.#job(command.jobId).obeyRead(command);
      case 'runChunk':
        return this.#obeyRun(command);
      case 'takeBack': {
        const handed = this.#handed.get(command.chunkId);
        claim(handed?.slot.id === command.slot, `chunk ${command.chunkId} is asked back from ${command.slot}, which does not hold it`);
        claim(command.to >= handed.from && command.to < handed.to, `takeBack of chunk ${command.chunkId} to ${command.to}, outside it`);
        claim(!handed.refused, `chunk ${command.chunkId} is asked back again, though nothing came back last time`);
        handed.asks++;
        handed.askedWhole ||= command.to === handed.from;
        handed.slot.takeBacks.push(command);
        return;
      }
      case 'killSlot': {
        const slot = this.slots.get(command.slot);
        claim(slot !== undefined && !slot.killed, `slot ${command.slot} is killed twice, or was never up`);
        this.#claimItHadToBeKilled(command);
        slot.killed = true;
        return;
      }
      case 'stopTask':
        return this.#obeyStop(command);
      case 'retireSlot': {
        const slot = this.slots.get(command.slot);
        claim(slot !== undefined && !slot.killed && !slot.retired, `slot ${command.slot} is retired twice, or was never up`);
        const holds = [...this.#handed.values()].some((handed) => handed.slot === slot);
        claim(!holds, `slot ${command.slot} is retired while it holds chunks`);
        const { tired, leavesOut, startedTasks, lostTasks, tasks } = slot;
        claim(
          tired || leavesOut || startedTasks + lostTasks === tasks,
          `slot ${slot.id} is retired after ${startedTasks} tasks, and may run ${tasks}`,
        );
        slot.retired = true;
        return;
      }
      case 'wakeSlots':
        claim(command.count > 0 && command.count <= this.asleep, `${command.count} slots are woken, and ${this.asleep} sleep`);
        this.asleep -= command.count;
        this.waking += command.count;
        return;
      case 'armTimer':
        claim(command.timer > this.#lastTimer, `timer ${command.timer} is armed a second time`);
        claim(command.afterMs > 0, `a ${command.purpose} waits ${command.afterMs} ms`);
        this.#lastTimer = command.timer;
        this.timers.set(command.timer, command);
        return;
      case 'disarmTimer':
        claim(this.timers.delete(command.timer), `timer ${command.timer} is disarmed and was not armed`);
        return;
      case 'giveUp':
        return this.#job(command.jobId).obeyGiveUp(command.index, command.why, cause);
      case 'finishJob':
        this.#job(command.jobId).obeyFinish();
        for (const handed of this.#handed.values()) this.#claimAllIsAskedBack(handed);
    }
  }

  #obeyRun({ slot: id, chunk, lanes }: Extract<Command, { type: 'runChunk' }>): void {
    const slot = this.slots.get(id);
    claim(slot !== undefined && !slot.killed && !slot.retired && !slot.tired, `chunk ${chunk.id} is sent to ${id}, which takes none`);
    const job = this.#job(chunk.jobId);
    job.obeyRun(chunk);
    claim(lanes === job.rules.lanes, `chunk ${chunk.id} is sent with ${lanes} lanes, not ${job.rules.lanes}`);
    claim(!this.#handed.has(chunk.id), `chunk ${chunk.id} is sent twice`);
    let onSlot = 1;
    let ofJob = 1;
    for (const other of this.#handed.values()) {
      if (other.slot === slot) onSlot++;
      if (other.job !== job) continue;
      ofJob++;
      claim(other.to <= chunk.from || other.finishedTo >= chunk.to, `chunk ${chunk.id} has items that another slot holds`);
    }
    claim(onSlot <= slot.depth, `slot ${id} gets ${onSlot} chunks, beyond its depth of ${slot.depth}`);
    claim(ofJob <= job.rules.maxHeld, `job ${job.id} has ${ofJob} chunks on slots, more than ${job.rules.maxHeld}`);
    const { from, to } = chunk;
    this.#handed.set(chunk.id, {
      slot,
      job,
      from,
      to,
      finishedTo: from,
      asks: 0,
      askedWhole: false,
      refused: false,
      told: undefined,
      toldAll: false,
    });
    slot.run(chunk, lanes);
  }

  #obeyStop({ slot: id, chunkId, index, graceMs }: Extract<Command, { type: 'stopTask' }>): void {
    const handed = this.#handed.get(chunkId);
    claim(handed?.slot.id === id && !handed.slot.killed, `chunk ${chunkId} on ${id} is told to stop, which does not hold it`);
    const { job, slot } = handed;
    if (index === undefined) {
      claim(!handed.toldAll, `chunk ${chunkId} is told to stop twice`);
      claim(graceMs === (job.killing ? job.rules.graceMs : undefined), `chunk ${chunkId} has ${graceMs} ms to stop`);
      handed.toldAll = true;
    } else {
      claim(job.rules.timeoutMs !== undefined, `task ${index} of job ${job.id} has no time limit`);
      claim(index === slot.lastStarted(chunkId), `task ${index} of job ${job.id} is told to stop and does not run`);
      claim(index !== handed.told, `task ${index} of job ${job.id} is told to stop twice`);
      handed.told = index;
    }
    slot.stop(chunkId, index);
  }

  /** What runs was told that its time is up and is still the same, or its job was cancelled and has had its grace time. */
  #claimItHadToBeKilled({ slot, chunkId }: Extract<Command, { type: 'killSlot' }>): void {
    const handed = this.#handed.get(chunkId);
    claim(handed?.slot.id === slot, `slot ${slot} is killed for chunk ${chunkId}, which it does not hold`);
    const { job, told, toldAll } = handed;
    claim(job.rules.kills && job.rules.graceMs !== undefined, `slot ${slot} is killed, and nothing here may be`);
    const timedOut = told !== undefined && told === handed.slot.lastStarted(chunkId);
    claim(timedOut || (toldAll && job.killing), `slot ${slot} is killed for job ${job.id}, which has not been told to stop`);
  }

  /** Of a job that has ended, all that has not started is asked back, unless the slot has nothing to give. */
  #claimAllIsAskedBack({ job, slot, asks, askedWhole, refused, from, to }: Handed): void {
    if (!job.finished || slot.killed || refused || asks > 0) return;
    claim(askedWhole, `job ${job.id} has ended, and its chunk [${from}, ${to}) on ${slot.id} is not asked back`);
  }

  #job(id: number): WorldJob {
    const job = this.jobs[id - 1];
    claim(job !== undefined, `job ${id} does not exist`);
    return job;
  }
}
