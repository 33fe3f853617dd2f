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

/** One job whose tasks take `durations`, on `slots` slots; a takeBack is answered in no time, as with shared memory. */
export function makespan(durations: readonly Millis[], slots: number, rules: Partial<JobRules> = {}): Makespan {
  const scheduler = new Scheduler();
  const slotList: SimulatedSlot[] = Array.from({ length: slots }, (_, i) => ({ id: `s${i}`, work: [], endsAt: Number.POSITIVE_INFINITY }));
  let now = 0;
  let read = 0;
  let chunks = 0;
  let takeBacks = 0;
  let finished = false;

  function tell(...events: (SchedulerEvent extends infer E ? (E extends SchedulerEvent ? Omit<E, 'at'> : never) : never)[]): void {
    for (const event of events) for (const command of scheduler.handle({ ...event, at: now } as SchedulerEvent)) obey(command);
  }

  function obey(command: Command): void {
    switch (command.type) {
      case 'readItems': {
        const count = Math.min(command.count, durations.length - read);
        read += count;
        pending.push({ type: 'itemsRead', jobId: 1, count, bytes: 0, last: read === durations.length });
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
        finished = true;
    }
  }

  function startNext(slot: SimulatedSlot): void {
    const work = slot.work[0];
    slot.endsAt = work ? now + durations[work.started]! : Number.POSITIVE_INFINITY;
    if (!work) return;
    if (work.started === work.chunk.from) work.since = work.toldAt = now;
    work.started++;
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
  tell({ type: 'jobAdded', jobId: 1, rules: { ...RULES, size: durations.length, ...rules } });
  for (const { id } of slotList) tell({ type: 'slotUp', slot: id, depth: 8 });
  while (!finished) {
    const event = pending.shift();
    if (event) {
      tell(event);
      continue;
    }
    const next = slotList.reduce((a, b) => (b.endsAt < a.endsAt ? b : a));
    if (next.endsAt === Number.POSITIVE_INFINITY) throw new Error('nothing runs and the job is not finished');
    now = next.endsAt;
    taskEnded(next);
  }
  const total = durations.reduce((a, b) => a + b, 0);
  return { ms: now, idealMs: Math.max(total / slots, ...new Set(durations)), chunks, takeBacks };
}
