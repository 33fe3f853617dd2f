/** The reading of a job's input: in the caller's asynchronous context, and what it throws is an answer like others. */
import type { Command } from '../core/events.ts';
import type { Note } from '../observer.ts';
import { now } from './clock.ts';
import type { EventLine } from './event-line.ts';
import type { Job } from './job.ts';
import type { ReadAnswer } from './source.ts';

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

/** Looking at items takes time, too: what is asked for at once is read in slices, with turns for the rest of the program in between. */
const SLICE = 2048;
const SLICES_MS = 1;
/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;

function readOn(job: Job, count: number, room: number, answer: ReadAnswer): void {
  const { reading, source } = job.spec;
  const began = now();
  let left = count;
  let roomLeft = room;
  try {
    if (!source.readsAtOnce) return reading(() => source.read(count, room, answer));
    while (left > 0 && !job.isOver) {
      const slice = Math.min(left, SLICE);
      const rest = left - slice;
      let goesOn = true;
      reading(() =>
        source.read(slice, roomLeft, {
          items(read, bytes, last, unread = 0) {
            roomLeft -= bytes;
            // What does not fit is asked for anew, the rest with it.
            goesOn = !last && unread === 0 && (rest === 0 || roomLeft > 0);
            answer.items(read, bytes, last, goesOn || last ? 0 : unread + rest);
          },
          failed(error) {
            goesOn = false;
            answer.failed(error);
          },
        }),
      );
      left = rest;
      if (!goesOn) return;
      if (left > 0 && now() - began > SLICES_MS) return void later(() => readOn(job, left, roomLeft, answer));
    }
  } catch (error) {
    answer.failed(error);
  }
}
