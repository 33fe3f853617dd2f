/** One worker thread as a slot: what it holds, how far it is, and whether it keeps the process alive. */
import { Worker } from 'node:worker_threads';
import type { ChunkOutput, PackedChunk, SlotLoss, StopOrder, TaskNow, TaskOfChunk } from '../backend.ts';
import type { ChunkId, ChunkProgress, SlotId } from '../core/events.ts';
import { CELLS, type FromWorker, type OutputMessage, type SetupMessage, type ToWorker, type WorkerStart } from '../protocol.ts';
import type { ShippedFunction, StateDifference } from '../shipped.ts';
import type { Packed } from '../transport.ts';
import { CELL_WORDS, SharedClaims } from '../worker/claims.ts';
import { packageText, packerText, workerText } from '../worker-text.generated.ts';
import { tellFailed, withinDisposeTime } from './disposing.ts';
import { inheritedFlags } from './worker-flags.ts';

export interface ThreadEvents {
  /** The worker has started. */
  ready(): void;
  part(chunkId: ChunkId, output: ChunkOutput, upTo: number): void;
  done(chunkId: ChunkId, output: ChunkOutput, ranMs: number): void;
  /** The chunk is to be sent anew. */
  differs(chunkId: ChunkId, differences: readonly StateDifference[]): void;
  output(stream: 'stdout' | 'stderr', text: string, task: TaskOfChunk | undefined): void;
  message(task: TaskOfChunk, value: Packed): void;
  /** The setup threw; the worker is about to end. Gives what it threw, as well as it is known. */
  setupFailed(error: Packed, text: string): unknown;
  /** Tasks have made something that wants to be disposed. */
  holds(): void;
  tired(): void;
  lateError(error: Packed, index: number | undefined): void;
  down(wasReady: boolean, progress: readonly ChunkProgress[], loss: SlotLoss): void;
}

interface Held {
  readonly from: number;
  readonly cell: number;
  readonly claims: SharedClaims;
  /** Items before this index have been delivered. */
  deliveredTo: number;
  /** Taken back whole: its worker will still answer, and nobody waits for it. */
  returned: boolean;
}

/** Texts a worker keeps compiled. */
const CODES_AT_MOST = 5000;

export class ThreadSlot {
  readonly #worker: Worker;
  readonly #events: ThreadEvents;
  readonly #cells: Int32Array;
  readonly #freeCells = Array.from({ length: CELLS }, (_, i) => CELLS - 1 - i);
  readonly #held = new Map<ChunkId, Held>();
  readonly #functions = new Set<string>();
  readonly #codes = new Set<string>();
  readonly #ended: Promise<void>;
  readonly #id: SlotId;
  #holds = false;
  #whenDisposed: (() => void) | undefined;
  #failedSetup: string | undefined;
  #ready = false;
  #ending = false;
  #crash: unknown;
  #whenIdle: (() => void) | undefined;

