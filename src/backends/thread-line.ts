/**
 * A worker thread at the other end of a line. Finished results come by a quiet port, which does not interrupt this thread: they are read when
 * the worker says something else, or has ended. So what has finished is not lost with it. They never overtake what was said aloud before.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { CELL_WORDS, SharedClaims } from '../claims.ts';
import type { SlotId } from '../core/events.ts';
import { CELLS, type FromThread, type RunMessage, type StopMessage, type ToWorker, type WorkerStart } from '../protocol.ts';
import { textOf } from '../show.ts';
import { ioText, packageText, packerText, workerText } from '../worker-text.generated.ts';
import type { ChunkWatch, Line, LineEnd, LineEvents } from './line.ts';
import type { WorkerSettings } from './local-slots.ts';
import { inheritedFlags } from './worker-flags.ts';

export class ThreadLine implements Line {
  readonly #worker: Worker;
  readonly #cells: Int32Array;
  readonly #quiet: MessagePort;
  readonly #events: LineEvents;
  #crash: unknown;
  /** Has been read, and is not to be heard yet. */
  #ahead: FromThread | undefined;

  /** Throws where Node starts no thread. */
  constructor(slot: SlotId, { hasSetup, resourceLimits, maxMemoryBytes }: WorkerSettings, events: LineEvents) {
    const cells = new SharedArrayBuffer(CELLS * CELL_WORDS * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(cells);
    this.#events = events;
    const { port1, port2 } = new MessageChannel();
    this.#quiet = port1;
    const workerData: WorkerStart = { cells, quiet: port2, slot, hasSetup, maxMemoryBytes, texts: sharedTexts() };
    const flags = inheritedFlags(process.execArgv);
    this.#worker = new Worker(workerText, {
      eval: true,
      name: `allcores ${slot}`,
      workerData,
      transferList: [port2],
      ...(resourceLimits && { resourceLimits }),
      ...flags,
    });
    this.#worker.on('message', (heard: unknown) => {
      // A task may use its thread's port for messages of its own; they are not ours.
      if (!isOurs(heard)) return;
      this.#readQuiet(heard.said);
      events.message(heard.message);
    });
    this.#worker.on('error', (error) => {
      this.#crash = error;
    });
    this.#worker.once('exit', (exitCode) => {
      this.#readQuiet(Number.POSITIVE_INFINITY);
      port1.close();
      events.ended(this.#end(exitCode));
    });
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  run(message: RunMessage): ChunkWatch {
    const claims = new SharedClaims(this.#cells, message.cell);
    claims.reset(message.to - message.from);
    const { moves, ...items } = message.items;
    if (moves) this.#worker.postMessage({ ...message, items }, moves as ArrayBuffer[]);
    else this.post(message);
    return claims;
  }

  stop(message: StopMessage, cell: number, position: number | undefined): void {
    new SharedClaims(this.#cells, cell).stop(position);
    this.post(message);
  }

  keepAlive(yes: boolean): void {
    if (yes) this.#worker.ref();
    else this.#worker.unref();
  }

  terminate(): void {
    void this.#worker.terminate();
  }

  /** Reads what it sent before it had said more than that aloud. */
  #readQuiet(said: number): void {
    for (;;) {
      this.#ahead ??= receiveMessageOnPort(this.#quiet)?.message as FromThread | undefined;
      if (!this.#ahead || this.#ahead.said > said) return;
      const { message } = this.#ahead;
      this.#ahead = undefined;
      this.#events.message(message);
    }
  }

  #end(exitCode: number): LineEnd {
    const cause = this.#crash;
    if (cause === undefined) return { message: `the worker thread exited with code ${exitCode}`, exitCode };
    if ((cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const advice =
        "Give workers more with resourceLimits: { maxOldGenerationSizeMb }, or use backend: 'processes', where a task that runs out of memory never endangers this program";
      return { message: 'the worker thread ran out of memory', cause, exitCode, advice };
    }
    return { message: `the worker thread crashed: ${textOf(cause)}`, cause, exitCode };
  }
}

function isOurs(heard: unknown): heard is FromThread {
  if (typeof heard !== 'object' || heard === null) return false;
  const { said, message } = heard as Partial<FromThread>;
  return typeof said === 'number' && typeof message?.type === 'string';
}

let texts: WorkerStart['texts'] | undefined;

/** One copy for all workers of this process. */
function sharedTexts(): WorkerStart['texts'] {
  texts ??= { worker: bytesOf(workerText), packer: bytesOf(packerText), package: bytesOf(packageText), io: bytesOf(ioText) };
  return texts;
}

function bytesOf(text: string): SharedArrayBuffer {
  const bytes = new TextEncoder().encode(text);
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return shared;
}
