/** The backend that is the host itself: the very function runs, so breakpoints, spies and coverage see it. Nothing is copied. */
import type { Backend, BackendListener, ChunkOutput, PackedChunk, StopOrder, TaskNow } from '../backend.ts';
import { CELL_WORDS, SharedClaims } from '../claims.ts';
import type { ChunkId, SlotId } from '../core/events.ts';
import { disposeAll, whenHolding } from '../per-worker.ts';
import { CELLS, WORKER_MARKER } from '../protocol.ts';
import type { ShippedFunction, WorkerSetup } from '../shipped.ts';
import { expandRange, isPackedRange, type Transport } from '../transport.ts';
import type { Task } from '../worker/chunk-work.ts';
import { ChunkRun } from '../worker/execute.ts';
import { Lanes } from '../worker/lanes.ts';
import type { Output } from '../worker/part.ts';
import type { TaskFacts } from '../worker/task-run.ts';
import { beforeExit } from './before-exit.ts';
import { tellFailed, withinDisposeTime } from './disposing.ts';

interface InlineChunk extends PackedChunk {
  readonly called: readonly ShippedFunction[];
  readonly claims: SharedClaims;
}

/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;
/** Chunks that take less together run without a turn of the event loop in between: a turn costs tens of microseconds. */
const YIELD_MS = 10;
/** What a chunk costs beside its tasks, about. */
const CHUNK_MS = 0.02;

const queueSoon = queueMicrotask;

/** Nobody tells a synchronous task here that its time is up, as it keeps everybody from it: it looks at the time itself. */
class ClaimsHere extends SharedClaims {
  readonly #timeoutMs: number;

  constructor(timeoutMs = Number.POSITIVE_INFINITY) {
    super(new Int32Array(CELL_WORDS), 0);
    this.#timeoutMs = timeoutMs;
  }

  override stopped(position: number): boolean {
    return super.stopped(position) || (position + 1 === this.started && this.ranMs >= this.#timeoutMs);
  }
}

const SLOT: SlotId = 'inline';
/** Those that have been opened and not closed: they share what tasks make with perWorker. */
const open = new Set<InlineBackend>();

/** Values stay where they are. */
const asTheyAre: Transport = {
  name: 'none',
  pack: (values) => ({ packed: { values: isPackedRange(values) ? expandRange(values) : (values as readonly unknown[]) }, refused: [] }),
  unsendable: () => [],
  unpack: ({ values }) => values as ArrayLike<unknown>,
};

export class InlineBackend implements Backend {
  readonly name = 'inline';
  readonly can = { shareMemory: true, kill: false, takeBack: true, remote: false };
  readonly transport = asTheyAre;
  readonly #functions = new Map<string, ShippedFunction>();
  readonly #chunks = new Map<ChunkId, { readonly from: number; readonly claims: SharedClaims; run?: ChunkRun }>();
  readonly #lanes = new Lanes<InlineChunk>();
  #listener: BackendListener | undefined;
  readonly #setup: WorkerSetup | undefined;
  readonly #beside: InlineBackend | undefined;
  #settingUp: Promise<void> | undefined;
  #isSetUp = false;
  #pumping = false;
  /** What has run since the last turn of the event loop. */
  #ranMs = YIELD_MS;
  #closed = false;

  /** `beside`: a backend of the same pool, whose setup is the one there is. */
  constructor(options: { readonly setup?: WorkerSetup | undefined; readonly beside?: InlineBackend | undefined } = {}) {
    this.#setup = options.setup;
    this.#beside = options.beside;
  }

  open(listener: BackendListener): void {
    this.#listener = listener;
    open.add(this);
    // A worker's own values are its own business.
    if (!(WORKER_MARKER in globalThis)) whenHolding(() => beforeExit(disposeHere));
    listener.slotUp(SLOT, CELLS);
    void this.#start();
  }

  /** Once, however many ask. */
  #setUp(): Promise<void> {
    this.#settingUp ??= this.#beside ? this.#beside.#setUp() : runSetup(this.#setup);
    return this.#settingUp;
  }

