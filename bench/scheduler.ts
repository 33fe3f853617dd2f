/**
 * The scheduler alone, in virtual time: how many events a second one host sustains, were the workers free. `npm run bench` does not run it;
 * after a build: `node bench/scheduler.ts` where Node strips types, else `node --import tsx bench/scheduler.ts`.
 *
 * Slots take the time they are told; a reader and a consumer take none. What is timed is `Scheduler.handle` and the little that plays the world.
 */
import type { Chunk, Command, JobRules, SchedulerEvent } from '../src/core/events.ts';
import { Scheduler } from '../src/core/scheduler.ts';

const SLOTS = 1000;

interface Story {
  readonly name: string;
  readonly tasks: number;
  readonly taskMs: number;
  readonly rules: Partial<JobRules>;
}

const STORIES: readonly Story[] = [
  { name: 'one task a chunk, 1e6 tasks of 1 ms', tasks: 1e6, taskMs: 1, rules: { chunkSize: 1 } },
  { name: 'one task a chunk, 1e6 empty tasks', tasks: 1e6, taskMs: 0.001, rules: { chunkSize: 1 } },
  { name: 'chunks as it chooses, 1e7 tasks of 1 ms', tasks: 1e7, taskMs: 1, rules: {} },
  { name: 'chunks as it chooses, tails taken back, 1e7 tasks of 1 ms', tasks: 1e7, taskMs: 1, rules: { resplits: true } },
];

const RULES: JobRules = {
  chunkSize: 'auto',
  lanes: 1,
  maxHeld: Number.MAX_SAFE_INTEGER,
  maxInFlight: 1e6,
  maxInFlightBytes: Number.POSITIVE_INFINITY,
  stopOnFailure: true,
  retries: { times: 0, delayMs: 0, backoff: 1 },
  kills: true,
  priority: 0,
};

/** What one slot works through. */
interface Place {
  readonly id: string;
  readonly work: { readonly chunk: Chunk; to: number; startedAt: number; readonly ms: number }[];
}

/** Ends of running chunks, the earliest first. */
class Ends {
  readonly #heap: { readonly at: number; readonly place: Place; readonly chunkId: number }[] = [];

  add(at: number, place: Place, chunkId: number): void {
    const heap = this.#heap;
    let i = heap.push({ at, place, chunkId }) - 1;
    while (i > 0 && heap[(i - 1) >> 1]!.at > heap[i]!.at) {
      const up = (i - 1) >> 1;
      [heap[i], heap[up]] = [heap[up]!, heap[i]!];
      i = up;
    }
  }

  next(): { readonly at: number; readonly place: Place; readonly chunkId: number } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) if (child < heap.length && heap[child]!.at < heap[least]!.at) least = child;
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  }
}

function play({ tasks, taskMs, rules }: Story): { readonly events: number; readonly chunks: number; readonly ms: number } {
  const scheduler = new Scheduler();
  const ends = new Ends();
  const places = new Map<string, Place>();
  const pending: SchedulerEvent[] = [];
  let now = 0;
  let read = 0;
  let events = 0;
  let chunks = 0;
  let finished = false;

  const start = (place: Place) => {
    const first = place.work[0];
    if (!first) return;
    first.startedAt = now;
    ends.add(now + first.ms, place, first.chunk.id);
  };
  const obey = (command: Command) => {
    if (command.type === 'readItems') {
      const count = Math.min(command.count, tasks - read);
      read += count;
      pending.push({ type: 'itemsRead', jobId: 1, at: now, count, bytes: 8 * count, last: read === tasks });
    } else if (command.type === 'runChunk') {
      chunks++;
      const place = places.get(command.slot)!;
      const { chunk } = command;
      const work = { chunk, to: chunk.to, startedAt: now, ms: (chunk.to - chunk.from) * taskMs };
      if (place.work.push(work) === 1) start(place);
    } else if (command.type === 'takeBack') {
      const place = places.get(command.slot)!;
      const work = place.work.find(({ chunk }) => chunk.id === command.chunkId)!;
      const started =
        work === place.work[0] ? Math.min(work.to, work.chunk.from + Math.floor((now - work.startedAt) / taskMs) + 1) : work.chunk.from;
      work.to = Math.max(started, Math.min(work.to, command.to));
      if (work.to === work.chunk.from) place.work.splice(place.work.indexOf(work), 1);
      else if (work === place.work[0]) ends.add(work.startedAt + (work.to - work.chunk.from) * taskMs, place, work.chunk.id);
      pending.push({ type: 'chunkShortened', slot: place.id, chunkId: command.chunkId, to: work.to, at: now });
    } else if (command.type === 'finishJob') finished = true;
  };
  const tell = (event: SchedulerEvent) => {
    events++;
    for (const command of scheduler.handle(event)) obey(command);
  };

  const startedAt = performance.now();
  for (let i = 0; i < SLOTS; i++) {
    places.set(`s${i}`, { id: `s${i}`, work: [] });
    tell({ type: 'slotUp', slot: `s${i}`, depth: 1024, at: 0 });
  }
  tell({ type: 'jobAdded', jobId: 1, rules: { ...RULES, size: tasks, ...rules }, at: 0 });
  let at = 0;
  while (!finished) {
    if (at < pending.length) {
      tell(pending[at++]!);
      if (at === pending.length) at = pending.length = 0;
      continue;
    }
    const end = ends.next();
    if (!end) throw new Error('nothing runs and the job is not finished');
    const work = end.place.work[0];
    // Its tail was taken back: it has ended earlier, and another runs.
    if (work?.chunk.id !== end.chunkId || end.at < work.startedAt + (work.to - work.chunk.from) * taskMs - 1e-6) continue;
    now = end.at;
    end.place.work.shift();
    start(end.place);
    const count = work.to - work.chunk.from;
    tell({ type: 'resultsTaken', jobId: 1, count, at: now });
    tell({ type: 'chunkDone', slot: end.place.id, chunkId: work.chunk.id, ranMs: count * taskMs, failed: [], at: now });
  }
  return { events, chunks, ms: performance.now() - startedAt };
}

for (const story of STORIES) {
  const { events, chunks, ms } = play(story);
  const perEvent = ((1000 * ms) / events).toFixed(2);
  const perSecond = Math.round(events / (ms / 1000)).toLocaleString('en');
  console.log(`${story.name}, ${SLOTS} slots: ${chunks} chunks, ${events} events, ${perEvent} µs each, ${perSecond} a second`);
}
