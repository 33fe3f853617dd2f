/**
 * The vocabulary of the core: everything that can happen (events, past tense) and everything that can be ordered (commands, imperative).
 *
 * Rule 1: nothing here carries a payload. Items, results, errors and functions stay with the conductor; the core moves index ranges.
 * Rule 2: nothing here reads a clock. Time arrives in `event.at`, so a test replays an hour in a millisecond.
 */

export type JobId = number;
export type ChunkId = number;
export type SlotId = string;
export type TimerId = number;
/** Milliseconds on the host's monotonic clock. */
export type Millis = number;

/** Consecutive tasks of one job that travel together: the unit of sending, retrying and timing. Holds the items [from, to). */
export interface Chunk {
  readonly id: ChunkId;
  readonly jobId: JobId;
  readonly from: number;
  readonly to: number;
  /** 1 for the first try of these items. */
  readonly attempt: number;
}

/** How one job wants to be run; fixed when it is added. */
export interface JobRules {
  /** Number of items when it is known in advance. */
  readonly size?: number | undefined;
  /** Tasks per chunk, or `auto`: follow the measured durations. */
  readonly chunkSize: number | 'auto';
  /** Milliseconds a task of this function took before, where that is known: the first chunks need not be guesses. */
  readonly taskMs?: Millis | undefined;
  /** Milliseconds that it cost the host before to send such a task, where that is known. */
  readonly sendingMs?: Millis | undefined;
  /** Whether the slots give back the tail of a running chunk at once; then chunks may be larger. */
  readonly resplits?: boolean | undefined;
  /** Chunks of this job that one slot may run at the same time: above 1 only async functions gain from it. */
  readonly lanes: number;
  /** Chunks of this job that may be held by all slots together. */
  readonly maxHeld: number;
  /** Items that may be read ahead of the results taken. */
  readonly maxInFlight: number;
  /** The same in bytes, as estimated by the reader. A single larger item still travels, alone. */
  readonly maxInFlightBytes: number;
  /** Whether the first failure that is final ends the job (`map`) or is one result among others (`mapSettled`, streams). */
  readonly stopOnFailure: boolean;
  /** Further tries of a failed, lost or timed-out task. 0: a task that has started is never started again. */
  readonly retries: RetryRules;
  /** Milliseconds one task may run, from its own start. */
  readonly timeoutMs?: Millis | undefined;
  /** Milliseconds that a task may go on when it has been told to stop. Without it, it runs to its end. */
  readonly graceMs?: Millis | undefined;
  /** Whether the slots can be killed: that is the end of what goes on after its grace time. */
  readonly kills: boolean;
  /** Jobs with a higher number go first. */
  readonly priority: number;
}

export interface RetryRules {
  readonly times: number;
  readonly delayMs: Millis;
  /** Factor by which the delay grows with each attempt. */
  readonly backoff: number;
}

/** How far a slot had come with one of its chunks. Chunks it held and does not list were never started. */
export interface ChunkProgress {
  readonly chunkId: ChunkId;
  /** Items before this index are finished and delivered. */
  readonly finishedTo: number;
  /** Items before this index have been started; undefined where the backend cannot know. */
  readonly startedTo: number | undefined;
  /** Several of the started ones were rebuilt or packed together when it ended: any of them may be the one to blame. */
  readonly inDoubt?: boolean | undefined;
  /** The caller does not want the task that ran tried again. */
  readonly isFinal?: boolean | undefined;
}

/** The task that a chunk runs now. */
export interface RunningNow {
  readonly index: number;
  readonly ranMs: Millis;
}

export type TimerPurpose = 'timeout' | 'retry' | 'grace' | 'look';

/** Why an item is given up: its attempt ended with a failure, its worker died under it, or was killed because its time was up. */
export type GiveUpReason = 'failed' | 'lost' | 'timedOut';

