/** The host at the other end of this worker: its thread's parent, or another process. */
import { MessageChannel, type MessagePort, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import type { HostNotes } from '../claims.ts';
import { nodeFs } from '../late-builtins.ts';
import { BELL, type ChildStart, type FromWorker, RECORD_BYTES, RING, type ToWorker, type WorkerStart } from '../protocol.ts';
import { type RunAgain, RunExpander, type ShortDone, shortenDone, sideBySide } from '../shorthand.ts';
import { textOf } from '../show.ts';
import { frame, readMessage } from '../transports/frames.ts';
import { crash } from './uncaught.ts';

export interface HostEnd {
  readonly start: WorkerStart;
  /** Whether the host is another process. */
  readonly isElsewhere: boolean;
  /** Before it returns the message is the host's. Throws where it cannot be cloned. */
  send(message: FromWorker): void;
  /** As `send`, but the host need not look at it at once. */
  sendQuietly(message: FromWorker): void;
  /** Ends of chunks in one message. */
  sendTogether(ends: readonly ShortDone[]): void;
  /** `taken`: all that came together has been taken. */
  listen(take: (message: ToWorker) => void, taken: () => void): void;
  /** Gives what has arrived without waiting for the event loop, which would cost a turn for each chunk. */
  poll(take: (message: ToWorker) => void): void;
  readonly notes?: HostNotes;
}

/** Given by the text that a worker process starts with. */
const CHILD = Symbol.for('allcores.start');
const home = globalThis as { [CHILD]?: ChildStart };
const child = home[CHILD];
delete home[CHILD];

/** Where its messages go out, where it notes what it starts, and what `ps` may send it together with its host. */
const OUT = 3;
const STARTED = 5;
const ENDS_OF_THE_HOST = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const hostEnd: HostEnd = child ? processEnd(child) : threadEnd();

function threadEnd(): HostEnd {
  const port = parentPort;
  if (!port) throw new Error('the worker of allcores was started outside a worker thread');
  const start = workerData as WorkerStart;
  const { mail } = start;
  if (!mail) throw new Error('the worker of allcores was started without a mailbox');
  const cells = new Int32Array(start.cells);
  const runs = new RunExpander();
  const ring = () => {
    if (Atomics.exchange(cells, BELL, 1) === 0) port.postMessage(RING);
  };
  let isDeaf = false;
  /** What follows may rest on what it said, so nothing more is taken: the worker ends, and the host gives others what it had. */
  const unreadable = (error: unknown) => {
    isDeaf = true;
    crash(new Error(`a message of the host could not be read: ${textOf(error)}`, { cause: error }));
  };
  return {
    start,
    isElsewhere: false,
    send(message) {
      post(mail, message);
      ring();
    },
    sendTogether(ends) {
      mail.postMessage(sideBySide(ends));
      ring();
    },
    sendQuietly: (message) => post(mail, message),
    listen(take, taken) {
      port.on('message', (message) => {
        if (isDeaf) return;
        runs.take(message, take);
        taken();
      });
      port.on('messageerror', unreadable);
    },
    poll(take) {
      while (!isDeaf) {
        let got: ReturnType<typeof receiveMessageOnPort>;
        try {
          got = receiveMessageOnPort(port);
        } catch (error) {
          return unreadable(error);
        }
        if (!got) return;
        runs.take(got.message, take);
      }
    },
  };
}

/** Results may move their memory instead of copying it. */
function post(port: MessagePort, message: FromWorker): void {
  if (!('results' in message) || !message.results.moves) return port.postMessage(shortenDone(message));
  const { moves, ...results } = message.results;
  port.postMessage(shortenDone({ ...message, results }), moves as ArrayBuffer[]);
}

function processEnd({ texts, ...given }: ChildStart): HostEnd {
  // They go to all processes of a group, and what they mean is for the host to say: when it ends, this process does.
  for (const signal of ENDS_OF_THE_HOST) process.on(signal, () => {});
  const cells = new SharedArrayBuffer(BELL * Int32Array.BYTES_PER_ELEMENT);
  const port = readByThread(texts.io, cells);
  const runs = new RunExpander();
  const take = (into: (message: ToWorker) => void, bytes: unknown) =>
    runs.take(readMessage(new Uint8Array(bytes as ArrayBuffer)) as ToWorker | RunAgain, into);
  // Before any task could put fakes there.
  const files = nodeFs();
  const record = new Int32Array(2);
  const order = new Int32Array(1);
  return {
    start: { ...given, cells, texts },
    isElsewhere: true,
    send: (message) => writeAll(frame(shortenDone(message))),
    sendQuietly: (message) => writeAll(frame(shortenDone(message))),
    sendTogether: (ends) => writeAll(frame(sideBySide(ends))),
    listen(into, taken) {
      port.on('message', (bytes) => {
        take(into, bytes);
        taken();
      });
    },
    poll(into) {
      for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) take(into, got.message);
    },
    notes: {
      started(cell, started, at) {
        record[0] = started;
        record[1] = at;
        files.writeSync(STARTED, record, 0, record.byteLength, cell * RECORD_BYTES);
      },
      allStopped(cell) {
        files.readSync(STARTED, order, 0, order.byteLength, cell * RECORD_BYTES + record.byteLength);
        return order[0] !== 0;
      },
    },
  };
}

/** Messages come by a thread of its own (see io-thread.ts). It needs none of the program's preloads. */
function readByThread(text: string, cells: SharedArrayBuffer): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const thread = new Worker(text, {
    eval: true,
    name: 'allcores io',
    execArgv: [],
    env: {},
    workerData: { cells, port: port2 },
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 8 },
  });
  // Without it nothing arrives any more, and nobody would end this process.
  thread.on('exit', () => process.kill(process.pid, 'SIGKILL'));
  thread.unref();
  return port1;
}

function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += nodeFs().writeSync(OUT, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const pause = new Int32Array(new SharedArrayBuffer(4));
