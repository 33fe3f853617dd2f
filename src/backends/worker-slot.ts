/** One worker as a slot: what it holds, how far it is, and whether it keeps the process alive. */
import type { ChunkOutput, PackedChunk, StopOrder, TaskNow } from '../backend.ts';
import type { ChunkId, SlotId } from '../core/events.ts';
import { CELLS, type FromWorker, type OutputMessage, type SetupMessage } from '../protocol.ts';
import type { ShippedFunction } from '../shipped.ts';
import type { Packed } from '../transport.ts';
import { tellFailed, withinDisposeTime } from './disposing.ts';
import { type Held, howFarWas } from './held-chunks.ts';
import type { ChunkWatch, Line, LineEnd, LineEvents } from './line.ts';
import { LooseTimer } from './loose-timer.ts';
import type { SlotEvents } from './slot-events.ts';

/** Texts a worker keeps compiled. */
const CODES_AT_MOST = 5000;

export class WorkerSlot {
  readonly #line: Line;
  readonly #events: SlotEvents;
  readonly #freeCells = Array.from({ length: CELLS }, (_, i) => CELLS - 1 - i);
  readonly #held = new Map<ChunkId, Held>();
  readonly #functions = new Set<string>();
  readonly #codes = new Set<string>();
  readonly #ended: Promise<void>;
  readonly #idle: LooseTimer;
  readonly #starting: LooseTimer;
  readonly #id: SlotId;
  #holds = false;
  #whenDisposed: (() => void) | undefined;
  #setupFailure: LineEnd | undefined;
  #ready = false;
  #hasWorked = false;
  #ending = false;
  #whenIdle: (() => void) | undefined;

