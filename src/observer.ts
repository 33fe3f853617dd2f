/** CONTRACT Observer: sees every step of the one dispatch line. Progress, reports and traces are observers; none can change what happens. */
import type { Command, JobId, SchedulerEvent, SlotId } from './core/events.ts';

/** What the core does not know: names and sizes, for people. */
export type Note =
  | { readonly type: 'jobStarted'; readonly jobId: JobId; readonly functionName: string; readonly size: number | undefined }
  | { readonly type: 'warning'; readonly jobId: JobId; readonly text: string }
  /** A worker died with no task running in it: a task's late error, which no call can be told of. */
  | { readonly type: 'lateCrash'; readonly slot: SlotId; readonly message: string; readonly cause: unknown }
  | { readonly type: 'slotReady'; readonly slot: SlotId }
  /** No worker can be started. */
  | { readonly type: 'broken'; readonly error: Error };

export interface Observer {
  onStep?(event: SchedulerEvent, commands: readonly Command[]): void;
  onNote?(note: Note): void;
  close?(): void | Promise<void>;
}
