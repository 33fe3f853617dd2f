/** The chunks a worker holds: which may run now, and what is sent back about them. */
import { blockStart } from '../blocks.ts';
import { type HostNotes, SharedClaims } from '../claims.ts';
import { ownTask } from '../context.ts';
import type { FromWorker, RunMessage, StopMessage, ToWorker } from '../protocol.ts';
import { StatesDiffer } from '../ship/check-states.ts';
import type { ShortDone } from '../shorthand.ts';
import { type Column, isPackedColumn } from '../transport.ts';
import { Ends, mayWait } from './ends.ts';
import { ChunkRun, type Ended } from './execute.ts';
import { type Called, Functions } from './functions.ts';
import { Lanes } from './lanes.ts';
import { type Kind, packAndSend } from './outputs.ts';
import type { Failure, Output } from './part.ts';
import { type TaskFacts, TaskRun } from './task-run.ts';
import { packFailure, packMessage, unpackItems } from './values.ts';

/** A worker busy with chunk after chunk still lets timers and sockets of the user's program have their turn this often. */
const YIELD_MS = 10;
const now = performance.now.bind(performance);
const later = setImmediate;

export interface QueueLinks {
  /** The slot this worker stands for. */
  readonly slot: string;
  readonly cells: Int32Array;
  readonly notes: HostNotes | undefined;
  send(message: FromWorker): void;
  /** What the host need not look at at once. */
  sendQuietly(message: FromWorker): void;
  /** Ends of chunks in one message. */
  sendTogether(ends: readonly ShortDone[]): void;
  /** Takes the messages that have arrived meanwhile. */
  poll(): void;
  /** Ends the worker: something that must hold in it does not. */
  crash(error: unknown): void;
}

export class ChunkQueue {
  readonly #links: QueueLinks;
  readonly #functions = new Functions();
  readonly #lanes = new Lanes<RunMessage>();
  readonly #runs = new Map<number, ChunkRun>();
  #yieldedAt = now();
  #yielding = false;
  #held = false;
  readonly #ends: Ends;

  constructor(links: QueueLinks) {
    this.#links = links;
    this.#ends = new Ends(links.sendTogether);
  }

  take(message: Extract<ToWorker, { type: 'run' | 'define' | 'forget' | 'forgetCodes' }>): void {
    if (message.type === 'run') this.#lanes.add(message);
    else if (message.type === 'define') this.#functions.define(message);
    else if (message.type === 'forget') this.#functions.forget(message.functionId);
    else this.#functions.forgetCodes();
  }

  /** Tells a task, or all of a chunk, to stop. What has not started, or never waits, sees the shared cell instead. */
  stop({ chunkId, index, reason, graceMs }: StopMessage): void {
    if (!this.#runs.has(chunkId)) return;
    const tell = ([unpacked]: ArrayLike<unknown> & Iterable<unknown>) => {
      // A task that runs on after its time keeps the worker from being as it was.
      this.#runs.get(chunkId)?.stop({ index, reason: unpacked, graceMs }, () => this.#links.send({ type: 'tired' }));
    };
    const withoutReason = () => tell([undefined]);
    try {
      const unpacked = reason === undefined ? [undefined] : unpackItems(reason);
      if (unpacked instanceof Promise) unpacked.then(tell as (values: ArrayLike<unknown>) => void, withoutReason);
      else tell(unpacked as unknown[]);
    } catch {
      withoutReason();
    }
  }

  /** An error that nobody has caught fails the task it came from, or is told as one that comes too late. */
  uncaught(error: unknown): void {
    const task = ownTask();
    if (task instanceof TaskRun && task.fail(error)) return;
    const index = task?.index;
    this.#links.send({ type: 'lateError', error: packFailure({ index: index ?? 0, error }).error, index });
  }

  send(message: FromWorker): void {
    this.#links.send(message);
  }

  /** Nothing runs until the worker has been set up. */
  hold(): void {
    this.#held = true;
  }

  get isHeld(): boolean {
    return this.#held;
  }

  letRun(): void {
    this.#held = false;
    this.pump();
  }

  /** Starts what may run now. */
  pump(): void {
    this.#pump();
    this.#ends.send();
  }

  #pump(): void {
    while (this.#lanes.waiting > 0 && !this.#yielding && !this.#held) {
      if (this.#lanes.idle && now() - this.#yieldedAt > YIELD_MS) return this.#yield();
      const chunk = this.#lanes.start();
      if (!chunk) return;
      // Without an asynchronous task it has run to its end by now: thousands a second, which must not make promises.
      const running = this.#execute(chunk);
      if (running) {
        running.then(
          () => {
            this.#ended(chunk);
            this.pump();
          },
          (error) => this.#links.crash(error),
        );
      } else this.#ended(chunk);
    }
  }

  #yield(): void {
    this.#yielding = true;
    later(() => {
      this.#yielding = false;
      this.#yieldedAt = now();
      this.pump();
    });
  }

