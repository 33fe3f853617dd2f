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
  const { id: jobId, spec } = job;
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
  try {
    spec.reading(() => spec.source.read(count, room, answer));
  } catch (error) {
    answer.failed(error);
  }
}
