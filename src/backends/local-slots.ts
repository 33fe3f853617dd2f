/** Keeps a number of workers of this machine alive, one slot each: starts them, replaces those that die, lets idle and worn ones go. */
import type { Backend, BackendListener, PackedChunk, SlotLoss, StopOrder, TaskNow } from '../backend.ts';
import type { ChunkId, SlotId } from '../core/events.ts';
import { CELLS, type SetupMessage } from '../protocol.ts';
import type { ShippedFunction, WorkerSetup } from '../shipped.ts';
import type { Transport } from '../transport.ts';
import { beforeExit } from './before-exit.ts';
import { DefinedFunctions } from './defined-functions.ts';
import type { Line, LineEvents } from './line.ts';
import { LooseTimer } from './loose-timer.ts';
import type { SlotEvents } from './slot-events.ts';
import { WorkerSlot } from './worker-slot.ts';

/** Workers that die before they are up, or as soon as they are, one after the other, until the backend gives up: no storm of starts. */
const MAX_FAILED_STARTS = 3;
const LASTS_MS = 200;
/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;

/** Limits of V8 in each worker, in MB. What is left out is as Node has it. */
export interface ResourceLimits {
  /** The heap, without what is young. */
  readonly maxOldGenerationSizeMb?: number | undefined;
  /** The part of the heap for objects just made. */
  readonly maxYoungGenerationSizeMb?: number | undefined;
  /** Memory for generated code. */
  readonly codeRangeSizeMb?: number | undefined;
  /** The stack. @default 4 */
  readonly stackSizeMb?: number | undefined;
}

export interface LocalOptions {
  readonly workers: number;
  readonly setup?: WorkerSetup | undefined;
  /** Tasks a worker runs before another takes its place. */
  readonly maxTasksPerWorker?: number | undefined;
  /** Milliseconds without work after which a worker goes; it comes back with the next work. */
  readonly idleTimeoutMs?: number | undefined;
  /** Bytes a worker may hold between chunks. */
  readonly maxMemoryBytes?: number | undefined;
  /** Milliseconds a worker may take until it is up, with its setup. */
  readonly startTimeoutMs?: number | undefined;
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** What each worker is started with. */
export interface WorkerSettings {
  readonly workers: number;
  readonly hasSetup: boolean;
  readonly maxMemoryBytes: number | undefined;
  readonly resourceLimits: ResourceLimits | undefined;
}

/** What differs between threads and processes. */
export interface LocalKind {
  readonly name: string;
  /** Of slot names: `t` for t1, t2. */
  readonly letter: string;
  readonly shareMemory: boolean;
  readonly transport: Transport;
  /** Starts a worker; throws where it is refused. */
  connect(slot: SlotId, settings: WorkerSettings, events: LineEvents): Line;
  /** Why starting a worker was refused, for people. */
  whyRefused(error: unknown): string;
}

export class LocalSlots implements Backend {
  readonly name: string;
  readonly can: Backend['can'];
  readonly transport: Transport;
  readonly #kind: LocalKind;
  readonly #options: LocalOptions;
  readonly #settings: WorkerSettings;
  readonly #slots = new Map<SlotId, WorkerSlot>();
  /** Those that run nothing any more and let go of what they hold. */
  readonly #leaving = new Map<WorkerSlot, Promise<void>>();
  readonly #functions = new DefinedFunctions();
  readonly #setup: SetupMessage | undefined;
  #stopWaitingForExit: (() => void) | undefined;
  #listener: BackendListener | undefined;
  #nextSlot = 1;
  #failedStarts = 0;
  readonly #up = new Set<SlotId>();
  /** Why there are fewer workers; told when it is sure that there are any. */
  #missing: Error | undefined;
  /** Starting has failed too often, or was refused. */
  #givenUp = false;
  /** Workers that have gone for want of work, and that nobody has woken. */
  #asleep = 0;
  /** By order: that says nothing of how workers start. */
  readonly #killed = new Set<SlotId>();
  #closing = false;

  constructor(kind: LocalKind, options: LocalOptions) {
    this.name = kind.name;
    this.can = { shareMemory: kind.shareMemory, kill: true, takeBack: true, remote: false };
    this.transport = kind.transport;
    this.#kind = kind;
    this.#options = options;
    const { workers, setup, maxMemoryBytes, resourceLimits } = options;
    this.#settings = { workers, hasSetup: setup !== undefined, maxMemoryBytes, resourceLimits };
    this.#setup = setup && this.#packSetup(setup);
  }

  open(listener: BackendListener): void {
    this.#listener = listener;
    this.#startAll();
  }

