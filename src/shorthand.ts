/**
 * The two messages of which there are most, in short: a chunk that differs from the one before only in its place and its items, and the end of
 * a chunk of which no task has failed. Property names cost more than what they name: a task of its own is sent and answered in half the time.
 */
import type { FromWorker, OutputMessage, RunMessage, ToWorker } from './protocol.ts';
import type { Packed } from './transport.ts';

/** As the chunk before it to the same worker, but for these. */
export type RunAgain = readonly [chunkId: number, cell: number, attempt: number, from: number, to: number, items: Packed];
/** `done` without a failure. */
export type ShortDone = readonly [chunkId: number, from: number, ranMs: number, results: Packed];

/** The sender's side of one line. */
export class RunShortener {
  /** Of the last chunk what says whether another is like it: not its items, which may be large. */
  #last: Facts | undefined;

  shorten(message: RunMessage): RunMessage | RunAgain {
    if (this.#last === undefined || !isPattern(message) || !isAlike(message, this.#last)) return message;
    const { chunkId, cell, attempt, from, to, items } = message;
    return [chunkId, cell, attempt, from, to, items];
  }

  /** It has been sent. */
  sent(message: RunMessage): void {
    const { jobId, functions, depth, heard, call, lanes, handOverMs, timed, timeoutMs } = message;
    this.#last = isPattern(message) ? { jobId, functions, depth, heard, call, lanes, handOverMs, timed, timeoutMs } : undefined;
  }
}

/** What is the same for most chunks of a job. */
type Facts = Pick<RunMessage, 'jobId' | 'functions' | 'depth' | 'heard' | 'call' | 'lanes' | 'handOverMs' | 'timed' | 'timeoutMs'>;

function isAlike(a: Facts, b: Facts): boolean {
  return (
    a.jobId === b.jobId &&
    a.functions[0] === b.functions[0] &&
    a.depth === b.depth &&
    a.heard === b.heard &&
    a.call === b.call &&
    a.lanes === b.lanes &&
    a.handOverMs === b.handOverMs &&
    a.timed === b.timed &&
    a.timeoutMs === b.timeoutMs
  );
}

/** One function for all its tasks, all of which are called. */
function isPattern({ which, skip, functions }: RunMessage): boolean {
  return which === undefined && skip.length === 0 && functions.length === 1;
}

/** Whether sending it cannot fail, and it is small: then it may wait a little, and go out with others. */
export function isHarmless(message: RunMessage | RunAgain): message is RunAgain {
  return isShort(message) && isSmallList(message[5]);
}

function isSmallList({ values, odd, moves }: Packed): boolean {
  if (odd !== undefined || moves !== undefined || !Array.isArray(values) || values.length > SMALL) return false;
  for (let i = 0; i < values.length; i++) if (!isSmall(values[i])) return false;
  return true;
}

const SMALL = 16;

function isSmall(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= 1000 : value === null || (typeof value !== 'object' && typeof value !== 'bigint');
}

/**
 * Several harmless chunks, or ends, in one list: of each its numbers, how many values it has, and these. What is nested costs more than what is
 * in it.
 */
export type SideBySide = readonly [list: readonly unknown[]];

export function sideBySide(all: readonly (RunAgain | ShortDone)[]): SideBySide {
  const list: unknown[] = [];
  for (const one of all) {
    const { values } = one[one.length - 1] as { readonly values: readonly unknown[] };
    for (let i = 0; i < one.length - 1; i++) list.push(one[i]);
    list.push(values.length);
    for (let i = 0; i < values.length; i++) list.push(values[i]);
  }
  return [list];
}

/** `numbers`: how many stand before the values of each. */
function eachOf<One extends RunAgain | ShortDone>([list]: SideBySide, numbers: number, take: (one: One) => void): void {
  for (let at = 0; at < list.length; ) {
    const begin = at + numbers + 1;
    const end = begin + (list[begin - 1] as number);
    const one: unknown[] = list.slice(at, begin - 1);
    one.push({ values: list.slice(begin, end) });
    take(one as unknown as One);
    at = end;
  }
}

/** The receiver's side. */
export class RunExpander {
  #last: RunMessage | undefined;

  /** Takes what has come: one message, or several chunks together. */
  take(heard: ToWorker | RunAgain | SideBySide, take: (message: ToWorker) => void): void {
    if (isShort(heard) && isShort(heard[0])) eachOf<RunAgain>(heard as SideBySide, 5, (one) => take(this.#expand(one)));
    else take(this.#expand(heard as ToWorker | RunAgain));
  }

  #expand(heard: ToWorker | RunAgain): ToWorker {
    if (isShort(heard)) {
      const [chunkId, cell, attempt, from, to, items] = heard;
      const { jobId, functions, depth, heard: isHeard, skip, call, lanes, handOverMs, timed, timeoutMs } = this.#last!;
      // Property by property: V8 takes a microsecond for a spread.
      return {
        type: 'run',
        chunkId,
        cell,
        attempt,
        from,
        to,
        items,
        jobId,
        functions,
        depth,
        heard: isHeard,
        skip,
        call,
        lanes,
        handOverMs,
        timed,
        timeoutMs,
      };
    }
    // Also where it is no pattern: then the sender does not take it for one either.
    if (heard.type === 'run') this.#last = { ...heard, items: NOTHING };
    return heard;
  }
}

const NOTHING: Packed = { values: [] };

export function shortenDone(message: FromWorker): FromWorker | ShortDone {
  if (message.type !== 'done' || message.failed.length > 0) return message;
  return [message.chunkId, message.from, message.ranMs, message.results];
}

/** The end of a chunk that may wait a little, and go out with others: sending it cannot fail, and nothing changes it meanwhile. */
export function harmlessEnd({ chunkId, from, results, failed }: OutputMessage, ranMs: number): ShortDone | undefined {
  return failed.length === 0 && isSmallList(results) ? [chunkId, from, ranMs, results] : undefined;
}

/** What a worker sends: one message, or the ends of several chunks together. */
export type FromWorkerShort = FromWorker | ShortDone | SideBySide;

export function takeFromWorker(heard: FromWorkerShort, take: (message: FromWorker) => void): void {
  if (isShort(heard) && isShort(heard[0])) eachOf<ShortDone>(heard as SideBySide, 3, (one) => take(expandDone(one)));
  else take(expandDone(heard as FromWorker | ShortDone));
}

function expandDone(heard: FromWorker | ShortDone): FromWorker {
  if (!isShort(heard)) return heard;
  const [chunkId, from, ranMs, results] = heard;
  return { type: 'done', chunkId, from, ranMs, results, failed: NONE };
}

const NONE: readonly never[] = [];

function isShort<M, S extends readonly unknown[]>(heard: M | S): heard is S {
  return Array.isArray(heard);
}
