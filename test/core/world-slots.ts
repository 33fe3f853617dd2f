/** The slots of a simulated world: workers that start and finish tasks one by one, and whose words travel for a while. */
import type { Chunk, ChunkProgress, SchedulerEvent } from '../../src/core/events.ts';
import type { Random } from './random.ts';

type WithoutTime<E> = E extends SchedulerEvent ? Omit<E, 'at'> : never;
/** An event whose time is not known yet. */
export type Word = WithoutTime<SchedulerEvent>;

/** What the world wants to know of each task. */
export interface Watch {
  started(chunk: Chunk, index: number): void;
  ended(chunk: Chunk, index: number): void;
  fails(chunk: Chunk): boolean;
  /** Whether the caller wants no further try of a task that has failed. */
  isFinal(): boolean;
  taskMs(chunk: Chunk): number;
}

/** A chunk as its worker sees it: [from, finished) have ended, `finished` may run, [started, to) are not started. */
class WorkerChunk {
  readonly chunk: Chunk;
  readonly lanes: number;
  to: number;
  started: number;
  finished: number;
  /** Failures not yet told. */
  untold: number[] = [];
  readonly failed: number[] = [];
  /** The task that was told to stop: its time is up. */
  told: number | undefined;
  /** All of it was told to stop: its job has ended. */
  toldAll = false;
  /** Nothing of it is left to do here; its last word may still be on the way. */
  over = false;

  constructor(chunk: Chunk, lanes: number) {
    this.chunk = chunk;
    this.lanes = lanes;
    this.to = chunk.to;
    this.started = this.finished = chunk.from;
  }
}

export class WorkerSlot {
  readonly id: string;
  readonly depth: number;
  /** Whether the started index is known when this slot goes down. */
  readonly knowsStart: boolean;
  readonly takesBack: boolean;
  readonly chunks: WorkerChunk[] = [];
  readonly takeBacks: { readonly chunkId: number; readonly to: number }[] = [];
  outbox: Extract<Word, { chunkId: number }>[] = [];
  killed = false;
  readonly #watch: Watch;

  constructor(id: string, depth: number, can: { knowsStart: boolean; takesBack: boolean }, watch: Watch) {
    this.id = id;
    this.depth = depth;
    this.knowsStart = can.knowsStart;
    this.takesBack = can.takesBack;
    this.#watch = watch;
  }

  run(chunk: Chunk, lanes: number): void {
    this.chunks.push(new WorkerChunk(chunk, lanes));
  }

  /** What a chunk is told takes effect when its task has ended. */
  stop(chunkId: number, index: number | undefined): void {
    const c = this.chunks.find(({ chunk }) => chunk.id === chunkId);
    if (!c) return;
    if (index === undefined) c.toldAll = true;
    else c.told = index;
  }

  /** The task a chunk started last. */
  lastStarted(chunkId: number): number | undefined {
    const c = this.chunks.find(({ chunk }) => chunk.id === chunkId);
    return c && c.started > c.chunk.from ? c.started - 1 : undefined;
  }

  /** Whether a chunk may run now: it is the first, or stands in a lane. */
  mayRun(chunkId: number): boolean {
    return this.#runnable().some(({ chunk }) => chunk.id === chunkId);
  }

  /** Ends the task that runs in some chunk, or starts the next one; `burst`: up to the end of the chunk. */
  work(random: Random, burst: boolean): boolean {
    const runnable = this.#runnable();
    const c = runnable[random.below(runnable.length)];
    if (!c) return false;
    do {
      if (c.started > c.finished) this.#endTask(c);
      else if (c.toldAll) this.#tellDone(c);
      else this.#watch.started(c.chunk, c.started++);
    } while (burst && !c.over);
    return true;
  }

