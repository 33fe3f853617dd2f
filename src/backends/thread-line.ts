/**
 * A worker thread at the other end of a line. All that it sends lies in a mailbox, a port that nobody listens to: it is read when the worker
 * rings, in turns that leave time for the rest of the program, and when the worker has ended. So what has finished is not lost with it,
 * and what nobody waits for comes without interrupting this thread.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { SharedClaims } from '../claims.ts';
import type { SlotId } from '../core/events.ts';
import { BELL, type FromWorker, RING, type RunMessage, type StopMessage, type ToWorker, type WorkerStart } from '../protocol.ts';
import { type FromWorkerShort, isHarmless, type RunAgain, RunShortener, sideBySide, takeFromWorker } from '../shorthand.ts';
import { textOf } from '../show.ts';
import { ioText, packageText, packerText, workerText } from '../worker-text.generated.ts';
import type { ChunkWatch, Line, LineEnd, LineEvents } from './line.ts';
import type { WorkerSettings } from './local-slots.ts';
import { inNextTurn, turnIsOver } from './turns.ts';
import { inheritedFlags } from './worker-flags.ts';

/** Beside so many chunks that a worker has to do, further ones need not be there at once: they wait until there are some more. */
const ENOUGH = 12;
const TOGETHER = 10;

const UNREADABLE = Symbol('unreadable');

export class ThreadLine implements Line {
  readonly #worker: Worker;
  readonly #cells: Int32Array;
  readonly #mail: MessagePort;
  readonly #events: LineEvents;
  readonly #shortener = new RunShortener();
  /** Chunks that go out together: sending wakes the worker, which costs more than the sending. */
  #together: RunAgain[] = [];
  /** Chunks that have not been answered, these among them. */
  #out = 0;
  #crash: unknown;
  /** Why one of its messages could not be read. */
  #unreadable: unknown;
  #hasEnded = false;

  /** Throws where Node starts no thread. */
  constructor(slot: SlotId, { hasSetup, resourceLimits, maxMemoryBytes }: WorkerSettings, events: LineEvents) {
    const cells = new SharedArrayBuffer((BELL + 1) * Int32Array.BYTES_PER_ELEMENT);
    this.#cells = new Int32Array(cells);
    this.#events = events;
    const { port1, port2 } = new MessageChannel();
    this.#mail = port1;
    const workerData: WorkerStart = { cells, mail: port2, slot, hasSetup, maxMemoryBytes, texts: sharedTexts() };
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
      if (heard === RING) this.#readMail();
    });
    this.#worker.on('error', (error) => {
      this.#crash = error;
    });
    this.#worker.once('exit', (exitCode) => {
      this.#hasEnded = true;
      for (let got = this.#receive(); got; got = this.#receive()) if (got !== UNREADABLE) this.#hear(got.message);
      port1.close();
      events.ended(this.#end(exitCode));
    });
  }

  post(message: ToWorker): void {
    this.#sendTogether();
    this.#worker.postMessage(message);
  }

  run(message: RunMessage): ChunkWatch {
    const claims = new SharedClaims(this.#cells, message.cell);
    claims.reset(message.to - message.from);
    const { moves, ...items } = message.items;
    const short = moves ? message : this.#shortener.shorten(message);
    // Chunks that run side by side may wait for each other.
    if (message.lanes === 1 && this.#out - this.#together.length >= ENOUGH && isHarmless(short)) {
      if (this.#together.push(short) === TOGETHER) this.#sendTogether();
    } else {
      this.#sendTogether();
      if (moves) this.#worker.postMessage({ ...message, items }, moves as ArrayBuffer[]);
      else this.#worker.postMessage(short);
      this.#shortener.sent(message);
    }
    this.#out++;
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

  /** As long as there is mail the bell says that the worker need not ring. */
  #readMail(): void {
    while (!this.#hasEnded) {
      const got = this.#receive();
      if (got === UNREADABLE) return this.terminate();
      // What was sent since then has not rung: one look more.
      if (!got && Atomics.exchange(this.#cells, BELL, 0) === 0) return;
      if (got) this.#hear(got.message);
      if (turnIsOver()) return inNextTurn(() => this.#readMail());
    }
  }

  /** Nobody knows what a message said that cannot be read, or waits for it in vain: its worker ends, and what it had is told as lost. */
  #receive(): ReturnType<typeof receiveMessageOnPort> | typeof UNREADABLE {
    try {
      return receiveMessageOnPort(this.#mail);
    } catch (error) {
      this.#unreadable ??= error;
      return UNREADABLE;
    }
  }

  #hear(heard: FromWorkerShort): void {
    takeFromWorker(heard, this.#take);
  }

  readonly #take = (message: FromWorker): void => {
    if ((message.type === 'done' || message.type === 'differs') && --this.#out - this.#together.length < ENOUGH) this.#sendTogether();
    this.#events.message(message);
  };

  #sendTogether(): void {
    const together = this.#together;
    if (together.length === 0) return;
    this.#together = [];
    this.#worker.postMessage(together.length === 1 ? together[0] : sideBySide(together));
  }

  #end(exitCode: number): LineEnd {
    const cause = this.#crash;
    const unreadable = this.#unreadable;
    if (cause === undefined && unreadable !== undefined)
      return { message: `a message of the worker thread could not be read: ${textOf(unreadable)}`, cause: unreadable, exitCode };
    if (cause === undefined) return { message: `the worker thread exited with code ${exitCode}`, exitCode };
    if ((cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const advice =
        "Give workers more with resourceLimits: { maxOldGenerationSizeMb }, or use backend: 'processes', where a task that runs out of memory never endangers this program";
      return { message: 'the worker thread ran out of memory', cause, exitCode, advice };
    }
    return { message: `the worker thread crashed: ${textOf(cause)}`, cause, exitCode };
  }
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
