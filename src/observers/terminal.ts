/** What progress needs of its surroundings: two streams, whether lines can be redrawn there, and timers that keep nothing alive. */
import type { EventEmitter } from 'node:events';

/** Taken at import, so that a program's fake timers do not freeze us. */
const startTimer = setTimeout;
const stopTimer = clearTimeout;
const startInterval = setInterval;
const stopInterval = clearInterval;
const startImmediate = setImmediate;
const stopImmediate = clearImmediate;

/** Ends what was begun; more than once does no harm. */
export type Stop = () => void;

export interface OutputStream extends EventEmitter {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean;
}

/** What log-update gives for a stream: a call draws, `clear` takes the drawing away. */
export interface Redraw {
  (text: string): void;
  clear(): void;
}

/** Tests hand in one of their own; everything else uses {@link processTerminal}. */
export interface Terminal {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether lines on stderr can be redrawn in place: it is a terminal with escape codes, and nobody keeps it as a log. */
  readonly redraws: boolean;
  readonly colours: boolean;
  /** Where `exit` and `warning` are heard. */
  readonly events: EventEmitter;
  every(ms: number, act: () => void): Stop;
  after(ms: number, act: () => void): Stop;
  /** Once what runs now has ended, but before anything waits. */
  soon(act: () => void): Stop;
  loadRedraw(): Promise<(stream: OutputStream) => Redraw>;
}

/** The terminal of this process, as it is now. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process as unknown as { stdout: OutputStream; stderr: OutputStream };
  const { CI, TERM } = process.env;
  const inCi = CI !== undefined && !['', '0', 'false'].includes(CI);
  return {
    stdout,
    stderr,
    redraws: stderr.isTTY === true && TERM !== 'dumb' && !inCi,
    // Knows NO_COLOR, FORCE_COLOR and what each terminal can do.
    colours: stderr.isTTY === true && process.stderr.getColorDepth() > 2,
    events: process,
    every(ms, act) {
      const timer = startInterval(act, ms).unref();
      return () => stopInterval(timer);
    },
    after(ms, act) {
      const timer = startTimer(act, ms).unref();
      return () => stopTimer(timer);
    },
    soon(act) {
      const immediate = startImmediate(act);
      immediate.unref();
      return () => stopImmediate(immediate);
    },
    async loadRedraw() {
      const { createLogUpdate } = await import('log-update');
      // The cursor stays visible: then there is nothing to restore after a Ctrl-C, a crash or a kill, and no signal handler is needed.
      return (stream) => createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
    },
  };
}

/** Prints, and never fails the job: a closed pipe or a terminal that is gone is no reason to stop computing. */
export function print(stream: OutputStream, write: OutputStream['write'], text: string): void {
  // The callback comes before the stream's `error` event, which would end the process if nobody listened. As console.log does it.
  const onWritten = (error?: Error | null) => {
    if (error && stream.listenerCount('error') === 0) stream.once('error', () => {});
  };
  try {
    write.call(stream, text, onWritten);
  } catch {
    // A stream that throws has nobody who reads it.
  }
}