  constructor(id: SlotId, events: ThreadEvents, setup: SetupMessage | undefined) {
    this.#id = id;
    this.#events = events;
    const buffer = new SharedArrayBuffer(CELLS * CELL_WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(buffer);
    const start: WorkerStart = { cells: buffer, slot: id, hasSetup: setup !== undefined, texts: sharedTexts() };
    this.#worker = new Worker(workerText, { eval: true, name: 'allcores', workerData: start, ...inheritedFlags(process.execArgv) });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => {
      this.#crash = error;
    });
    if (setup) this.#post(setup);
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#exited(code);
        resolve();
      });
    });
  }

  /** `isAlone`: no other call needs functions that this worker has. */
  run(chunk: PackedChunk, functions: readonly ShippedFunction[], isAlone: boolean): void {
    const cell = this.#freeCells.pop();
    if (cell === undefined) throw new Error('a chunk was sent beyond the depth of its slot');
    const claims = new SharedClaims(this.#cells, cell);
    claims.reset(chunk.to - chunk.from);
    try {
      if (this.#codes.size > CODES_AT_MOST && this.#held.size === 0 && isAlone) this.#forgetCodes();
      for (const fn of functions) this.#define(fn);
      this.#post({ type: 'run', ...chunk, cell });
    } catch (error) {
      this.#freeCells.push(cell);
      throw error;
    }
    this.#held.set(chunk.chunkId, { from: chunk.from, cell, claims, deliveredTo: chunk.from, returned: false });
    this.#worker.ref();
  }

  /** The function has become another, which its worker has not got yet. */
  outdate(functionId: string): void {
    this.#functions.delete(functionId);
  }

  forget(functionId: string): void {
    if (this.#functions.delete(functionId)) this.#post({ type: 'forget', functionId });
  }

  /** Gives the index where the chunk ends now; undefined when it is no longer here. */
  takeBack(chunkId: ChunkId, to: number): number | undefined {
    const held = this.#held.get(chunkId);
    if (!held || held.returned) return undefined;
    const length = held.claims.shorten(to - held.from);
    held.returned = length === 0;
    return held.from + length;
  }

  stop(chunkId: ChunkId, { index, graceMs }: StopOrder, reason: Packed | undefined): void {
    const held = this.#held.get(chunkId);
    if (!held || held.returned) return;
    held.claims.stop(index === undefined ? undefined : index - held.from);
    this.#post({ type: 'stop', chunkId, index, reason, graceMs });
  }

  taskNow(chunkId: ChunkId): TaskNow | undefined {
    const held = this.#held.get(chunkId);
    if (!held || held.claims.started === 0) return undefined;
    return { index: held.from + held.claims.started - 1, ranMs: held.claims.ranMs };
  }

  async terminate(): Promise<void> {
    this.#ending = true;
    // Whoever waits for the end must not be left alone with an empty event loop.
    this.#worker.ref();
    void this.#worker.terminate();
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
    this.#worker.ref();
    const disposed = new Promise<void>((resolve) => {
      this.#whenDisposed = resolve;
    });
    this.#post({ type: 'dispose' });
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
    this.#post({ type: 'define', functionId: fn.id, graph: fn.graph, codes, stateless: fn.stateless });
    this.#functions.add(fn.id);
    for (const hash of Object.keys(codes)) this.#codes.add(hash);
  }

  /** A program that makes functions by the thousand must not fill its workers with their texts. */
  #forgetCodes(): void {
    this.#post({ type: 'forgetCodes' });
    this.#codes.clear();
    this.#functions.clear();
  }

  #receive(message: FromWorker): void {
    // A task may use its thread's port for messages of its own; they are not ours.
    if (typeof message !== 'object' || message === null) return;
    switch (message.type) {
      case 'up':
        this.#ready = true;
        if (this.#held.size === 0) this.#letGo();
        return this.#events.ready();
      case 'output':
        return this.#events.output(message.stream, message.text, message.task);
      case 'message':
        return this.#events.message(message.task, message.value);
      case 'setupFailed':
        this.#crash = this.#events.setupFailed(message.error, message.text);
        this.#failedSetup = message.text;
        return;
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
        return this.#events.part(message.chunkId, outputOf(message), message.upTo);
      }
      case 'differs': {
        const held = this.#release(message.chunkId);
        if (held && !held.returned) this.#events.differs(message.chunkId, message.differences);
        return this.#rest();
      }
      case 'done': {
        const held = this.#release(message.chunkId);
        this.#rest();
        if (held && !held.returned) this.#events.done(message.chunkId, outputOf(message), message.ranMs);
      }
    }
  }

  #release(chunkId: ChunkId): Held | undefined {
    const held = this.#held.get(chunkId);
    if (held && this.#held.delete(chunkId)) this.#freeCells.push(held.cell);
    return held;
  }

  #rest(): void {
    if (this.#held.size > 0) return;
    this.#letGo();
    this.#whenIdle?.();
  }

  /** An idle worker does not keep the process alive; one that is being ended does until it has. */
  #letGo(): void {
    if (!this.#ending) this.#worker.unref();
  }

  #exited(code: number): void {
    const progress: ChunkProgress[] = [];
    for (const [chunkId, { from, claims, deliveredTo, returned }] of this.#held) {
      // A chunk with nothing started is not listed: it runs elsewhere with no attempt counted.
      if (!returned && claims.started > 0) progress.push({ chunkId, finishedTo: deliveredTo, startedTo: from + claims.started });
    }
    this.#held.clear();
    this.#whenIdle?.();
    const message =
      this.#failedSetup !== undefined
        ? `its setup failed with ${this.#failedSetup}`
        : this.#crash === undefined
          ? `the worker thread exited with code ${code}`
          : `the worker thread crashed: ${String(this.#crash)}`;
    this.#events.down(this.#ready, progress, { message, cause: this.#crash });
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }
}

let texts: WorkerStart['texts'] | undefined;

/** One copy for all workers of this process. */
function sharedTexts(): WorkerStart['texts'] {
  texts ??= { worker: bytesOf(workerText), packer: bytesOf(packerText), package: bytesOf(packageText) };
  return texts;
}

function bytesOf(text: string): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}

function outputOf({ from, results, failed }: OutputMessage): ChunkOutput {
  return { from, results, failed: failed.map((failure) => ({ ...failure, packed: true })) };
}
