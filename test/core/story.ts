/** Plain data for tests of the core: events with defaults, and what a list of events leads to. */
import type { ChunkProgress, Command, JobId, JobRules, Millis, RunningNow, SchedulerEvent, SlotId } from '../../src/core/events.ts';
import { checkInvariants } from '../../src/core/invariants.ts';
import { Scheduler } from '../../src/core/scheduler.ts';

export const RULES: JobRules = {
  chunkSize: 'auto',
  lanes: 1,
  maxHeld: 1000,
  maxInFlight: 1_000_000,
  maxInFlightBytes: Number.POSITIVE_INFINITY,
  stopOnFailure: false,
  retries: { times: 0, delayMs: 0, backoff: 1 },
  kills: true,
  priority: 0,
};

type Event = SchedulerEvent;

// Every event happens at 0 to job 1, unless it says otherwise.
export const jobAdded = (rules: Partial<JobRules> = {}, jobId: JobId = 1): Event => ({
  at: 0,
  type: 'jobAdded',
  jobId,
  rules: { ...RULES, ...rules },
});
export const jobCancelled = (jobId: JobId = 1, kills = true): Event => ({ at: 0, type: 'jobCancelled', jobId, kills });
export const jobPaused = (jobId: JobId = 1): Event => ({ at: 0, type: 'jobPaused', jobId });
export const jobResumed = (jobId: JobId = 1): Event => ({ at: 0, type: 'jobResumed', jobId });
export const itemsRead = (count: number, { jobId = 1, bytes = 0, last = false, left = 0 } = {}): Event => ({
  at: 0,
  type: 'itemsRead',
  jobId,
  count,
  bytes,
  last,
  left,
});
export const allRead = (count: number, jobId: JobId = 1): Event => itemsRead(count, { jobId, last: true });
export const readFailed = (jobId: JobId = 1): Event => ({ at: 0, type: 'readFailed', jobId });
export const resultsTaken = (count: number, jobId: JobId = 1): Event => ({ at: 0, type: 'resultsTaken', jobId, count });
export const slotUp = (slot: SlotId, depth = 8, tasks?: number): Event => ({ at: 0, type: 'slotUp', slot, depth, tasks });
export const slotDown = (slot: SlotId, ...progress: ChunkProgress[]): Event => ({ at: 0, type: 'slotDown', slot, progress });
export const slotTired = (slot: SlotId): Event => ({ at: 0, type: 'slotTired', slot });
/** It goes for want of work, or has just got some that it will not see. */
export const slotAsleep = (slot: SlotId): Event => ({ at: 0, type: 'slotDown', slot, progress: [], asleep: true });
export const chunkPart = (slot: SlotId, chunkId: number, upTo: number, failed: number[] = [], final?: number[]): Event => ({
  at: 0,
  type: 'chunkPart',
  slot,
  chunkId,
  upTo,
  failed,
  final,
});
export const chunkDone = (
  slot: SlotId,
  chunkId: number,
  { ranMs = 1, failed = [] as number[], final = undefined as number[] | undefined } = {},
): Event => ({
  at: 0,
  type: 'chunkDone',
  slot,
  chunkId,
  ranMs,
  failed,
  final,
});
export const chunkShortened = (slot: SlotId, chunkId: number, to: number): Event => ({ at: 0, type: 'chunkShortened', slot, chunkId, to });
export const chunkLost = (slot: SlotId, chunkId: number): Event => ({ at: 0, type: 'chunkLost', slot, chunkId });
/** `running`: [index, ranMs] of the task that the watched chunk runs. */
export const timerFired = (timer: number, running?: readonly [index: number, ranMs: Millis]): Event => ({
  at: 0,
  type: 'timerFired',
  timer,
  running: running && ({ index: running[0], ranMs: running[1] } satisfies RunningNow),
});
export const at = (ms: Millis, event: Event): Event => ({ ...event, at: ms });

export interface Told {
  readonly scheduler: Scheduler;
  /** What the last event was answered with. */
  readonly commands: readonly Command[];
  /** What all events were answered with. */
  readonly all: readonly Command[];
}

/** Tells the events to a new scheduler, and checks the invariants after each. */
export function tell(...events: readonly Event[]): Told {
  const scheduler = new Scheduler();
  const all: Command[] = [];
  let commands: readonly Command[] = [];
  for (const event of events) {
    commands = scheduler.handle(event);
    checkInvariants(scheduler);
    all.push(...commands);
  }
  return { scheduler, commands, all };
}

/** The commands of some types, one short text each; `readItems` is left out unless asked for. */
export function said(commands: readonly Command[], ...types: Command['type'][]): string[] {
  return commands.filter((c) => (types.length > 0 ? types.includes(c.type) : c.type !== 'readItems')).map(text);
}

/** The chunks handed out, as `slot job:from-to`, with the attempt where it is not the first. */
export const runs = (commands: readonly Command[]): string[] => said(commands, 'runChunk');

function text(command: Command): string {
  switch (command.type) {
    case 'runChunk': {
      const { jobId, from, to, attempt } = command.chunk;
      return `${command.slot} ${jobId}:${from}-${to}${attempt > 1 ? ` #${attempt}` : ''}`;
    }
    case 'takeBack':
      return `takeBack ${command.slot} chunk ${command.chunkId} to ${command.to}`;
    case 'stopTask':
      return `stop ${command.slot} chunk ${command.chunkId}${command.index === undefined ? '' : ` at ${command.index}`}, grace ${command.graceMs}`;
    case 'killSlot':
      return `kill ${command.slot}`;
    case 'retireSlot':
      return `retire ${command.slot}`;
    case 'wakeSlots':
      return `wake ${command.count}`;
    case 'armTimer':
      return `arm ${command.timer} ${command.purpose} ${command.afterMs}`;
    case 'disarmTimer':
      return `disarm ${command.timer}`;
    case 'giveUp':
      return `giveUp ${command.jobId}:${command.index} ${command.why}`;
    case 'readItems':
      return `read ${command.jobId}:${command.count}${Number.isFinite(command.bytes) ? ` of ${command.bytes} bytes` : ''}`;
    case 'finishJob':
      return `finish ${command.jobId}`;
  }
}

/** The tasks of a job that wait in the core, as `from-to`. */
export function queued({ scheduler }: Told, jobId: JobId = 1): string[] {
  return (
    scheduler.jobs
      .get(jobId)
      ?.queue.list()
      .map(({ from, to, attempt }) => `${from}-${to}${attempt > 1 ? ` #${attempt}` : ''}`) ?? []
  );
}
