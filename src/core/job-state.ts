/** What the core knows of one job: where each of its items stands, in counts, and how much may be read ahead. */
import { BytesInFlight } from './bytes-in-flight.ts';
import { MAX_CHUNK, nextChunkSize, Pace, waitingChunks } from './chunking.ts';
import type { JobId, JobRules, TimerId } from './events.ts';
import { RangeQueue } from './ranges.ts';

export class JobState {
  readonly id: JobId;
  readonly rules: JobRules;
  readonly pace: Pace;
  /** Tasks that wait for a slot. */
  readonly queue = new RangeQueue();
  /** Timers of this job's delayed retries. */
  readonly retryTimers = new Set<TimerId>();
  /** In the list of those that the event has changed. */
  isMarked = false;
  paused = false;
  inputEnded = false;
  /** Items read so far: their indices are [0, read). */
  read = 0;
  /** Items asked for and not yet read. */
  asked = 0;
  /** Items finished or given up. */
  finished = 0;
  /** Items whose results the caller has taken. */
  taken = 0;
  /** Items in chunks that slots hold and have not reported finished. */
  heldTasks = 0;
  /** Chunks that slots hold. */
  heldChunks = 0;
  /** Items that wait for the delay of a retry. */
  delayed = 0;
  readonly #bytes = new BytesInFlight();

  constructor(id: JobId, rules: JobRules) {
    this.id = id;
    this.rules = rules;
    this.pace = new Pace(rules.taskMs, rules.sendingMs);
  }

  /** Whether a slot with room should get a chunk of this job. */
  get ready(): boolean {
    return !this.paused && this.queue.count > 0 && this.heldChunks < this.rules.maxHeld;
  }

  get complete(): boolean {
    return this.inputEnded && this.finished === this.read;
  }

  /** `left`: asked for, and not read for want of room. */
  itemsRead(count: number, bytes: number, last: boolean, left = 0): void {
    this.queue.append({ from: this.read, to: this.read + count, attempt: 1 });
    this.read += count;
    this.asked = last ? 0 : Math.max(0, this.asked - count - left);
    this.inputEnded ||= last;
    this.#bytes.read(count, bytes);
  }

  resultsTaken(count: number): void {
    this.#bytes.taken(count);
    this.taken += count;
  }

  /** Tasks for the next chunk on a pool with `slots` slots, for one that holds `heldHere` unfinished tasks of this job. `company`: of other jobs. */
  chunkSize(slots: number, heldHere: () => number = () => 0, company = false): number {
    const { chunkSize, resplits } = this.rules;
    if (chunkSize !== 'auto') return Math.min(chunkSize, MAX_CHUNK);
    // Once the input has ended it is known what remains, whether or not a size was announced, and whether or not it was right.
    const unread = this.inputEnded ? 0 : this.rules.size === undefined ? undefined : this.rules.size - this.read;
    const remaining = unread === undefined ? undefined : unread + this.queue.count;
    const parallel = Math.min(Math.max(1, slots) * this.rules.lanes, this.rules.maxHeld);
    const held = { inAll: this.heldTasks, here: heldHere() };
    return nextChunkSize({ chunkSize, pace: this.pace, remaining, parallel, held, resplits, company });
  }

  /** How many more items to read now: enough for every slot to run one chunk and hold the next, inside both windows of back-pressure. */
  itemsWanted(slots: number): number {
    if (this.inputEnded || this.paused) return 0;
    const size = this.chunkSize(slots);
    const parallel = Math.min(Math.max(1, slots) * this.rules.lanes, this.rules.maxHeld);
    const enough = size * parallel * (1 + (this.rules.lanes > 1 ? 0 : waitingChunks(this.pace, size)));
    const ahead = this.queue.count + this.asked;
    // Reading in halves keeps the number of reads low and the queue from running dry.
    if (ahead > enough / 2) return 0;
    const outstanding = this.read + this.asked - this.taken;
    if (this.roomInBytes <= 0) return 0;
    // Not beyond an announced size, except by one: an input that does not end there must be able to say so.
    const announced = this.rules.size === undefined ? enough : Math.max(this.asked > 0 ? 0 : 1, this.rules.size - this.read - this.asked);
    return Math.max(0, Math.min(enough - ahead, this.rules.maxInFlight - outstanding, announced));
  }

  /**
   * What the window in bytes still takes. How large items are is only known when they are read: so the reader is told, and stops with the
   * one that fills it.
   */
  get roomInBytes(): number {
    return this.rules.maxInFlightBytes - this.#bytes.total;
  }
}
