/** The backend of worker threads: one slot each, kept alive, replaced when they die. */
import type { Backend, BackendListener, PackedChunk, StopOrder, TaskNow } from '../backend.ts';
import type { ChunkId, SlotId } from '../core/events.ts';
import { CELLS, type SetupMessage } from '../protocol.ts';
import type { ShippedFunction, ValueCodec, WorkerSetup } from '../shipped.ts';
import type { Transport } from '../transport.ts';
import { cloneTransport } from '../transports/clone.ts';
import { beforeExit } from './before-exit.ts';
import { type ThreadEvents, ThreadSlot } from './thread-slot.ts';

/** Workers that die before they are up, one after the other, until the backend gives up: no storm of starts. */
const MAX_FAILED_STARTS = 3;

export class ThreadsBackend implements Backend {
  readonly name = 'threads';
  readonly can = { shareMemory: true, kill: true, takeBack: true, remote: false };
  readonly transport: Transport;
  readonly #count: number;
  readonly #slots = new Map<SlotId, ThreadSlot>();
  readonly #functions = new Map<string, ShippedFunction>();
  readonly #setup: SetupMessage | undefined;
  #stopWaitingForExit: (() => void) | undefined;
  #listener: BackendListener | undefined;
  #nextSlot = 1;
  #failedStarts = 0;
  readonly #up = new Set<SlotId>();
  /** Why there are fewer workers; told when it is sure that there are any. */
  #missing: Error | undefined;
  #closing = false;

  constructor(options: { readonly workers: number; readonly codec: ValueCodec; readonly setup?: WorkerSetup | undefined }) {
    this.#count = options.workers;
    this.transport = cloneTransport(options.codec);
    this.#setup = options.setup && this.#packSetup(options.setup);
  }

  open(listener: BackendListener): void {
    this.#listener = listener;
    // One that Node refuses to start it refuses again.
    while (this.#slots.size < this.#count && this.#start());
  }

  define(fn: ShippedFunction): void {
    if (this.#functions.has(fn.id)) for (const slot of this.#slots.values()) slot.outdate(fn.id);
    this.#functions.set(fn.id, fn);
  }

  forget(functionId: string): void {
    this.#functions.delete(functionId);
    for (const slot of this.#slots.values()) slot.forget(functionId);
  }

  run(id: SlotId, chunk: PackedChunk): void {
    const slot = this.#slots.get(id);
    const functions = chunk.functions.map((functionId) => {
      const fn = this.#functions.get(functionId);
      if (!fn) throw new Error(`function ${functionId} was not defined`);
      return fn;
    });
    // A worker that has died meanwhile answers with slotDown, and the chunk returns.
    slot?.run(chunk, functions, this.#functions.size <= functions.length);
  }

  takeBack(id: SlotId, chunkId: ChunkId, to: number): void {
    const end = this.#slots.get(id)?.takeBack(chunkId, to);
    if (end !== undefined) this.#listener?.chunkShortened(id, chunkId, end);
  }

  stop(id: SlotId, chunkId: ChunkId, order: StopOrder): void {
    const { packed, refused } = this.transport.pack([order.reason], () => 'the reason');
    this.#slots.get(id)?.stop(chunkId, order, refused.length > 0 ? undefined : packed);
  }

  taskNow(id: SlotId, chunkId: ChunkId): TaskNow | undefined {
    return this.#slots.get(id)?.taskNow(chunkId);
  }

  kill(id: SlotId): void {
    void this.#slots.get(id)?.terminate();
  }

  retire(id: SlotId): void {
    void this.#slots.get(id)?.terminateWhenIdle();
  }

  wake(): void {}

  async close({ force }: { readonly force: boolean }): Promise<void> {
    this.#closing = true;
    this.#stopWaitingForExit?.();
    await Promise.all([...this.#slots.values()].map((slot) => (force ? slot.terminate() : slot.terminateWhenIdle())));
  }

  #packSetup(setup: WorkerSetup): SetupMessage {
    if (setup.type === 'module') return { type: 'setup', setup };
    const { graph, codes } = setup.fn;
    const { packed, refused } = this.transport.pack(setup.args, (position) => `initargs[${position}]`, setup.fn);
    if (refused[0]) throw refused[0][1];
    return { type: 'setup', setup: { type: 'function', graph, codes, args: packed } };
  }

  #tellMissing(): void {
    if (!this.#missing || this.#up.size === 0) return;
    this.#listener?.fewer(this.#missing);
    this.#missing = undefined;
  }

  /** Gives false where Node starts no thread at all. */
  #start(): boolean {
    const id = `t${this.#nextSlot++}`;
    const events: ThreadEvents = {
      ready: () => {
        this.#failedStarts = 0;
        this.#up.add(id);
        this.#listener?.slotReady(id);
        this.#tellMissing();
      },
      part: (chunkId, output, upTo) => this.#listener?.chunkPart(id, chunkId, output, upTo),
      done: (chunkId, output, ranMs) => this.#listener?.chunkDone(id, chunkId, output, ranMs),
      differs: (chunkId, differences) => this.#listener?.chunkDiffers(id, chunkId, differences),
      output: (stream, text, task) => this.#listener?.output(id, stream, text, task),
      message: (task, value) => this.#listener?.message(id, task, value),
      tired: () => this.#listener?.slotTired(id),
      lateError: (error, index) => this.#listener?.lateError(id, error, index),
      setupFailed: (error, text) => {
        const unpacked = this.transport.unpack(error);
        // An error whose class would have to be imported first is told by its text.
        return unpacked instanceof Promise ? new Error(text) : unpacked[0];
      },
      // A program that ends with nothing left to do lets its workers close what they have opened.
      holds: () => {
        this.#stopWaitingForExit ??= beforeExit(async () => {
          await Promise.all([...this.#slots.values()].map((slot) => slot.dispose()));
        });
      },
      down: (wasReady, progress, loss) => {
        this.#slots.delete(id);
        this.#up.delete(id);
        this.#listener?.slotDown(id, progress, { ...loss, starting: !wasReady });
        if (this.#closing) return;
        if (!wasReady && ++this.#failedStarts >= MAX_FAILED_STARTS) {
          const reason = new Error(loss.message, { cause: loss.cause });
          if (this.#slots.size === 0) this.#listener?.broken(reason);
          else this.#missing = reason;
          return this.#tellMissing();
        }
        this.#start();
      },
    };
    try {
      this.#slots.set(id, new ThreadSlot(id, events, this.#setup));
    } catch (cause) {
      const reason = new Error(whyRefused(cause), { cause });
      if (this.#slots.size === 0) this.#listener?.broken(reason);
      else this.#missing = reason;
      this.#tellMissing();
      return false;
    }
    // A worker that is still starting takes chunks already: they wait in its port, and start without a further round trip.
    this.#listener?.slotUp(id, CELLS);
    return true;
  }
}

function whyRefused(error: unknown): string {
  const denied = (error as { code?: unknown } | undefined)?.code === 'ERR_ACCESS_DENIED';
  return denied
    ? 'this process may not start threads. Where it runs with --permission, add --allow-worker'
    : `Node.js refused to start a thread: ${error instanceof Error ? error.message : String(error)}`;
}
