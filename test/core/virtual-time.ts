/** Runs the scheduler in virtual time: slots that take the time they are told, a reader and a consumer that take none. */
import type { Chunk, Command, JobRules, Millis, SchedulerEvent } from '../../src/core/events.ts';
import { Scheduler } from '../../src/core/scheduler.ts';
import { RULES } from './story.ts';

/** Workers hand over finished results at least this often. */
const PART_MS = 20;

interface Work {
  readonly chunk: Chunk;
  to: number;
  /** Items before this index have been started. */
  started: number;
  since: Millis;
  toldAt: Millis;
}

interface SimulatedSlot {
  readonly id: string;
  readonly work: Work[];
  /** When the task that runs now ends. */
  endsAt: Millis;
}

export interface Makespan {
  readonly ms: Millis;
  /** No schedule is shorter: all slots busy to the end, or the longest task alone. */
  readonly idealMs: Millis;
  readonly chunks: number;
  readonly takeBacks: number;
}

/** A call that is made some time. */
export interface Call {
  readonly at: Millis;
  /** What its tasks take. */
  readonly durations: readonly Millis[];
  readonly rules?: Partial<JobRules> | undefined;
}

/** One job whose tasks take `durations`, on `slots` slots. */
export function makespan(durations: readonly Millis[], slots: number, rules: Partial<JobRules> = {}): Makespan {
  const { chunks, takeBacks, finishedAt } = play([{ at: 0, durations, rules }], slots);
  const total = durations.reduce((a, b) => a + b, 0);
  return { ms: finishedAt[0]!, idealMs: Math.max(total / slots, ...new Set(durations)), chunks, takeBacks };
}

/** Plays calls in the order of their times, until all have ended; a takeBack is answered in no time, as with shared memory. */
export function play(
  calls: readonly Call[],
  slots: number,
): { readonly finishedAt: readonly Millis[]; readonly chunks: number; readonly takeBacks: number } {
  const scheduler = new Scheduler();
  const slotList: SimulatedSlot[] = Array.from({ length: slots }, (_, i) => ({ id: `s${i}`, work: [], endsAt: Number.POSITIVE_INFINITY }));
  let now = 0;
  const read: number[] = [];
  const finishedAt: Millis[] = [];
  let added = 0;
  let finished = 0;
  let chunks = 0;
  let takeBacks = 0;

  function tell(...events: (SchedulerEvent extends infer E ? (E extends SchedulerEvent ? Omit<E, 'at'> : never) : never)[]): void {
    for (const event of events) for (const command of scheduler.handle({ ...event, at: now } as SchedulerEvent)) obey(command);
  }

  function obey(command: Command): void {
    switch (command.type) {
      case 'readItems': {
        const { jobId } = command;
        const all = calls[jobId - 1]!.durations.length;
        const before = read[jobId] ?? 0;
        const after = Math.min(all, before + command.count);
        read[jobId] = after;
        pending.push({ type: 'itemsRead', jobId, count: after - before, bytes: 0, last: after === all });
        return;
      }
      case 'runChunk': {
        chunks++;
        const slot = slotList.find(({ id }) => id === command.slot)!;
        slot.work.push({ chunk: command.chunk, to: command.chunk.to, started: command.chunk.from, since: now, toldAt: now });
        if (slot.work.length === 1) startNext(slot);
        return;
      }
      case 'takeBack': {
        takeBacks++;
        const slot = slotList.find(({ id }) => id === command.slot)!;
        const work = slot.work.find(({ chunk }) => chunk.id === command.chunkId)!;
        work.to = Math.max(command.to, work.started);
        if (work.to === work.chunk.from) slot.work.splice(slot.work.indexOf(work), 1);
        pending.push({ type: 'chunkShortened', slot: slot.id, chunkId: command.chunkId, to: work.to });
        return;
      }
      case 'finishJob':
        finished++;
        finishedAt[command.jobId - 1] = now;
    }
  }

  function startNext(slot: SimulatedSlot): void {
    const work = slot.work[0];
    slot.endsAt = work ? now + calls[work.chunk.jobId - 1]!.durations[work.started]! : Number.POSITIVE_INFINITY;
    if (!work) return;
    if (work.started === work.chunk.from) work.since = work.toldAt = now;
    work.started++;
  }

  function addNext(): void {
    const { at, durations, rules } = calls[added++]!;
    now = Math.max(now, at);
    tell({ type: 'jobAdded', jobId: added, rules: { ...RULES, size: durations.length, ...rules } });
  }

  /** The task that ran on a slot has ended. */
  function taskEnded(slot: SimulatedSlot): void {
    const work = slot.work[0]!;
    const { chunk, started } = work;
    if (started === work.to) {
      slot.work.shift();
      startNext(slot);
      pending.push({ type: 'chunkDone', slot: slot.id, chunkId: chunk.id, ranMs: now - work.since, failed: [] });
      return;
    }
    startNext(slot);
    if (now - work.toldAt < PART_MS) return;
    work.toldAt = now;
    pending.push({ type: 'chunkPart', slot: slot.id, chunkId: chunk.id, upTo: started, failed: [] });
  }

  const pending: Parameters<typeof tell> = [];
  addNext();
  for (const { id } of slotList) tell({ type: 'slotUp', slot: id, depth: 8 });
  while (finished < calls.length) {
    const event = pending.shift();
    if (event) {
      tell(event);
      continue;
    }
    const next = slotList.reduce((a, b) => (b.endsAt < a.endsAt ? b : a));
    if (added < calls.length && calls[added]!.at <= next.endsAt) {
      addNext();
      continue;
    }
    if (next.endsAt === Number.POSITIVE_INFINITY) throw new Error('nothing runs and a job is not finished');
    now = next.endsAt;
    taskEnded(next);
  }
  return { finishedAt, chunks, takeBacks };
}
