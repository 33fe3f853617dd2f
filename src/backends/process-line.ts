/**
 * A worker process at the other end of a line.
 *
 * Descriptor 3 brings its messages, which it writes before it goes on, so that nothing finished is lost with it. Descriptor 4 takes ours to
 * a thread of its own there (worker/io-thread.ts), which gives unstarted tasks back even while the process computes, and ends it when
 * this end is gone. Descriptor 5 is a file without a name in which it notes what it starts.
 */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { SlotId } from '../core/events.ts';
import { type ChildStart, type FromWorker, type RunMessage, type StopMessage, TO_IO, type ToWorker } from '../protocol.ts';
import { type FromWorkerShort, RunShortener, takeFromWorker } from '../shorthand.ts';
import { bareFrame, FrameReader, frame, readMessage } from '../transports/frames.ts';
import { WholeLines } from '../whole-lines.ts';
import { ioText, packageText, packerText, workerText } from '../worker-text.generated.ts';
import { howItEnded } from './child-end.ts';
import { childEnvironment } from './child-environment.ts';
import { childText } from './child-text.ts';
import { LastLines } from './last-lines.ts';
import type { ChunkWatch, Line, LineEvents } from './line.ts';
import type { WorkerSettings } from './local-slots.ts';
import { StartedFile } from './started-file.ts';
import { within } from './within.ts';
import { childFlags } from './worker-flags.ts';

/** What is left in its pipes arrives at once; where something else holds one of them open, nobody waits longer. */
const DRAIN_MS = 1000;
const STDERR_MS = 30;
const startTimer = setTimeout;
const stopTimer = clearTimeout;

export class ProcessLine implements Line {
  readonly #child: ChildProcess;
  readonly #toChild: Socket;
  readonly #fromChild: Socket;
  readonly #started: StartedFile;
  readonly #stderr = new LastLines();
  readonly #events: LineEvents;
  readonly #shortener = new RunShortener();
  #mustEnd: NodeJS.Timeout | undefined;
  #hasEnded = false;
  /** Chunks whose tails are asked back, by what stands for them on the wire. */
  readonly #recalled = new Map<number, { readonly chunkId: number; times: number }>();

