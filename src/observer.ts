/** CONTRACT Observer: sees every step of the one dispatch line. Progress, reports and traces are observers; none can change what happens. */
import type { Command, JobId, SchedulerEvent } from './core/events.ts';

/** What the core does not know: names and sizes, for people. */
export type Note =
  | { readonly type: 'jobStarted'; readonly jobId: JobId; readonly functionName: string; readonly size: number | undefined }
  | { readonly type: 'warning'; readonly jobId: JobId; readonly text: string };

export interface Observer {
  onStep?(event: SchedulerEvent, commands: readonly Command[]): void;
  onNote?(note: Note): void;
  close?(): void | Promise<void>;
}
