/** CONTRACT Observer: sees every step of the one dispatch line. Progress, reports and traces are observers; none can change what happens. */
import type { Command, JobId, Millis, SchedulerEvent, SlotId } from './core/events.ts';
import type { ShipWarning } from './shipped.ts';

/** What the core does not know: names, sizes and outcomes, for people. Times are milliseconds on the host's monotonic clock. */
export type Note =
  /** `size`: number of tasks, where it is known before reading. */
  | {
      readonly type: 'jobStarted';
      readonly jobId: JobId;
      readonly at: Millis;
      readonly functionName: string;
      readonly size: number | undefined;
    }
  /** An input of unknown length has been read to its end. */
  | { readonly type: 'jobSized'; readonly jobId: JobId; readonly at: Millis; readonly size: number }
  /** So many more tasks have ended with a result. */
  | { readonly type: 'tasksDone'; readonly jobId: JobId; readonly at: Millis; readonly count: number }
  /** A task has failed for good. */
  | { readonly type: 'taskFailed'; readonly jobId: JobId; readonly at: Millis; readonly index: number }
  /** The call settles. `error` is there when it rejects, was cancelled, or its reader left. */
  | { readonly type: 'jobEnded'; readonly jobId: JobId; readonly at: Millis; readonly failure?: { readonly error: unknown } | undefined }
  /** A call has run in line by itself, and was no job; or has begun in line and goes to workers, as a job. */
  | { readonly type: 'placed'; readonly where: 'inline' | 'workers'; readonly why: string }
  | { readonly type: 'warning'; readonly jobId: JobId; readonly warning: ShipWarning }
  /** Nobody has caught this error, and the task it came from, with this index where that is known, had ended: no call can be told of it. */
  | { readonly type: 'lateError'; readonly slot: SlotId; readonly index: number | undefined; readonly error: unknown }
  /** A worker died with no task running in it. */
  | { readonly type: 'lateCrash'; readonly slot: SlotId; readonly message: string; readonly cause: unknown }
  | { readonly type: 'slotReady'; readonly slot: SlotId }
  /** A worker could not be started; others run. */
  | { readonly type: 'fewer'; readonly error: Error }
  /** No worker can be started. */
  | { readonly type: 'broken'; readonly error: Error };

export interface Observer {
  onStep?(event: SchedulerEvent, commands: readonly Command[]): void;
  onNote?(note: Note): void;
  close?(): void | Promise<void>;
}
