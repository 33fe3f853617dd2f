/** The messages between host and worker, both directions, and the shared cells beside them. */
import type { MessagePort } from 'node:worker_threads';
import type { PackedChunk, TaskOfChunk } from './backend.ts';
import { CELL_WORDS } from './claims.ts';
import type { ChunkId, SlotId } from './core/events.ts';
import type { StateDifference } from './shipped.ts';
import type { Packed } from './transport.ts';

export type ToWorker =
  | SetupMessage
  | DefineMessage
  | { readonly type: 'forget'; readonly functionId: string }
  /** All functions, and the texts they were compiled from. */
  | { readonly type: 'forgetCodes' }
  | RunMessage
  | StopMessage
  /** Let go of what tasks have made with perWorker; answered by `disposed`. */
  | { readonly type: 'dispose' };

/** The first message to a worker whose pool has a setup; it is up when that has ended. */
export interface SetupMessage {
  readonly type: 'setup';
  readonly setup:
    | { readonly type: 'function'; readonly graph: unknown; readonly codes: Readonly<Record<string, unknown>>; readonly args: Packed }
    | { readonly type: 'module'; readonly url: string };
}

export interface DefineMessage {
  readonly type: 'define';
  readonly functionId: string;
  readonly graph: unknown;
  readonly codes: Readonly<Record<string, unknown>>;
  readonly stateless: string | undefined;
}

/** A task, or all of a chunk, is to stop; the shared cell of the chunk says so already. */
export interface StopMessage {
  readonly type: 'stop';
  readonly chunkId: ChunkId;
  readonly index: number | undefined;
  /** Absent where it cannot travel. */
  readonly reason: Packed | undefined;
  readonly graceMs: number;
}

export interface RunMessage extends PackedChunk {
  readonly type: 'run';
  /** Which shared cells belong to this chunk. */
  readonly cell: number;
}

/** A thrown value: packed like any other value, or, when it cannot be packed, described. */
export interface PackedFailure {
  readonly index: number;
  readonly item?: number | undefined;
  readonly error: Packed;
  readonly timedOut?: boolean | undefined;
}

/** Results are handed over no oftener than this where nobody sees them before the end. */
export const AT_THE_END_MS = 200;

export interface OutputMessage {
  readonly chunkId: ChunkId;
  readonly from: number;
  readonly results: Packed;
  readonly failed: readonly PackedFailure[];
}

export type FromWorker =
  | { readonly type: 'up' }
  /** The worker ends: its setup threw. */
  | { readonly type: 'setupFailed'; readonly error: Packed; readonly text: string }
  /** Tasks have made something that wants to be disposed. */
  | { readonly type: 'holds' }
  | { readonly type: 'disposed'; readonly failed: readonly string[] }
  /** It wants no more chunks (see BackendListener.slotTired). */
  | { readonly type: 'tired' }
  /** An error that nobody caught, of a task that has ended: its text. No task fails of it. */
  | { readonly type: 'lateError'; readonly error: Packed; readonly index: number | undefined }
  | ({ readonly type: 'part'; readonly upTo: number } & OutputMessage)
  | ({ readonly type: 'done'; readonly ranMs: number } & OutputMessage)
  /** What the chunk calls or works on travelled by a name that means something else here. Nothing of it has run; it is to be sent anew. */
  | { readonly type: 'differs'; readonly chunkId: ChunkId; readonly differences: readonly StateDifference[] }
  | { readonly type: 'output'; readonly stream: 'stdout' | 'stderr'; readonly text: string; readonly task: TaskOfChunk | undefined }
  | { readonly type: 'message'; readonly task: TaskOfChunk; readonly value: Packed };

/** What a thread says by its own port: there is mail. */
export const RING = 'allcores: mail';

/** `worker` is what every worker starts with, `packer` and `package` are loaded when they are needed; `io` is the reading thread of a process. */
export type WorkerText = 'worker' | 'packer' | 'package' | 'io';

/** What a worker is started with. */
export interface WorkerStart {
  /** Four 32-bit cells for each of `CELLS` chunks (see claims.ts), and the bell. */
  readonly cells: SharedArrayBuffer;
  /** All that a thread sends. Nobody listens to this port: the host reads it when the bell rings. Absent where it is another process. */
  readonly mail?: MessagePort;
  /** The slot it stands for, such as `t2`. */
  readonly slot: SlotId;
  /** Whether a setup is on its way. */
  readonly hasSetup: boolean;
  /** Above it, it says that it is tired. */
  readonly maxMemoryBytes?: number | undefined;
  /** What it may load later, and what a worker of its own would start with (see worker/parts.ts). In UTF-8 where it is shared. */
  readonly texts: Readonly<Record<WorkerText, SharedArrayBuffer | string>>;
}

/** Chunks one worker may hold at the same time: four shared cells each. */
export const CELLS = 1024;

/** The cell behind them: 1 while a thread need not ring, because its host reads the mail or is about to. */
export const BELL = CELLS * CELL_WORDS;

/** What a worker process and its host share of one chunk, in a file: how many tasks were started, when the last was, whether all is to stop. */
export const RECORD_BYTES = 12;

/** Set in every worker: our own marker, because under vitest and others the main program is itself on a worker thread. */
export const WORKER_MARKER: unique symbol = Symbol.for('allcores.worker') as never;

/** What a worker process is started with. */
export interface ChildStart extends Omit<WorkerStart, 'cells' | 'mail' | 'texts'> {
  /** The host's, so that tasks see the program they belong to. */
  readonly argv: readonly string[];
  readonly execArgv: readonly string[];
  readonly texts: Readonly<Record<WorkerText, string>>;
}

/** Words before a message to a process: its length, what it is, and of a chunk its cell, a position and its id. */
export const TO_IO = { forward: 0, run: 1, takeBack: 2, stop: 3 } as const;
/** The words behind the length. */
export const TO_IO_WORDS = 4;
