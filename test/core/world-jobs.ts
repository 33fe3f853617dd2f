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

export function claim(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

export class WorldJob {
  readonly id: number;
  readonly plan: JobPlan;
  readonly rules: JobRules;
  asked = 0;
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

  obeyRead({ count }: Extract<Command, { type: 'readItems' }>): void {
    claim(!this.finished && !this.inputOver, `job ${this.id} reads from an input that has ended`);
    claim(!this.paused, `job ${this.id} reads while it is paused`);
    claim(Number.isInteger(count) && count > 0, `job ${this.id} asks for ${count} items`);
    this.asked += count;
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
