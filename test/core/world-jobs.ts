/** The jobs of a simulated world: what was read, started and decided of each item, and the promises the core makes about them. */
import type { Chunk, Command, GiveUpReason, JobRules } from '../../src/core/events.ts';

export interface JobPlan {
  readonly rules: JobRules;
  /** Items the reader will find. */
  readonly items: number;
  /** Where the reader fails, if it does. */
  readonly readFailsAt: number | undefined;
  readonly failRate: number;
  /** Milliseconds that its tasks seem to take. */
  readonly taskMs: number;
}

const LARGEST_BYTES = 100;

export function claim(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

export class WorldJob {
  readonly id: number;
  readonly plan: JobPlan;
  readonly rules: JobRules;
  asked = 0;
  /** Bytes that the last order to read has given. */
  room = 0;
  read = 0;
  taken = 0;
  inputOver = false;
  readHasFailed = false;
  paused = false;
  cancelled = false;
  /** Cancelled, and what does not stop is to be killed. */
  killing = false;
  finished = false;
  /** What became of each item. */
  readonly outcomes: ('result' | GiveUpReason | undefined)[] = [];
  decided = 0;
  /** Where each reading began. */
  readonly #readings: number[] = [];
  readonly #starts: number[] = [];
  readonly #running = new Set<number>();
  /** Items that may be started once more for each time they had finished without having been delivered. */
  readonly #reruns: number[] = [];
  readonly #final = new Set<number>();

  constructor(id: number, plan: JobPlan) {
    this.id = id;
    this.plan = plan;
    this.rules = plan.rules;
  }

  /** Bytes of an item: nothing like that of the one before it. */
  bytesOf(index: number): number {
    return (index * 37) % (LARGEST_BYTES + 1);
  }

  /** Reads up to so many items, and no further than the one that fills the room. Gives their bytes. */
  readSome(atMost: number): number {
    const begin = this.read;
    for (const end = begin + atMost; this.read < end && this.room > 0; this.read++) {
      const name = `job ${this.id} reads item ${this.read}, with ${this.rules.maxInFlightBytes} bytes in flight allowed,`;
      // Of a reading whose results are taken in part the core knows no more than the mean.
      const untouched = this.#readings.find((from) => from >= this.taken) ?? begin;
      const whole = this.#bytesIn(untouched, this.read);
      claim(whole < this.rules.maxInFlightBytes, `${name} beside ${whole} in readings of which nothing is taken`);
      const all = this.#bytesIn(this.taken, this.read);
      claim(all < 2 * this.rules.maxInFlightBytes + LARGEST_BYTES, `${name} beside ${all}`);
      this.room -= this.bytesOf(this.read);
    }
    if (this.read > begin) this.#readings.push(begin);
    return this.#bytesIn(begin, this.read);
  }

  #bytesIn(from: number, to: number): number {
    let bytes = 0;
    for (let index = from; index < to; index++) bytes += this.bytesOf(index);
    return bytes;
  }

  get itemsLeft(): number {
    return (this.plan.readFailsAt ?? this.plan.items) - this.read;
  }

  /** A worker starts an item. */
  started({ attempt }: Chunk, index: number, everyStartIsKnown: boolean): void {
    const name = `item ${index} of job ${this.id}`;
    claim(!this.#running.has(index), `${name} is started while its previous attempt runs`);
    claim(this.outcomes[index] === undefined || this.finished, `${name} is started after it was decided: ${this.outcomes[index]}`);
    const starts = (this.#starts[index] ?? 0) + 1;
    this.#starts[index] = starts;
    this.#running.add(index);
    claim(attempt <= this.rules.retries.times + 1, `${name} is at attempt ${attempt}, with ${this.rules.retries.times} retries`);
    claim(!this.#final.has(index) || this.finished, `${name} is started again, though its failure was final`);
    const allowed = attempt + (this.#reruns[index] ?? 0);
    if (everyStartIsKnown) claim(starts <= allowed, `${name} is started ${starts} times by attempt ${attempt}`);
  }

  /** Its slot went down before the result of this item was delivered. */
  undelivered(index: number): void {
    this.#reruns[index] = (this.#reruns[index] ?? 0) + 1;
  }

  isFinal(index: number): void {
    this.#final.add(index);
  }

  ended(index: number): void {
    this.#running.delete(index);
  }

  /** Items that have arrived with a result. */
  arrived(from: number, to: number, failed: readonly number[]): void {
    for (let index = from; index < to; index++) if (!failed.includes(index)) this.#decide(index, 'result');
  }

  obeyRead({ count, bytes }: Extract<Command, { type: 'readItems' }>): void {
    claim(!this.finished && !this.inputOver, `job ${this.id} reads from an input that has ended`);
    claim(!this.paused, `job ${this.id} reads while it is paused`);
    claim(Number.isInteger(count) && count > 0, `job ${this.id} asks for ${count} items`);
    claim(bytes > 0, `job ${this.id} asks for ${count} items in ${bytes} bytes`);
    this.asked += count;
    this.room = bytes;
    const ahead = this.read + this.asked - this.taken;
    claim(ahead <= this.rules.maxInFlight, `job ${this.id} reads ${ahead} items ahead, more than ${this.rules.maxInFlight}`);
  }

  obeyRun(chunk: Chunk): void {
    const name = `chunk ${chunk.id} [${chunk.from}, ${chunk.to}) of job ${this.id}`;
    claim(!this.finished, `${name} is sent after finishJob`);
    claim(!this.paused, `${name} is sent while the job is paused`);
    claim(chunk.from < chunk.to, `${name} is empty`);
    claim(chunk.to <= this.read, `${name} has items that were not read`);
    const { chunkSize } = this.rules;
    claim(chunkSize === 'auto' || chunk.to - chunk.from <= chunkSize, `${name} is larger than ${chunkSize}`);
    for (let i = chunk.from; i < chunk.to; i++) {
      claim(this.outcomes[i] === undefined, `${name} has item ${i}, which is decided: ${this.outcomes[i]}`);
      claim(!this.#running.has(i), `${name} has item ${i}, which is running`);
    }
  }

  obeyGiveUp(index: number, why: GiveUpReason, cause: string): void {
    claim(!this.finished, `item ${index} of job ${this.id} is given up after finishJob`);
    const causes = why === 'failed' ? ['chunkPart', 'chunkDone'] : ['slotDown', 'chunkLost'];
    claim(causes.includes(cause), `item ${index} of job ${this.id} is given up as ${why} on ${cause}`);
    this.#decide(index, why);
  }

  obeyFinish(): void {
    claim(!this.finished, `job ${this.id} is finished twice`);
    this.finished = true;
    const failed = this.rules.stopOnFailure && (this.readHasFailed || this.outcomes.some((o) => o !== undefined && o !== 'result'));
    if (this.cancelled || failed) return;
    claim(this.inputOver, `job ${this.id} is finished before its input ended`);
    claim(this.decided === this.read, `job ${this.id} is finished with ${this.decided} of ${this.read} items decided`);
  }

  #decide(index: number, outcome: 'result' | GiveUpReason): void {
    // What arrives after the end of a job is dropped.
    if (this.finished) return;
    claim(index < this.read, `item ${index} of job ${this.id} is decided and was never read`);
    claim(this.outcomes[index] === undefined, `item ${index} of job ${this.id} is decided twice: ${this.outcomes[index]}, ${outcome}`);
    this.outcomes[index] = outcome;
    this.decided++;
  }
}