  define(fn: ShippedFunction): void {
    if (this.#functions.define(fn)) for (const slot of this.#slots.values()) slot.outdate(fn.id);
  }

  forget(functionId: string): void {
    const forgotten = this.#functions.release(functionId);
    if (forgotten !== undefined) for (const slot of this.#slots.values()) slot.forget(forgotten);
  }

  run(id: SlotId, chunk: PackedChunk): void {
    const functions = chunk.functions.map((functionId) => {
      const fn = this.#functions.get(functionId);
      if (!fn) throw new Error(`function ${functionId} was not defined`);
      return fn;
    });
    const slot = this.#slots.get(id);
    // Of one that has gone meanwhile the word is on its way, and brings the chunk back.
    slot?.run(chunk, functions, this.#functions.inUse <= functions.length);
  }

  takeBack(id: SlotId, chunkId: ChunkId, to: number): void {
    this.#slots.get(id)?.takeBack(chunkId, to);
  }

  stop(id: SlotId, chunkId: ChunkId, order: StopOrder): void {
    const { packed, refused } = this.transport.pack([order.reason], () => 'the reason');
    this.#slots.get(id)?.stop(chunkId, order, refused.length > 0 ? undefined : packed);
  }

  taskNow(id: SlotId, chunkId: ChunkId): TaskNow | undefined {
    return this.#slots.get(id)?.taskNow(chunkId);
  }

  kill(id: SlotId): void {
    if (this.#slots.has(id)) this.#killed.add(id);
    void this.#slots.get(id)?.terminate();
  }

  retire(id: SlotId): void {
    if (this.#dismiss(id, { message: 'it was replaced as its time had come' }) && !this.#closing) this.#startAll();
  }

  wake(count: number): void {
    this.#asleep = Math.max(0, this.#asleep - count);
    if (!this.#closing) this.#startAll();
  }

  async close({ force }: { readonly force: boolean }): Promise<void> {
    this.#closing = true;
    this.#stopWaitingForExit?.();
    await Promise.all([...this.#slots.values()].map((slot) => (force ? slot.terminate() : slot.terminateWhenIdle())));
    await Promise.all(force ? [...this.#leaving.keys()].map((slot) => slot.terminate()) : this.#leaving.values());
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

  /** What one refused start says of the next: Node refuses it again. */
  #startAll(): void {
    // The last of those that could be started has gone since: there is nothing to lose by another try.
    if (this.#givenUp && this.#slots.size === 0) {
      this.#givenUp = false;
      this.#failedStarts = 0;
    }
    while (!this.#givenUp && this.#slots.size + this.#asleep < this.#options.workers) this.#start();
  }

  #start(): void {
    const id = `${this.#kind.letter}${this.#nextSlot++}`;
    const connect = (events: LineEvents) => this.#kind.connect(id, this.#settings, events);
    try {
      this.#slots.set(id, new WorkerSlot(id, connect, this.#eventsOf(id), this.#setup, this.#options));
    } catch (cause) {
      return this.#giveUp(new Error(this.#kind.whyRefused(cause), { cause }));
    }
    // A worker that is still starting takes chunks already: they wait in its port, and start without a further round trip.
    this.#listener?.slotUp(id, CELLS, this.#options.maxTasksPerWorker);
  }

  #eventsOf(id: SlotId): SlotEvents {
    let hasLasted = false;
    const lasts = new LooseTimer(LASTS_MS, () => {
      hasLasted = true;
    });
    return {
      ready: () => {
        lasts.start();
        this.#up.add(id);
        this.#listener?.slotReady(id);
        this.#tellMissing();
      },
      part: (chunkId, output, upTo) => this.#listener?.chunkPart(id, chunkId, output, upTo),
      done: (chunkId, output, ranMs) => {
        this.#failedStarts = 0;
        this.#listener?.chunkDone(id, chunkId, output, ranMs);
      },
      shortened: (chunkId, to) => this.#listener?.chunkShortened(id, chunkId, to),
      differs: (chunkId, differences) => this.#listener?.chunkDiffers(id, chunkId, differences),
      output: (stream, text, task) => this.#listener?.output(id, stream, text, task),
      message: (task, value) => this.#listener?.message(id, task, value),
      tired: () => this.#listener?.slotTired(id),
      lateError: (error, index) => this.#listener?.lateError(id, error, index),
      idle: () => this.#dismiss(id, { message: 'it had nothing to do', asleep: true }),
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
      down: (hasWorked, progress, loss) => {
        // One that was dismissed has been told of.
        lasts.stop();
        const wasKilled = this.#killed.delete(id);
        if (!this.#slots.delete(id)) return;
        this.#up.delete(id);
        this.#listener?.slotDown(id, progress, this.#closing ? { ...loss, planned: true } : loss);
        if (this.#closing) return;
        if (hasWorked || hasLasted) this.#failedStarts = 0;
        else if (!wasKilled) this.#failedStarts++;
        // It could be started, so others can.
        if (hasWorked || hasLasted) this.#givenUp = false;
        if (this.#failedStarts >= MAX_FAILED_STARTS) this.#giveUp(whyNotUp(loss, this.#settings.hasSetup));
        // Those who wait for the lost task hear of it first: starting a process takes this thread many milliseconds.
        else later(() => !this.#closing && this.#startAll());
      },
    };
  }

  /** The slot gets nothing any more, lets go of what its tasks have made, and ends. */
  #dismiss(id: SlotId, loss: SlotLoss): boolean {
    const slot = this.#slots.get(id);
    if (!slot) return false;
    this.#slots.delete(id);
    this.#up.delete(id);
    this.#leaving.set(
      slot,
      slot.terminateWhenIdle().finally(() => this.#leaving.delete(slot)),
    );
    // Before it is told: the answer may be to wake it.
    if (loss.asleep) this.#asleep++;
    this.#listener?.slotDown(id, [], { ...loss, planned: true });
    return true;
  }

  #giveUp(reason: Error): void {
    this.#givenUp = true;
    if (this.#slots.size === 0) this.#listener?.broken(reason);
    else this.#missing = reason;
    this.#tellMissing();
  }
}

function whyNotUp({ message, cause, stderr, starting }: SlotLoss, hasSetup: boolean): Error {
  const when = !starting ? ' before it had done anything' : hasSetup && cause === undefined ? ' while its setup ran' : '';
  const lastWords = stderr ? `. The last it wrote to stderr: ${stderr.trimEnd()}` : '';
  return new Error(`${message}${when}${lastWords}`, cause === undefined ? undefined : { cause });
}
