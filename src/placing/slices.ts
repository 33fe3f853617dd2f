/** A call that runs in line: the first slice inside the call itself, others with a turn of the event loop in between. */
import { type Freight, isSoonerOnWorkers } from '../core/placing.ts';
import { Range } from '../range.ts';
import { now } from '../run/clock.ts';
import { preview, rememberPlace } from '../run/failures.ts';
import { type Ground, type Loop, newNumbers, newValues } from './loops.ts';
import { areAlike } from './rows.ts';
import { cleanStack } from './stacks.ts';
import { leftMs, SLICE_MS, spentSince } from './turns.ts';

/** What may follow at once, where that is the end. */
const TAIL_MS = 1;
/** A block takes less than twice as long before the clock is looked at again. */
const BLOCK_MS = 0.25;
/** Room for the first results: most lists are shorter, and of longer ones the rest may go to workers. */
const FIRST_ROOM = 100_000;
const LITTLE_ROOM = 1000;
/** V8 makes longer arrays in one go a dictionary. */
const ROOM_AT_MOST = 32_000_000;

/** How a slice ended: everything is done; time is up; something is not for here; a task failed and it is to stop. */
export type SliceEnd = 'done' | 'timeUp' | 'odd' | 'failed';

export interface SlicedWork {
  readonly fn: Ground['fn'];
  readonly items: ArrayLike<unknown>;
  readonly size: number;
  readonly loop: Loop;
  readonly canRead: Ground['canRead'];
  /** Where results go; an array that grows, where it is absent. */
  readonly out: Ground['out'] | undefined;
  readonly freight: Freight;
  /** Outcomes are wanted, as Promise.allSettled gives them: a failure does not stop the others. */
  readonly settles: boolean;
}

/** A list, and how far it is. */
export class Slices {
  readonly #work: SlicedWork;
  readonly #ground: Ground;
  readonly #ownOut: boolean;
  readonly #outcomes: PromiseSettledResult<unknown>[] = [];
  #at = 0;
  #block = 1;
  /** What an item took in the last slice. */
  #itemMs = 0;
  /** In the first slice nobody knows whether the rest is for here. */
  #isFirst = true;
  /** Why it failed. */
  error: unknown;

  constructor(work: SlicedWork) {
    const { fn, items, canRead, out, size } = work;
    this.#work = work;
    this.#ownOut = out === undefined;
    this.#ground = {
      ...{ fn, items, canRead, thrown: undefined, numbers: this.#ownOut },
      // Where little time is left, most of the room would be made for nothing.
      out: out ?? newNumbers(Math.min(size, leftMs() < SLICE_MS / 10 ? LITTLE_ROOM : FIRST_ROOM)),
    };
  }

  /** All results, when it is done. */
  get results(): unknown {
    return this.#work.settles ? this.#outcomes : this.#ground.out;
  }

  /** From here on these are the items: a copy of those at the call. */
  keep(items: ArrayLike<unknown>): void {
    this.#ground.items = items;
    this.#isFirst = false;
  }

  /** Whether workers would be done with all of it sooner than this thread with the rest. */
  isSoonerOnWorkers(crew: { readonly workers: number; readonly areUp: boolean }): boolean {
    const { size: all, freight } = this.#work;
    return isSoonerOnWorkers({ left: all - this.#at, all, itemMs: this.#itemMs, freight, ...crew });
  }

  /** Runs until everything is done, or time is up. */
  run(): SliceEnd {
    const startedAt = now();
    try {
      return this.#runFrom(startedAt);
    } finally {
      spentSince(startedAt);
    }
  }

  #runFrom(startedAt: number): SliceEnd {
    const { size, loop, settles } = this.#work;
    const ground = this.#ground;
    const sliceMs = leftMs();
    const tailMs = sliceMs > SLICE_MS / 2 ? TAIL_MS : 0;
    let at = startedAt;
    // Of the later half: at first a function is slow, because V8 has not optimised it.
    let measured = 0;
    let measuredMs = 0;
    while (this.#at < size) {
      const from = this.#at;
      const to = Math.min(size, from + this.#block);
      if (this.#makeRoom(to)) {
        at = now();
        // For a million numbers this alone takes as long as a slice; the first slice, inside the call, makes less.
        if (at - startedAt > SLICE_MS / 2 && !this.#isFirst) break;
      }
      if (!areAlike(ground.items, from, to)) return 'odd';
      const reached = loop(ground, from, to);
      this.#at = reached;
      if (settles) this.#settle(from, reached);
      if (reached < to && !this.#goesOn(reached)) return ground.thrown ? 'failed' : 'odd';
      const blockAt = at;
      at = now();
      const tookMs = at - blockAt;
      if (tookMs < BLOCK_MS) this.#block *= 2;
      else if (tookMs > 2 * BLOCK_MS) this.#block = Math.max(1, this.#block >> 1);
      if (at - startedAt > SLICE_MS / 2) {
        measured += this.#at - from;
        measuredMs += tookMs;
        this.#itemMs = measuredMs / measured;
      }
      // A little that is left is not worth a turn of the event loop, nor a copy of the items.
      const beyondMs = at - startedAt - sliceMs;
      if (beyondMs >= 0 && (tailMs === 0 || (size - this.#at) * this.#itemMs > tailMs - beyondMs)) break;
    }
    return this.#at < size ? 'timeUp' : 'done';
  }

  /** All the room there will be: who asks goes on here. Of many numbers it takes as long as some slices, and so is made once. */
  #makeRoom(to: number): boolean {
    const { size } = this.#work;
    const { out, numbers } = this.#ground;
    if (!this.#ownOut || to <= (out as unknown[]).length || size > ROOM_AT_MOST) return false;
    const room = this.#isFirst ? Math.min(size, 2 * to) : size;
    const longer = numbers ? newNumbers(room) : newValues(room);
    for (let i = 0; i < this.#at; i++) longer[i] = out[i];
    this.#ground.out = longer;
    return true;
  }

  /** What stopped the loop: a result that is no number, which changes the kind of array; a failure that is an outcome; or an end. */
  #goesOn(index: number): boolean {
    const { thrown, out, numbers } = this.#ground;
    if (thrown) {
      const { error } = thrown;
      const { fn, items, loop } = { ...this.#work, items: this.#ground.items };
      cleanStack(error, fn, loop.name);
      const item = items instanceof Range ? items.at(index) : items[index];
      rememberPlace(error, { index, preview: preview(item), worker: 'inline', attempt: 1 });
      this.error = error;
      if (!this.#work.settles) return false;
      this.#ground.thrown = undefined;
      this.#outcomes[index] = { status: 'rejected', reason: error };
      this.#at = index + 1;
      return true;
    }
    if (!numbers || !Array.isArray(out)) return false;
    const values = newValues(out.length);
    for (let i = 0; i < index; i++) values[i] = out[i];
    this.#ground.out = values;
    this.#ground.numbers = false;
    return true;
  }

  #settle(from: number, to: number): void {
    const out = this.#ground.out as readonly unknown[];
    for (let i = from; i < to; i++) this.#outcomes[i] = { status: 'fulfilled', value: out[i] };
  }
}
