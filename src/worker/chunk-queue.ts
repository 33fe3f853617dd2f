/** The chunks a worker holds: which may run now, and what is sent back about them. */
import { blockStart } from '../blocks.ts';
import { type HostNotes, SharedClaims } from '../claims.ts';
import { ownTask } from '../context.ts';
import type { FromWorker, OutputMessage, RunMessage, StopMessage, ToWorker } from '../protocol.ts';
import { StatesDiffer } from '../ship/check-states.ts';
import { type Column, isPackedColumn } from '../transport.ts';
import { ChunkRun } from './execute.ts';
import { type Called, Functions } from './functions.ts';
import { Lanes } from './lanes.ts';
import type { Failure, Output } from './part.ts';
import { type TaskFacts, TaskRun } from './task-run.ts';
import { packFailure, packMessage, packResults, unpackItems, withoutUnsendable } from './values.ts';

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

  constructor(links: QueueLinks) {
    this.#links = links;
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
    while (this.#lanes.waiting > 0 && !this.#yielding && !this.#held) {
      if (this.#lanes.idle && now() - this.#yieldedAt > YIELD_MS) return this.#yield();
      const chunk = this.#lanes.start();
      if (!chunk) return;
      // Without an asynchronous task this runs to its end before it returns.
      this.#run(chunk).catch((error) => this.#links.crash(error));
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

  async #run(chunk: RunMessage): Promise<void> {
    try {
      await this.#execute(chunk);
    } finally {
      this.#lanes.ended(chunk);
      this.#links.poll();
      this.pump();
    }
  }

  async #execute(chunk: RunMessage): Promise<void> {
    const claims = new SharedClaims(this.#links.cells, chunk.cell, this.#links.notes);
    // What is read stays here: reading may be what a worker dies of, or never gets out of, and somebody has to watch it.
    claims.claim(1);
    const { claimed } = claims;
    // It has been taken back whole, and runs elsewhere.
    if (claimed === 0) return this.#send(chunk, claims, { from: chunk.from, results: [], failed: [] }, { type: 'done', ranMs: 0 });
    let functions: Called[];
    let items: ArrayLike<unknown>;
    try {
      const defined = claims.together(() => chunk.functions.map((id) => this.#functions.get(id)));
      functions = defined.some((d) => d instanceof Promise) ? await Promise.all(defined) : (defined as Called[]);
      const unreadable: [position: number, reason: Error][] = [];
      const first = chunk.call === 'fold' ? blockStart(chunk.from) : chunk.from;
      const each = { label: (i: number) => `items[${first + i}]`, unreadable: (i: number, reason: Error) => unreadable.push([i, reason]) };
      const unpacked = claims.together(() => unpackItems(chunk.items, each));
      items = unpacked instanceof Promise ? await unpacked : unpacked;
      for (const [position, reason] of unreadable) throwWhenRead(items, position, reason);
    } catch (error) {
      // Nothing has run, and the host knows what to do.
      if (error instanceof StatesDiffer)
        return this.#links.send({ type: 'differs', chunkId: chunk.chunkId, differences: error.differences });
      // What cannot be rebuilt here fails every task of the chunk, with the reason.
      claims.claim(chunk.to - chunk.from);
      const failed = Array.from({ length: claimed + claims.claimed }, (_, i): Failure => ({ index: chunk.from + i, error }));
      this.#send(chunk, claims, { from: chunk.from, results: failed.map(() => undefined), failed }, { type: 'done', ranMs: 0 });
      return;
    }
    const { which, call, from, handOverMs, timed } = chunk;
    const into = columnOf(chunk, items);
    const skip = new Set(chunk.skip);
    const facts = this.#factsOf(chunk);
    const work = { functions, which, call, from, items, into, skip, claims, handOverMs, timed, facts, sideBySide: chunk.lanes > 1 };
    const run = new ChunkRun(work, (part, quietly) =>
      this.#send(chunk, claims, part, { type: 'part', upTo: part.from + part.results.length }, quietly),
    );
    this.#runs.set(chunk.chunkId, run);
    const { output, ranMs } = await run.run(claimed);
    this.#runs.delete(chunk.chunkId);
    this.#send(chunk, claims, output, { type: 'done', ranMs });
  }

  #factsOf({ chunkId, functions, attempt, depth, heard }: RunMessage): TaskFacts {
    const emit = (index: number, value: unknown) => {
      if (heard) this.#links.send({ type: 'message', task: { chunkId, index }, value: packMessage(value, index, functions) });
    };
    return { chunkId, attempt, worker: this.#links.slot, depth, emit };
  }

  /** The worker is about to end: what has finished is not lost with it. */
  flush(): void {
    for (const run of this.#runs.values()) run.flush();
  }

  #send(
    { chunkId, functions }: RunMessage,
    claims: SharedClaims,
    output: Output,
    kind: { type: 'part'; upTo: number } | { type: 'done'; ranMs: number },
    quietly = false,
  ): void {
    const send = quietly ? this.#links.sendQuietly : this.#links.send;
    const packAndSend = () => {
      try {
        send({ ...kind, ...pack(chunkId, functions, output) });
      } catch {
        send({ ...kind, ...packSafely(chunkId, functions, output) });
      }
    };
    if (kind.type === 'done') claims.lastTogether(packAndSend);
    else claims.together(packAndSend);
  }
}

/** Where results of a chunk go that are numbers. Numbers of a range are made here, where there is room for the results. */
function columnOf({ call, items: { values } }: RunMessage, items: ArrayLike<unknown>): Column | undefined {
  if (call === 'fold' || !isPackedColumn(values)) return undefined;
  return values.into ?? (items instanceof Float64Array && !(items.buffer instanceof SharedArrayBuffer) ? items : undefined);
}

/** What could not be rebuilt fails the task that comes to it. */
function throwWhenRead(items: ArrayLike<unknown>, position: number, reason: Error): void {
  Object.defineProperty(items, position, {
    get() {
      throw reason;
    },
  });
}

function pack(chunkId: number, functions: readonly string[], output: Output): OutputMessage {
  const { from } = output;
  const { packed, refused } = packResults(output, functions);
  const failures: Failure[] = [...output.failed, ...refused.map(([position, error]) => ({ index: from + position, error }))];
  return { chunkId, from, results: packed, failed: failures.map((failure) => packFailure(failure, functions)) };
}

/** Packing or sending has failed: first without what cannot be sent, then, so that nobody waits for ever, with the reason alone. */
function packSafely(chunkId: number, functions: readonly string[], output: Output): OutputMessage {
  try {
    const message = pack(chunkId, functions, withoutUnsendable(output));
    structuredClone(message);
    return message;
  } catch (error) {
    const { from, results } = output;
    const reason = new Error(
      `results could not be sent to the host: ${error instanceof Error ? error.message : 'for a reason that cannot be described'}`,
    );
    const failed = Array.from(results, (_, i) => packFailure({ index: from + i, error: reason }));
    return { chunkId, from, results: { values: failed.map(() => undefined) }, failed };
  }
}