/** What happened. */
export type SchedulerEvent = { readonly at: Millis } & (
  | { readonly type: 'jobAdded'; readonly jobId: JobId; readonly rules: JobRules }
  /** `kills`: what runs is killed when its grace time is over. Otherwise it is only told to stop. */
  | { readonly type: 'jobCancelled'; readonly jobId: JobId; readonly kills: boolean }
  | { readonly type: 'jobPaused' | 'jobResumed'; readonly jobId: JobId }
  /** `left`: of those asked for, so many are not read for want of room in bytes. They have to be asked for again. */
  | {
      readonly type: 'itemsRead';
      readonly jobId: JobId;
      readonly count: number;
      readonly bytes: number;
      readonly last: boolean;
      readonly left?: number | undefined;
    }
  | { readonly type: 'readFailed'; readonly jobId: JobId }
  | { readonly type: 'resultsTaken'; readonly jobId: JobId; readonly count: number }
  /** `tasks`: how many it may be given before it is retired; any number where that is absent. */
  | { readonly type: 'slotUp'; readonly slot: SlotId; readonly depth: number; readonly tasks?: number | undefined }
  /** `asleep`: it has gone for want of work, and comes back when it is woken. */
  | { readonly type: 'slotDown'; readonly slot: SlotId; readonly progress: readonly ChunkProgress[]; readonly asleep?: boolean | undefined }
  | { readonly type: 'slotTired'; readonly slot: SlotId }
  | {
      readonly type: 'chunkPart';
      readonly slot: SlotId;
      readonly chunkId: ChunkId;
      readonly upTo: number;
      readonly failed: readonly number[];
      /** Those of the failed that are not tried again, whatever the rules allow. */
      readonly final?: readonly number[] | undefined;
      /** Results that the caller has taken with it: `resultsTaken` in the same breath. */
      readonly taken?: number | undefined;
    }
  | {
      readonly type: 'chunkDone';
      readonly slot: SlotId;
      readonly chunkId: ChunkId;
      readonly ranMs: Millis;
      readonly failed: readonly number[];
      readonly final?: readonly number[] | undefined;
      readonly taken?: number | undefined;
      /** What it cost the host to send the chunk, by the tasks that it had then. */
      readonly sent?: { readonly tasks: number; readonly ms: Millis } | undefined;
    }
  | { readonly type: 'chunkShortened'; readonly slot: SlotId; readonly chunkId: ChunkId; readonly to: number }
  | { readonly type: 'chunkLost'; readonly slot: SlotId; readonly chunkId: ChunkId }
  /** `running`: what the chunk that the timer watches runs now; undefined where nothing of it runs. */
  | { readonly type: 'timerFired'; readonly timer: TimerId; readonly running?: RunningNow | undefined }
);

export type EventType = SchedulerEvent['type'];

/** What to do about it. Only the conductor carries these out. */
export type Command =
  /** `bytes`: how much there is room for now, whatever earlier readings were told. The item that fills it is the last to be read. */
  | { readonly type: 'readItems'; readonly jobId: JobId; readonly count: number; readonly bytes: number }
  | { readonly type: 'runChunk'; readonly slot: SlotId; readonly chunk: Chunk; readonly lanes: number }
  | { readonly type: 'takeBack'; readonly slot: SlotId; readonly chunkId: ChunkId; readonly to: number }
  /** The task with this index has run out of time; without an index all of the chunk is to stop, whose job has ended. */
  | {
      readonly type: 'stopTask';
      readonly slot: SlotId;
      readonly chunkId: ChunkId;
      readonly index: number | undefined;
      readonly graceMs: Millis | undefined;
    }
  /** Because this chunk does not stop. */
  | { readonly type: 'killSlot'; readonly slot: SlotId; readonly chunkId: ChunkId }
  /** The slot holds nothing and gets nothing more. */
  | { readonly type: 'retireSlot'; readonly slot: SlotId }
  /** So many of the slots that have gone for want of work are needed. */
  | { readonly type: 'wakeSlots'; readonly count: number }
  | {
      readonly type: 'armTimer';
      readonly timer: TimerId;
      readonly purpose: TimerPurpose;
      readonly afterMs: Millis;
      /** When it fires, it wants to know what this chunk runs. */
      readonly watches?: { readonly slot: SlotId; readonly chunkId: ChunkId } | undefined;
    }
  | { readonly type: 'disarmTimer'; readonly timer: TimerId }
  | { readonly type: 'giveUp'; readonly jobId: JobId; readonly index: number; readonly why: GiveUpReason }
  | { readonly type: 'finishJob'; readonly jobId: JobId };