  /** Hands over what has ended in some chunk. */
  tellPart(random: Random): boolean {
    const c = this.chunks[random.below(this.chunks.length)];
    if (!c || c.over || c.finished === c.chunk.from) return false;
    this.outbox.push({ type: 'chunkPart', slot: this.id, chunkId: c.chunk.id, upTo: c.finished, ...this.#failures(c) });
    return true;
  }

  /** Answers a takeBack: gives up to what was asked, never what has started. */
  answerTakeBack(random: Random): boolean {
    const asked = this.takeBacks.shift();
    if (!asked) return false;
    const c = this.chunks.find(({ chunk }) => chunk.id === asked.chunkId);
    if (!c) return true;
    if (this.takesBack && !c.over) {
      const most = Math.min(c.to, Math.max(asked.to, c.started));
      c.to = random.below(4) === 0 ? most + random.below(c.to - most + 1) : most;
    }
    this.outbox.push({ type: 'chunkShortened', slot: this.id, chunkId: c.chunk.id, to: c.to });
    if (c.to === c.chunk.from) c.over = true;
    else if (!c.over && c.finished === c.to) this.#tellDone(c);
    return true;
  }

  /** A word that arrives now: those about one chunk keep their order, those about different chunks may not. */
  nextWord(random: Random): Word | undefined {
    const any = this.outbox[random.below(this.outbox.length)];
    if (!any) return undefined;
    const first = this.outbox.findIndex(({ chunkId }) => chunkId === any.chunkId);
    return this.outbox.splice(first, 1)[0];
  }

  /** The core has heard that this chunk is no longer here. Returns what was still on its way. */
  forget(chunkId: number): Word[] {
    const at = this.chunks.findIndex(({ chunk }) => chunk.id === chunkId);
    const [gone] = at < 0 ? [] : this.chunks.splice(at, 1);
    if (gone && gone.started > gone.finished) this.#watch.ended(gone.chunk, gone.finished);
    const late = this.outbox.filter((word) => word.chunkId === chunkId);
    this.outbox = this.outbox.filter((word) => word.chunkId !== chunkId);
    return late;
  }

  /** How far each chunk had come, as an honest backend reports it; `delivered` says how far the core knows already. */
  progress(random: Random, delivered: (chunkId: number) => number): ChunkProgress[] {
    const list: ChunkProgress[] = [];
    for (const c of this.chunks) {
      if (this.knowsStart && c.started === c.chunk.from && random.below(2) === 0) continue;
      const told = delivered(c.chunk.id);
      // Results may have arrived without a word, by shared memory; a failure never does.
      const most = Math.min(c.finished, ...c.failed.filter((index) => index >= told));
      const finishedTo = told + random.below(Math.max(0, most - told) + 1);
      list.push({ chunkId: c.chunk.id, finishedTo, startedTo: this.knowsStart ? c.started : undefined });
      const blamed = this.knowsStart && c.started > finishedTo;
      if (blamed && this.#watch.isFinal()) list.push({ ...list.pop()!, isFinal: true });
    }
    return list;
  }

  #runnable(): WorkerChunk[] {
    const open = this.chunks.filter((c) => !c.over);
    return open[0]?.lanes === 1 ? open.slice(0, 1) : open;
  }

  #endTask(c: WorkerChunk): void {
    this.#watch.ended(c.chunk, c.finished);
    if (c.told === c.finished || this.#watch.fails(c.chunk)) {
      c.failed.push(c.finished);
      c.untold.push(c.finished);
    }
    c.finished++;
    if (c.finished === c.to) this.#tellDone(c);
  }

  #failures(c: WorkerChunk): { failed: number[]; final: number[] } {
    const failed = c.untold;
    c.untold = [];
    return { failed, final: failed.filter(() => this.#watch.isFinal()) };
  }

  #tellDone(c: WorkerChunk): void {
    c.over = true;
    this.outbox.push({
      type: 'chunkDone',
      slot: this.id,
      chunkId: c.chunk.id,
      ranMs: (c.to - c.chunk.from) * this.#watch.taskMs(c.chunk),
      ...this.#failures(c),
    });
  }
}