  /** Throws where the worker cannot be started. */
  constructor(
    id: SlotId,
    connect: (events: LineEvents) => Line,
    events: SlotEvents,
    setup: SetupMessage | undefined,
    { idleTimeoutMs, startTimeoutMs }: { readonly idleTimeoutMs?: number | undefined; readonly startTimeoutMs?: number | undefined },
  ) {
    this.#id = id;
    this.#events = events;
    this.#idle = new LooseTimer(idleTimeoutMs, () => events.idle());
    this.#starting = new LooseTimer(startTimeoutMs, () => this.#startedTooSlowly(startTimeoutMs));
    let ended!: () => void;
    this.#ended = new Promise((resolve) => {
      ended = resolve;
    });
    this.#line = connect({
      message: (message) => this.#receive(message),
      shortened: (chunkId, to) => {
        const held = this.#held.get(chunkId);
        if (held) this.#shorten(chunkId, held, held.from + to);
      },
      ended: (how) => {
        this.#end(how);
        ended();
      },
    });
    this.#starting.start();
    if (setup) this.#line.post(setup);
  }

  /** `isAlone`: no other call needs functions that this worker has. */
  run(chunk: PackedChunk, functions: readonly ShippedFunction[], isAlone: boolean): void {
    const cell = this.#freeCells.pop();
    if (cell === undefined) throw new Error('a chunk was sent beyond the depth of its slot');
    const { chunkId, from, to } = chunk;
    let watch: ChunkWatch;
    try {
      if (this.#codes.size > CODES_AT_MOST && this.#held.size === 0 && isAlone) this.#forgetCodes();
      for (const fn of functions) this.#define(fn);
      // The conductor makes it for this alone.
      watch = this.#line.run(Object.assign(chunk, { type: 'run' as const, cell }));
    } catch (error) {
      this.#freeCells.push(cell);
      throw error;
    }
    this.#held.set(chunkId, { from, to, cell, watch, isAlone: chunk.lanes <= 1, deliveredTo: from, shortened: false, returned: false });
    if (this.#held.size > 1) return;
    this.#idle.stop();
    this.#line.keepAlive(true);
  }

  /** The function has become another, which its worker has not got yet. */
  outdate(functionId: string): void {
    this.#functions.delete(functionId);
  }

  forget(functionId: string): void {
    if (this.#functions.delete(functionId)) this.#line.post({ type: 'forget', functionId });
  }

  /** Answered by `shortened`, if the chunk is still here. */
  takeBack(chunkId: ChunkId, to: number): void {
    const held = this.#held.get(chunkId);
    if (!held || held.returned) return;
    const position = held.watch.shorten(Math.max(0, to - held.from));
    if (position !== undefined) this.#shorten(chunkId, held, held.from + position);
  }

  stop(chunkId: ChunkId, { index, graceMs }: StopOrder, reason: Packed | undefined): void {
    const held = this.#held.get(chunkId);
    if (!held || held.returned) return;
    const position = index === undefined ? undefined : index - held.from;
    this.#line.stop({ type: 'stop', chunkId, index, reason, graceMs }, held.cell, position);
  }

  taskNow(chunkId: ChunkId): TaskNow | undefined {
    const held = this.#held.get(chunkId);
    const started = held?.watch.started ?? 0;
    if (!held || started === 0) return undefined;
    // What is rebuilt or packed has its time, too: where time is watched, each result is packed before the next task starts.
    const startedTo = started < 0 ? -started - 1 : started;
    return { index: held.from + Math.max(0, startedTo - 1), ranMs: held.watch.ranMs };
  }

  async terminate(): Promise<void> {
    this.#ending = true;
    this.#idle.stop();
    // Whoever waits for the end must not be left alone with an empty event loop.
    this.#line.keepAlive(true);
    this.#line.terminate();
    await this.#ended;
  }

  /** Whether its tasks have made something that wants to be disposed. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Resolves when what tasks have made is disposed, the worker has ended, or it has taken too long. */
  async dispose(): Promise<void> {
    if (!this.#holds) return;
    this.#holds = false;
    this.#line.keepAlive(true);
    const disposed = new Promise<void>((resolve) => {
      this.#whenDisposed = resolve;
    });
    this.#line.post({ type: 'dispose' });
    await withinDisposeTime(Promise.race([disposed, this.#ended]), this.#id);
    if (this.#held.size === 0) this.#letGo();
  }

  async terminateWhenIdle(): Promise<void> {
    // A worker that is not up yet has started nothing, and its setup may never end; what was taken back whole is nobody's any more.
    if (this.#ready && [...this.#held.values()].some(({ returned }) => !returned)) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await this.dispose();
    await this.terminate();
  }

  /** Sends a function once, and of its code texts those this worker does not have. */
  #define(fn: ShippedFunction): void {
    if (this.#functions.has(fn.id)) return;
    const codes = Object.fromEntries(Object.entries(fn.codes).filter(([hash]) => !this.#codes.has(hash)));
    this.#line.post({ type: 'define', functionId: fn.id, graph: fn.graph, codes, stateless: fn.stateless });
    this.#functions.add(fn.id);
    for (const hash of Object.keys(codes)) this.#codes.add(hash);
  }

  /** A program that makes functions by the thousand must not fill its workers with their texts. */
  #forgetCodes(): void {
    this.#line.post({ type: 'forgetCodes' });
    this.#codes.clear();
    this.#functions.clear();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'up':
        this.#ready = true;
        this.#starting.stop();
        this.#rest();
        return this.#events.ready();
      case 'output':
        return this.#events.output(message.stream, message.text, message.task);
      case 'message':
        return this.#events.message(message.task, message.value);
      case 'setupFailed': {
        const cause = this.#events.setupFailed(message.error, message.text);
        this.#setupFailure = { message: `its setup failed with ${message.text}`, cause };
        return;
      }
      case 'holds':
        this.#holds = true;
        return this.#events.holds();
      case 'tired':
        return this.#events.tired();
      case 'lateError':
        return this.#events.lateError(message.error, message.index);
      case 'disposed':
        tellFailed(message.failed, this.#id);
        return this.#whenDisposed?.();
      case 'part': {
        const held = this.#held.get(message.chunkId);
        if (!held) return;
        held.deliveredTo = message.upTo;
        this.#hasWorked = true;
        return this.#events.part(message.chunkId, outputOf(message), message.upTo);
      }
      case 'differs': {
        const held = this.#release(message.chunkId);
        if (held && !held.returned) this.#events.differs(message.chunkId, message.differences);
        return this.#rest();
      }
      case 'done': {
        const { chunkId } = message;
        const held = this.#held.get(chunkId);
        this.#hasWorked = true;
        const end = message.from + message.results.values.length;
        // The answer to a recall comes by another way, and the chunk's own end may overtake it.
        if (held && !held.returned && end < held.to) this.#shorten(chunkId, held, end);
        this.#release(chunkId);
        this.#rest();
        if (held && !held.returned) this.#events.done(chunkId, outputOf(message), message.ranMs);
      }
    }
  }

  #shorten(chunkId: ChunkId, held: Held, to: number): void {
    held.shortened ||= to < held.to;
    held.to = Math.min(held.to, to);
    if (to === held.from) held.returned = true;
    this.#events.shortened(chunkId, to);
  }

  #release(chunkId: ChunkId): Held | undefined {
    const held = this.#held.get(chunkId);
    if (held && this.#held.delete(chunkId)) this.#freeCells.push(held.cell);
    return held;
  }

  #rest(): void {
    if (this.#held.size > 0) return;
    this.#letGo();
    if (!this.#ending) this.#idle.start();
    this.#whenIdle?.();
  }

  /** An idle worker does not keep the process alive; one that is being ended does until it has. */
  #letGo(): void {
    if (!this.#ending) this.#line.keepAlive(false);
  }

  #startedTooSlowly(limitMs: number | undefined): void {
    const message = `it was not ready within ${limitMs} ms (startTimeoutMs): does its setup ever end?`;
    this.#setupFailure = { message };
    void this.terminate();
  }

  #end(how: LineEnd): void {
    this.#idle.stop();
    this.#starting.stop();
    const { hasStarted, progress } = howFarWas(this.#held);
    if (hasStarted) this.#hasWorked = true;
    this.#held.clear();
    this.#whenIdle?.();
    this.#events.down(this.#hasWorked, progress, { ...how, ...this.#setupFailure, starting: !this.#ready });
  }
}

function outputOf({ from, results, failed }: OutputMessage): ChunkOutput {
  return { from, results, failed: failed.map((failure) => ({ ...failure, packed: true })) };
}