  async #start(): Promise<void> {
    try {
      await this.#setUp();
    } catch (cause) {
      this.#listener?.broken(new Error(`its setup failed with ${String(cause)}`, { cause }));
      return;
    }
    this.#isSetUp = true;
    this.#listener?.slotReady(SLOT);
    this.#pumpLater();
  }

  define(fn: ShippedFunction): void {
    this.#functions.set(fn.id, fn);
  }

  forget(functionId: string): void {
    this.#functions.delete(functionId);
  }

  run(_slot: SlotId, chunk: PackedChunk): void {
    const called = chunk.functions.map((functionId) => {
      const fn = this.#functions.get(functionId);
      if (!fn) throw new Error(`function ${functionId} was not defined`);
      return fn;
    });
    const claims = new ClaimsHere(chunk.timeoutMs);
    claims.reset(chunk.to - chunk.from);
    this.#chunks.set(chunk.chunkId, { from: chunk.from, claims });
    this.#lanes.add({ ...chunk, called, claims });
    this.#pumpLater();
  }

  takeBack(slot: SlotId, chunkId: ChunkId, to: number): void {
    const chunk = this.#chunks.get(chunkId);
    if (!chunk) return;
    const length = chunk.claims.shorten(to - chunk.from);
    if (length === 0) this.#chunks.delete(chunkId);
    this.#listener?.chunkShortened(slot, chunkId, chunk.from + length);
  }

  stop(_slot: SlotId, chunkId: ChunkId, order: StopOrder): void {
    const chunk = this.#chunks.get(chunkId);
    chunk?.claims.stop(order.index === undefined ? undefined : order.index - chunk.from);
    // A task that is given up here runs on: the host cannot be replaced.
    chunk?.run?.stop(order, () => {});
  }

  taskNow(_slot: SlotId, chunkId: ChunkId): TaskNow | undefined {
    const chunk = this.#chunks.get(chunkId);
    return chunk && chunk.claims.started > 0 ? { index: chunk.from + chunk.claims.started - 1, ranMs: chunk.claims.ranMs } : undefined;
  }

  /** What runs on the host cannot be killed. */
  kill(): void {}

  /** Nor does it age. */
  retire(): void {}

  wake(): void {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#chunks.clear();
    if (open.delete(this) && open.size === 0 && !(WORKER_MARKER in globalThis)) await withinDisposeTime(disposeHere(), SLOT);
  }

  /** A turn of the event loop between chunks keeps timers and sockets of the program going. */
  #pumpLater(): void {
    if (this.#pumping || !this.#isSetUp) return;
    this.#pumping = true;
    const turn = this.#ranMs < YIELD_MS ? queueSoon : later;
    turn(() => {
      this.#pumping = false;
      if (turn === later) this.#ranMs = 0;
      const chunk = this.#lanes.start();
      if (!chunk) return;
      void this.#execute(chunk).finally(() => {
        this.#lanes.ended(chunk);
        this.#pumpLater();
      });
      if (this.#lanes.waiting > 0) this.#pumpLater();
    });
  }

  async #execute(chunk: InlineChunk): Promise<void> {
    const { chunkId, called, which, call, from, claims, handOverMs, timed } = chunk;
    const items = chunk.items.values as ArrayLike<unknown>;
    const functions = called.map((fn) => fn.original as Task);
    const skip = new Set(chunk.skip);
    // Between a task's awaits the program itself goes on, which is no task, or the task that has made this call.
    const facts = this.#factsOf(chunk);
    const work = { functions, which, call, from, items, skip, claims, handOverMs, timed, facts, sideBySide: true };
    const run = new ChunkRun(work, (part) => {
      if (!this.#closed) this.#listener?.chunkPart(SLOT, chunkId, plainOutput(part), part.from + part.results.length);
    });
    const held = this.#chunks.get(chunkId);
    if (held) held.run = run;
    const { output, ranMs } = await run.run();
    this.#ranMs += ranMs + CHUNK_MS;
    if (this.#chunks.delete(chunkId)) this.#listener?.chunkDone(SLOT, chunkId, plainOutput(output), ranMs);
  }

  #factsOf({ chunkId, attempt, depth, heard }: InlineChunk): TaskFacts {
    const emit = (index: number, value: unknown) => {
      if (heard) this.#listener?.message(SLOT, { chunkId, index }, { values: [value] });
    };
    return { chunkId, attempt, worker: SLOT, depth, emit };
  }
}

async function disposeHere(): Promise<void> {
  tellFailed(await disposeAll(), SLOT);
}

async function runSetup(setup: WorkerSetup | undefined): Promise<void> {
  if (setup?.type === 'module') {
    const { default: fn } = (await import(setup.url)) as { default?: unknown };
    if (typeof fn === 'function') await fn();
  } else if (setup) await (setup.fn.original as Task)(...setup.args);
}

function plainOutput({ from, results, failed }: Output): ChunkOutput {
  return { from, results: { values: results as readonly unknown[] }, failed: failed.map((failure) => ({ ...failure, packed: false })) };
}