  /** Throws where no process may be started. */
  constructor(slot: SlotId, settings: WorkerSettings, events: LineEvents) {
    this.#events = events;
    if (isWholeProgram())
      throw new Error('this program is a single executable, which cannot start Node.js: it would start itself. Use threads');
    // Most programs never start a process, and loading what starts them takes milliseconds.
    const { spawn } = process.getBuiltinModule('node:child_process');
    this.#started = new StartedFile();
    try {
      this.#child = spawn(process.execPath, [...childFlags(process.execArgv, settings.resourceLimits), '-e', childText], {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', this.#started.descriptor],
        env: childEnvironment(settings.workers),
        windowsHide: true,
      });
    } catch (error) {
      this.#started.close();
      throw error;
    }
    if (!this.#child.stdio?.[3]) {
      this.#child.once('error', () => {});
      this.#started.close();
      throw new Error('there are no file descriptors or processes left for another worker (see ulimit -n and -u)');
    }
    this.#fromChild = this.#child.stdio[3] as Socket;
    this.#toChild = this.#child.stdio[4] as Socket;
    const reader = new FrameReader(0, (bytes) =>
      takeFromWorker(readMessage(bytes) as FromWorkerShort, (message) => this.#receive(message)),
    );
    this.#fromChild.on('data', (piece: Buffer) => reader.push(piece));
    const answers = new FrameReader(2, (_, [word, to]) => this.#shortened(word!, to!));
    this.#toChild.on('data', (piece: Buffer) => answers.push(piece));
    for (const socket of [this.#fromChild, this.#toChild]) {
      socket.on('error', () => {});
      // Where it is not about to end, it is deaf or mute from now on, and of no use: a task may have closed its end.
      socket.on('close', () => {
        if (!this.#hasEnded) this.#mustEnd ??= startTimer(() => this.terminate(), DRAIN_MS);
      });
    }
    this.#listenToStreams();
    this.#waitForEnd();
    const start: ChildStart = {
      slot,
      hasSetup: settings.hasSetup,
      maxMemoryBytes: settings.maxMemoryBytes,
      argv: process.argv,
      execArgv: process.execArgv,
      texts: { worker: workerText, packer: packerText, package: packageText, io: ioText },
    };
    this.#toChild.write(frame(start));
  }

  post(message: ToWorker): void {
    this.#send(frame(message, TO_IO.forward, 0, 0, 0));
  }

  run(message: RunMessage): ChunkWatch {
    const { cell, chunkId, from, to } = message;
    const bytes = frame(this.#shortener.shorten(message), TO_IO.run, cell, to - from, 0);
    this.#shortener.sent(message);
    this.#started.reset(cell);
    this.#send(bytes);
    // A program that runs for months has more chunks than a word can count.
    const word = chunkId | 0;
    const recall = (position: number) => {
      const asked = this.#recalled.get(word) ?? { chunkId, times: 0 };
      asked.times++;
      this.#recalled.set(word, asked);
      this.#send(bareFrame(TO_IO.takeBack, cell, position, word));
    };
    return this.#started.watch(cell, recall);
  }

  stop(message: StopMessage, cell: number, position: number | undefined): void {
    if (position === undefined) this.#started.stop(cell);
    this.#send(frame(message, TO_IO.stop, cell, position ?? -1, 0));
  }

  keepAlive(yes: boolean): void {
    // The word of its end comes by the one, everything else by the other.
    for (const handle of [this.#child, this.#fromChild]) {
      if (yes) handle.ref();
      else handle.unref();
    }
  }

  terminate(): void {
    this.#child.kill('SIGKILL');
  }

  #shortened(word: number, to: number): void {
    const asked = this.#recalled.get(word);
    if (!asked) return;
    if (--asked.times === 0) this.#recalled.delete(word);
    this.#events.shortened(asked.chunkId, to);
  }

  #send(bytes: Buffer): void {
    if (this.#toChild.writable) this.#toChild.write(bytes);
  }

  #receive(message: FromWorker): void {
    if (message.type === 'output' && message.stream === 'stderr') this.#stderr.add(message.text);
    this.#events.message(message);
  }

  /** What comes by the process's own streams: from native code, or from programs that tasks start. */
  #listenToStreams(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#child[name]!;
      const lines = new WholeLines();
      stream.setEncoding('utf8');
      const tell = (text: string) => {
        if (text === '') return;
        if (name === 'stderr') this.#stderr.add(text);
        this.#events.message({ type: 'output', stream: name, text, task: undefined });
      };
      stream.on('data', (piece: string) => tell(lines.take(piece)));
      stream.on('end', () => tell(lines.takeRest()));
      stream.on('error', () => {});
      (stream as Socket).unref();
    }
    this.#toChild.unref();
  }

  #waitForEnd(): void {
    const child = this.#child;
    let refused: Error | undefined;
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      // It never started: there is no exit to come.
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        refused = error;
        resolve();
      });
    });
    const drained = new Promise<void>((resolve) => this.#fromChild.once('close', () => resolve()));
    const quiet = Promise.all(
      [child.stdout!, child.stderr!].map((stream) => new Promise<void>((resolve) => stream.once('close', () => resolve()))),
    );
    void ended
      .then(() => within(DRAIN_MS, drained))
      .then(() => within(STDERR_MS, quiet))
      .then(() => {
        this.#hasEnded = true;
        stopTimer(this.#mustEnd);
        for (const stream of child.stdio) stream?.destroy();
        this.#events.ended(howItEnded(child, refused, this.#stderr.text));
        this.#started.close();
      });
  }
}

/** Whether `process.execPath` is the user's program with Node.js in it. */
function isWholeProgram(): boolean {
  const sea = process.getBuiltinModule('node:sea') as { isSea?(): boolean } | undefined;
  return sea?.isSea?.() ?? false;
}
