/** The functions of a job: one for `map`, a table of many for `Parallel`. */

import { isBare } from '../ship/ship.ts';
import type { ShippedFunction } from '../shipped.ts';
import { now } from './clock.ts';
import { type ShippedTo, shipTo } from './shipping.ts';

export interface JobFunctions {
  /** For messages. */
  readonly name: string;
  /** Hash of the code of the one function there is; undefined where each task may have another. */
  readonly code: string | undefined;
  /** What the task with this index calls. */
  of(index: number): ShippedFunction;
  /** The task is done and will not be asked for again. */
  release(index: number): void;
  /** Functions that no waiting task calls any more, each told once: workers may forget them. */
  forgotten(): readonly ShippedFunction[];
}

export function oneFunction(fn: ShippedFunction): JobFunctions {
  return { name: fn.name, code: fn.code, of: () => fn, release() {}, forgotten: () => NONE };
}

const NONE: readonly never[] = [];

// biome-ignore lint/suspicious/noExplicitAny: doors check their functions' types; here any function will do.
type AnyFunction = (...args: any[]) => unknown;

interface Entry {
  readonly fn: AnyFunction;
  readonly shipped: ShippedFunction;
  /** Tasks that will call it. */
  uses: number;
  readonly text: string;
}

/** From here on a person should know why nothing moves. */
const SLOW_MS = 1000;

/** Functions that no task calls at the moment, kept for the next that does. */
const KEPT = 64;

/**
 * Interned by identity, then by content: a generator that makes the same arrow anew for each call sends it once. A function nobody
 * calls any more is forgotten, so that a million closures do not stay in memory until the last of them has run.
 */
export class FunctionTable implements JobFunctions {
  readonly code = undefined;
  readonly #byFunction = new Map<AnyFunction, Entry>();
  readonly #byText = new Map<string, Entry>();
  readonly #byContent = new Map<string, Entry>();
  readonly #byTask = new Map<number, Entry>();
  readonly #idle = new Set<Entry>();
  #forgotten: ShippedFunction[] = [];
  #first = 'Parallel';
  #read = 0;
  #readingMs = 0;
  #hasWarned = false;
  #made = 0;
  readonly #where: ShippedTo;

  constructor(where: ShippedTo) {
    this.#where = where;
  }

  get name(): string {
    return this.#made <= 1 ? this.#first : `${this.#first} and others`;
  }

  /** Says which function the task calls. Throws a NotShippableError for one that cannot travel. */
  enter(index: number, fn: AnyFunction): void {
    const entry = this.#byFunction.get(fn) ?? this.#add(fn);
    entry.uses++;
    this.#idle.delete(entry);
    this.#byTask.set(index, entry);
  }

  /** Reads a function now that tasks will call later. */
  learn(fn: AnyFunction): void {
    if (!this.#byFunction.has(fn)) this.#idle.add(this.#add(fn));
  }

  of(index: number): ShippedFunction {
    return this.#byTask.get(index)!.shipped;
  }

  release(index: number): void {
    const entry = this.#byTask.get(index);
    if (!entry || !this.#byTask.delete(index) || --entry.uses > 0) return;
    this.#idle.add(entry);
    if (this.#idle.size > KEPT) for (const oldest of this.#idle) return this.#forget(oldest);
  }

  forgotten(): readonly ShippedFunction[] {
    if (this.#forgotten.length === 0) return NONE;
    const told = this.#forgotten;
    this.#forgotten = [];
    return told;
  }

  #add(fn: AnyFunction): Entry {
    // Reading a function costs a quarter of a millisecond; comparing texts, a thousandth of that.
    const text = `${fn.name} ${Function.prototype.toString.call(fn)}`;
    const alike = this.#byText.get(text);
    if (alike && isBare(fn)) return alike;
    const from = now();
    const shipped = shipTo(fn, this.#where);
    this.#warnIfSlow(now() - from);
    const { stateless } = shipped;
    const same = stateless === undefined ? undefined : this.#byContent.get(stateless);
    if (same) return same;
    const entry: Entry = { fn, shipped, text, uses: 0 };
    this.#byFunction.set(fn, entry);
    if (stateless !== undefined) this.#byContent.set(stateless, entry);
    if (shipped.selfContained) this.#byText.set(text, entry);
    if (this.#made++ === 0) this.#first = shipped.name;
    return entry;
  }

  /** A function is read with all it captures, each time it is made anew: large data among it is read as often. */
  #warnIfSlow(ms: number): void {
    this.#readingMs += ms;
    this.#read++;
    if (this.#read < 2 || this.#readingMs < SLOW_MS || this.#hasWarned) return;
    this.#hasWarned = true;
    const text =
      `reading ${this.#read} functions for Parallel has taken ${(this.#readingMs / 1000).toFixed(1)} s on this thread, ` +
      `because each was made anew and captures values: make one function, and pass what differs as arguments, delayed(fn)(x)`;
    process.emitWarning(text, { type: 'AllcoresWarning', code: 'ALLCORES_SLOW_CLOSURES' });
  }

  #forget(entry: Entry): void {
    this.#idle.delete(entry);
    this.#byFunction.delete(entry.fn);
    if (this.#byText.get(entry.text) === entry) this.#byText.delete(entry.text);
    if (entry.shipped.stateless !== undefined) this.#byContent.delete(entry.shipped.stateless);
    this.#forgotten.push(entry.shipped);
  }
}