  #ended(chunk: RunMessage): void {
    this.#lanes.ended(chunk);
    if (this.#lanes.waiting === 0) this.#links.poll();
  }

  #execute(chunk: RunMessage): Promise<void> | undefined {
    this.#ends.before(chunk);
    const claims = new SharedClaims(this.#links.cells, chunk.cell, this.#links.notes);
    // What is read stays here: reading may be what a worker dies of, or never gets out of, and somebody has to watch it.
    claims.claim(1);
    const { claimed } = claims;
    // It has been taken back whole, and runs elsewhere.
    if (claimed === 0) {
      this.#send(chunk, claims, { from: chunk.from, results: [], failed: [] }, DONE_UNRUN);
      return undefined;
    }
    try {
      const work = this.#read(chunk, claims);
      if (!(work instanceof Promise)) return this.#work(chunk, claims, claimed, work);
      return work.then(
        (read) => this.#work(chunk, claims, claimed, read),
        (error) => this.#unreadable(chunk, claims, claimed, error),
      );
    } catch (error) {
      this.#unreadable(chunk, claims, claimed, error);
      return undefined;
    }
  }

  /** What the chunk calls, and its items. */
  #read(chunk: RunMessage, claims: SharedClaims): Read | Promise<Read> {
    // Where the function is there, and the items are plain, no code of the user's runs.
    const built = chunk.functions.length === 1 && chunk.items.odd === undefined ? this.#functions.built(chunk.functions[0]!) : undefined;
    if (built) {
      const items = unpackItems(chunk.items);
      if (!(items instanceof Promise)) return { functions: [built], items };
    }
    const defined = claims.together(() => chunk.functions.map((id) => this.#functions.get(id)));
    if (defined.some((d) => d instanceof Promise))
      return Promise.all(defined).then((functions) => this.#readItems(chunk, claims, functions));
    return this.#readItems(chunk, claims, defined as Called[]);
  }

  #readItems(chunk: RunMessage, claims: SharedClaims, functions: readonly Called[]): Read | Promise<Read> {
    const unreadable: [position: number, reason: Error][] = [];
    const first = chunk.call === 'fold' ? blockStart(chunk.from) : chunk.from;
    const each = { label: (i: number) => `items[${first + i}]`, unreadable: (i: number, reason: Error) => unreadable.push([i, reason]) };
    const unpacked = claims.together(() => unpackItems(chunk.items, each));
    const read = (items: ArrayLike<unknown>): Read => {
      for (const [position, reason] of unreadable) throwWhenRead(items, position, reason);
      return { functions, items };
    };
    return unpacked instanceof Promise ? unpacked.then(read) : read(unpacked);
  }

  #unreadable(chunk: RunMessage, claims: SharedClaims, claimed: number, error: unknown): void {
    // Nothing has run, and the host knows what to do.
    if (error instanceof StatesDiffer) return this.#links.send({ type: 'differs', chunkId: chunk.chunkId, differences: error.differences });
    // What cannot be rebuilt here fails every task of the chunk, with the reason.
    claims.claim(chunk.to - chunk.from);
    const failed = Array.from({ length: claimed + claims.claimed }, (_, i): Failure => ({ index: chunk.from + i, error }));
    this.#send(chunk, claims, { from: chunk.from, results: failed.map(() => undefined), failed }, DONE_UNRUN);
  }

