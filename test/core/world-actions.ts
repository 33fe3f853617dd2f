/** What can happen next in a simulated world, and how it comes to rest. */
import { Random } from './random.ts';
import type { World } from './world.ts';
import { claim, type WorldJob } from './world-jobs.ts';
import type { WorkerSlot } from './world-slots.ts';

/** Enough rounds for a job that reads one item at a time, with all its retries. */
const MAX_ROUNDS = 5_000;

type Action = (world: World, random: Random) => void;

const ACTIONS: readonly (readonly [weight: number, Action])[] = [
  [70, (world, random) => void anySlot(world, random)?.work(random, false)],
  [20, (world, random) => void anySlot(world, random)?.work(random, true)],
  [15, (world, random) => void anySlot(world, random)?.tellPart(random)],
  [15, (world, random) => void anySlot(world, random)?.answerTakeBack(random)],
  [60, (world, random) => void withSlot(world, random, (slot) => world.deliver(slot))],
  [40, (world, random) => void withJob(world, random, (job) => world.read(job, 1 + random.below(50)))],
  [25, (world, random) => void withJob(world, random, (job) => world.take(job, 1 + random.below(50)))],
  [6, (world, random) => void (world.slots.size < 4 && world.slotUp(random.pick([1, 2, 3, 8, 30])!))],
  [3, (world, random) => void withSlot(world, random, (slot) => world.slotDown(slot))],
  [3, fireAnyTimer],
  [6, (world) => void world.addJob()],
  [1, (world, random) => void withJob(world, random, (job) => cancel(world, job, random))],
  [2, (world, random) => void withJob(world, random, (job) => pause(world, job))],
  [6, (world, random) => void withJob(world, random, (job) => resume(world, job))],
  [2, loseAnyChunk],
  [3, deliverAnyLateWord],
];

const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

/** Lets one thing happen; the same number does the same thing in the same world. */
export function step(world: World, choice: number): void {
  const random = new Random(choice);
  world.random = random;
  let left = random.below(TOTAL);
  for (const [weight, action] of ACTIONS) {
    left -= weight;
    if (left < 0) return action(world, random);
  }
}

/** Answers everything that is open, on a slot that works, until nothing is left to happen. */
export function comeToRest(world: World, random: Random): void {
  world.random = random;
  while (world.addJob());
  for (const job of world.jobs) resume(world, job);
  for (let round = 0; ; round++) {
    claim(round < MAX_ROUNDS, `the world does not come to rest: ${openJobs(world)}`);
    const before = world.events;
    for (const slot of [...world.slots.values()]) if (slot.killed) world.slotDown(slot);
    if (world.slots.size === 0) world.slotUp(4);
    for (const slot of world.slots.values()) {
      slot.work(random, random.chance(0.7));
      if (random.chance(0.2)) slot.tellPart(random);
      slot.answerTakeBack(random);
      while (world.deliver(slot));
    }
    for (const job of world.jobs) {
      world.read(job, 1 + random.below(50));
      world.take(job, 1 + random.below(50));
    }
    for (const { timer, purpose } of [...world.timers.values()]) if (purpose === 'retry' && world.timers.has(timer)) world.fire(timer, 0);
    const working = [...world.slots.values()].some((slot) => slot.chunks.length > 0 || slot.takeBacks.length > 0);
    if (world.events === before && !working && world.jobs.every((job) => job.finished || job.inputOver)) break;
  }
  for (const job of world.jobs) claim(job.finished, `job ${job.id} never finishes: ${openJobs(world)}`);
  claim(world.scheduler.jobs.size === 0, 'the scheduler keeps jobs that have finished');
  claim(world.scheduler.timers.armed.size === 0 && world.timers.size === 0, 'timers stay armed when nothing is left');
  for (const slot of world.scheduler.slots.values()) claim(slot.held.size === 0, `slot ${slot.id} holds chunks when nothing is left`);
}

function openJobs(world: World): string {
  const open = world.jobs.filter((job) => !job.finished);
  return open
    .map((j) => `job ${j.id} read ${j.read} of ${j.plan.items}, asked ${j.asked}, decided ${j.decided}, taken ${j.taken}`)
    .join('; ');
}

function anySlot(world: World, random: Random): WorkerSlot | undefined {
  return random.pick([...world.slots.values()]);
}

function withSlot(world: World, random: Random, then: (slot: WorkerSlot) => void): void {
  const slot = anySlot(world, random);
  if (slot) then(slot);
}

function withJob(world: World, random: Random, then: (job: WorldJob) => void): void {
  const job = random.pick(world.jobs);
  if (job) then(job);
}

function cancel(world: World, job: WorldJob, random: Random): void {
  job.cancelled = true;
  const kills = random.chance(0.5);
  if (!job.finished) job.killing = kills;
  world.tell({ type: 'jobCancelled', jobId: job.id, kills });
}

function pause(world: World, job: WorldJob): void {
  job.paused = true;
  world.tell({ type: 'jobPaused', jobId: job.id });
}

function resume(world: World, job: WorldJob): void {
  if (!job.paused) return;
  job.paused = false;
  world.tell({ type: 'jobResumed', jobId: job.id });
}

function fireAnyTimer(world: World, random: Random): void {
  const timer = random.pick([...world.timers.keys()]);
  if (timer !== undefined) world.fire(timer, random.pick([0, 5, 50, 1000])!);
}

function loseAnyChunk(world: World, random: Random): void {
  if (world.everyStartIsKnown) return;
  const slot = anySlot(world, random);
  const lost = slot && random.pick(slot.chunks);
  if (lost) world.chunkLost(slot, lost.chunk.id);
}

function deliverAnyLateWord(world: World, random: Random): void {
  const [word] = world.late.splice(random.below(world.late.length), 1);
  if (word) world.tell(word);
}
