/** The reading of a job's input: in the caller's asynchronous context, and what it throws is an answer like others. */
import type { Command } from '../core/events.ts';
import type { Note } from '../observer.ts';
import { now } from './clock.ts';
import type { EventLine } from './event-line.ts';
import type { Job } from './job.ts';
import type { ItemSource, ReadAnswer } from './source.ts';

/** A job that has ended reads nothing any more. */
export function readItems(
  job: Job | undefined,
  { count, bytes: room }: Extract<Command, { type: 'readItems' }>,
  line: EventLine,
  tell: (note: Note) => void,
): void {
  if (!job) return;
  const { id: jobId } = job;
  const answer: ReadAnswer = {
    items: (read, bytes, last, left) => {
      if (job.countsTo(read, last)) tell({ type: 'jobSized', jobId, at: now(), size: job.items(0, job.read) });
      line.dispatch({ type: 'itemsRead', jobId, count: read, bytes, last, left });
    },
    failed: (error) => {
      job.ending ??= { error };
      line.dispatch({ type: 'readFailed', jobId });
    },
  };
  readOn(job, count, room, answer);
}

/**
 * Looking at items takes time, too: what is asked for at once is read in slices, with turns for the rest of the program in between. What one
 * turn reads is told at once, because chunks are cut from what has been read.
 */
const SLICE = 512;
const TURN_MS = 1;
/** Numbers need not be looked at, but what is sent of them in one turn has to be copied. */
const MOST = 131_072;
/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;

/** What has been read in this turn. */
interface Read {
  count: number;
  bytes: number;
  last: boolean;
  /** There is more to read, and room for it. */
  goesOn: boolean;
  failure: { readonly error: unknown } | undefined;
}

function readOn(job: Job, count: number, room: number, answer: ReadAnswer): void {
  const { reading, source } = job.spec;
  try {
    if (!source.readsAtOnce) return reading(() => source.read(count, room, answer));
    const read: Read = { count: 0, bytes: 0, last: false, goesOn: true, failure: undefined };
    reading(() => readATurn(source, count, room, read));
    const { goesOn } = read;
    const left = count - read.count;
    // What does not fit is asked for anew, the rest with it.
    if (read.count > 0 || read.last || !goesOn) answer.items(read.count, read.bytes, read.last, goesOn || read.last ? 0 : left);
    if (read.failure) return answer.failed(read.failure.error);
    if (goesOn && left > 0) later(() => !job.isOver && readOn(job, left, room - read.bytes, answer));
  } catch (error) {
    answer.failed(error);
  }
}

function readATurn(source: ItemSource, count: number, room: number, read: Read): void {
  const began = now();
  const most = Math.min(count, MOST);
  const answer: ReadAnswer = {
    items(some, bytes, last, unread = 0) {
      read.count += some;
      read.bytes += bytes;
      read.last = last;
      read.goesOn = !last && unread === 0 && (read.count === count || read.bytes < room);
    },
    failed(error) {
      read.goesOn = false;
      read.failure = { error };
    },
  };
  try {
    while (read.goesOn && read.count < most) {
      source.read(Math.min(most - read.count, SLICE), room - read.bytes, answer);
      if (now() - began > TURN_MS) return;
    }
  } catch (error) {
    answer.failed(error);
  }
}
