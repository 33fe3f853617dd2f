/** CONTRACT Backend: who supplies slots. Threads, processes, the host itself and a cluster all look like this. */
import type { ChunkId, ChunkProgress, JobId, SlotId } from './core/events.ts';
import type { ShippedFunction, StateDifference } from './shipped.ts';
import type { Packed, Transport } from './transport.ts';

/**
 * How the arguments of a task are made from its item: `fn(item, index)`, `fn(item)` or `fn(...item)`. With `fold` a task is a block of
 * items (see blocks.ts), and what is called is no function but the parts of a reduction.
 */
export type CallStyle = 'itemAndIndex' | 'item' | 'spread' | 'fold';

/** A task of a chunk. */
export interface TaskOfChunk {
  readonly chunkId: ChunkId;
  readonly index: number;
}

/** A chunk ready to travel. */
export interface PackedChunk {
  readonly chunkId: ChunkId;
  readonly jobId: JobId;
  /** What its tasks call: ids of functions that were defined. */
  readonly functions: readonly string[];
  /** Which of them each task calls, by position; absent where there is one for all. */
  readonly which?: readonly number[] | undefined;
  /** 1 for the first try of these items. */
  readonly attempt: number;
  /** How deep calls are nested: 1 where no task has made this one. */
  readonly depth: number;
  /** Whether anybody hears what its tasks emit. */
  readonly heard: boolean;
  /** Index of its first item in the job. */
  readonly from: number;
  readonly to: number;
  readonly items: Packed;
  /** Indices whose items were refused on the host: they have failed already and are not called. */
  readonly skip: readonly number[];
  readonly call: CallStyle;
  /** Chunks of this job that may run side by side in one worker. */
  readonly lanes: number;
  /** Milliseconds after which finished results are handed over although the chunk goes on. */
  readonly handOverMs: number;
  /** Whether somebody watches how long each task runs: it says when it starts, and its result is handed over before the next one starts. */
  readonly timed: boolean;
  /** How long that may be. */
  readonly timeoutMs?: number | undefined;
}

/** Results of consecutive tasks [from, from + count), in the transport's packed form, and what the failed ones threw. */
export interface ChunkOutput {
  readonly from: number;
  readonly results: Packed;
  readonly failed: readonly FailedTask[];
}

/** A task that threw: `error` is packed when `packed` is true. */
export interface FailedTask {
  readonly index: number;
  /** Index of the very item, where a task has many. */
  readonly item?: number | undefined;
  readonly error: unknown;
  readonly packed: boolean;
  /** It was told to stop because its time was up; `error` is what it threw then, if that is something other than the reason. */
  readonly timedOut?: boolean | undefined;
}

/** Why a slot went down, for people. */
export interface SlotLoss {
  readonly message: string;
  readonly cause?: unknown;
  /** It had not come up yet. */
  readonly starting?: boolean;
  /** Nothing has gone wrong: it had run its number of tasks, held too much memory, had nothing to do for long, or the backend was closed. */
  readonly planned?: boolean;
  /** It had nothing to do for long: nothing takes its place until `wake`. */
  readonly asleep?: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The last lines its process wrote to stderr. */
  readonly stderr?: string | undefined;
  /** What to try. */
  readonly advice?: string | undefined;
}

/** Why a task is told to stop. */
export interface StopOrder {
  /** The task whose time is up; undefined for all of the chunk, whose job has ended. */
  readonly index: number | undefined;
  /** What `context.signal` aborts with. */
  readonly reason: unknown;
  /** Milliseconds it has to answer; Infinity where it may run to its end. */
  readonly graceMs: number;
}

/** The task that a chunk runs now. */
export interface TaskNow {
  readonly index: number;
  readonly ranMs: number;
}

/** What a backend tells the conductor. Calls come one at a time, in the order things happened in a worker. */
export interface BackendListener {
  /** The slot takes chunks from now on, even if it is still starting. `tasks`: how many it may run before it retires. */
  slotUp(slot: SlotId, depth: number, tasks?: number): void;
  /** What is behind the slot has started. */
  slotReady(slot: SlotId): void;
  /** The slot should get no more chunks, and be retired when it is idle: it holds too much memory, or a task that does not stop. */
  slotTired(slot: SlotId): void;
  slotDown(slot: SlotId, progress: readonly ChunkProgress[], loss: SlotLoss): void;
  /** More tasks of a chunk have ended; the chunk goes on. */
  chunkPart(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, upTo: number): void;
  /** The chunk has ended; `output` holds what no part has brought. */
  chunkDone(slot: SlotId, chunkId: ChunkId, output: ChunkOutput, ranMs: number): void;
  chunkShortened(slot: SlotId, chunkId: ChunkId, to: number): void;
  /**
   * A thing that travelled by name is something else in that worker. Nothing of the chunk has run, and the slot waits for it to be sent
   * anew, with functions defined anew.
   */
  chunkDiffers(slot: SlotId, chunkId: ChunkId, differences: readonly StateDifference[]): void;
  /** What a task printed: whole lines, before the results that follow them. `task` is undefined for what nobody's task has printed. */
  output(slot: SlotId, stream: 'stdout' | 'stderr', text: string, task: TaskOfChunk | undefined): void;
  /** What a task has emitted: one value, before the results that follow it. */
  message(slot: SlotId, task: TaskOfChunk, value: Packed): void;
  /** An error that nobody has caught, of a task that had ended; its index where that is known. No task fails of it. */
  lateError(slot: SlotId, error: Packed, index: number | undefined): void;
  /** A worker could not be started, and is not tried again; others run. */
  fewer(reason: Error): void;
  /** No worker can be started: nothing will ever run. */
  broken(reason: Error): void;
}

export interface Backend {
  readonly name: string;
  readonly can: {
    readonly shareMemory: boolean;
    readonly kill: boolean;
    readonly takeBack: boolean;
    readonly remote: boolean;
  };
  readonly transport: Transport;
  /** Announces slots and how many chunks each may hold; may announce more later, or withdraw some. */
  open(listener: BackendListener): void;
  /** Before the first chunk that needs the function; reaches each worker once. A second time for one that has become another. */
  define(fn: ShippedFunction): void;
  /** No further chunk will need the function. */
  forget(functionId: string): void;
  /** Never beyond the slot's depth. */
  run(slot: SlotId, chunk: PackedChunk): void;
  /** Asks a chunk to end at `to`; answered by chunkShortened with where it does end. */
  takeBack(slot: SlotId, chunkId: ChunkId, to: number): void;
  /**
   * Tells what a chunk runs to stop: it sees `context.signal`, and none of its other tasks starts where all of it is to stop. The chunk's
   * results answer: a worker whose event loop is alive gives up a task that does not end within the grace time.
   */
  stop(slot: SlotId, chunkId: ChunkId, order: StopOrder): void;
  /** What a chunk runs now; undefined where nothing of it runs, or that is not known. */
  taskNow(slot: SlotId, chunkId: ChunkId): TaskNow | undefined;
  /** Answered by slotDown; its queued chunks return with no attempt counted. */
  kill(slot: SlotId): void;
  /** Ends an idle slot, which lets go of what its tasks have made; another takes its place. Answered by slotDown at once. */
  retire(slot: SlotId): void;
  /** There is work for so many of the slots that have gone for want of it: they come back, announced by slotUp. */
  wake(count: number): void;
  /** Ends the workers: at once with `force`, else when what they run has ended. */
  close(options: { readonly force: boolean }): Promise<void>;
}
