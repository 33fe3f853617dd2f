/** The reading of a job's input: in the caller's asynchronous context, and what it throws is an answer like others. */
import type { Job } from './job.ts';
import type { ReadAnswer } from './source.ts';

export function readItems({ spec }: Job, count: number, answer: ReadAnswer): void {
  try {
    spec.reading(() => spec.source.read(count, answer));
  } catch (error) {
    answer.failed(error);
  }
}