  #work(chunk: RunMessage, claims: SharedClaims, claimed: number, { functions, items }: Read): Promise<void> | undefined {
    const { which, call, from, handOverMs, timed } = chunk;
    const into = columnOf(chunk, items);
    const skip = chunk.skip.length === 0 ? NO_SKIP : new Set(chunk.skip);
    const facts = this.#factsOf(chunk);
    const work = { functions, which, call, from, items, into, skip, claims, handOverMs, timed, facts, sideBySide: chunk.lanes > 1 };
    const run = new ChunkRun(work, (part, quietly) =>
      this.#send(chunk, claims, part, { type: 'part', upTo: part.from + part.results.length }, quietly),
    );
    this.#runs.set(chunk.chunkId, run);
    const ended = run.run(claimed);
    if (ended instanceof Promise) return ended.then((how) => this.#sendEnd(chunk, claims, how));
    this.#sendEnd(chunk, claims, ended);
    return undefined;
  }

  #sendEnd(chunk: RunMessage, claims: SharedClaims, { output, ranMs }: Ended): void {
    this.#runs.delete(chunk.chunkId);
    if (mayWait(chunk, ranMs) && this.#hasMore && this.#ends.take(chunk, output, ranMs)) return;
    this.#send(chunk, claims, output, { type: 'done', ranMs });
  }

  /** Whether another chunk is here. A look at what has just come is worth it only while ends go out together. */
  get #hasMore(): boolean {
    if (this.#lanes.waiting === 0 && this.#ends.areWaiting) this.#links.poll();
    return this.#lanes.waiting > 0;
  }

  #factsOf({ chunkId, functions, attempt, depth, heard }: RunMessage): TaskFacts {
    // Without names of their own, which the bundler would give them each time.
    return {
      chunkId,
      attempt,
      worker: this.#links.slot,
      depth,
      emit: heard
        ? (index, value) => this.#links.send({ type: 'message', task: { chunkId, index }, value: packMessage(value, index, functions) })
        : nobodyHears,
    };
  }

  /** The worker is about to end: what has finished is not lost with it. */
  flush(): void {
    this.#ends.send();
    for (const run of this.#runs.values()) run.flush();
  }

  #send({ chunkId, functions }: RunMessage, claims: SharedClaims, output: Output, kind: Kind, quietly = false): void {
    const send = quietly ? this.#links.sendQuietly : this.#links.send;
    this.#ends.send();
    if (kind.type === 'done') claims.lastTogether(() => packAndSend(send, kind, chunkId, functions, output));
    else claims.together(() => packAndSend(send, kind, chunkId, functions, output));
  }
}

/** Where results of a chunk go that are numbers. Numbers of a range are made here, where there is room for the results. */
function columnOf({ call, items: { values } }: RunMessage, items: ArrayLike<unknown>): Column | undefined {
  if (call === 'fold' || !isPackedColumn(values)) return undefined;
  return values.into ?? (items instanceof Float64Array && !(items.buffer instanceof SharedArrayBuffer) ? items : undefined);
}

/** What a chunk works with. */
interface Read {
  readonly functions: readonly Called[];
  readonly items: ArrayLike<unknown>;
}

const DONE_UNRUN = { type: 'done', ranMs: 0 } as const;
const NO_SKIP: ReadonlySet<number> = new Set();

function nobodyHears(): void {}

/** What could not be rebuilt fails the task that comes to it. */
function throwWhenRead(items: ArrayLike<unknown>, position: number, reason: Error): void {
  Object.defineProperty(items, position, {
    get() {
      throw reason;
    },
  });
}
