/** Delayed calls as the items of a job: each brings its function, and what travels as its item are its arguments. */
import { UsageError } from '../errors.ts';
import { show } from '../show.ts';
import type { PackedRange } from '../transport.ts';
import type { FunctionTable } from './functions.ts';
import type { ItemSource, ReadAnswer } from './source.ts';

// biome-ignore lint/suspicious/noExplicitAny: any function, with any arguments.
type AnyFunction = (...args: any[]) => unknown;

/** A call that has not been made yet. */
export interface CallToMake {
  readonly fn: AnyFunction;
  readonly args: readonly unknown[];
}

export class CallSource implements ItemSource {
  readonly size: number | undefined;
  readonly #calls: ItemSource;
  readonly #functions: FunctionTable;
  readonly #isCall: (value: unknown) => value is CallToMake;
  #entered = 0;

  constructor(calls: ItemSource, functions: FunctionTable, isCall: (value: unknown) => value is CallToMake) {
    this.size = calls.size;
    this.#calls = calls;
    this.#functions = functions;
    this.#isCall = isCall;
  }

  read(count: number, room: number, answer: ReadAnswer): void {
    this.#calls.read(count, room, {
      items: (read, bytes, last, left) => {
        const from = this.#entered;
        try {
          for (; this.#entered < from + read; this.#entered++) this.#enter(this.#entered);
        } catch (error) {
          answer.items(this.#entered - from, bytes, false);
          this.#calls.close();
          return answer.failed(error);
        }
        answer.items(read, bytes, last, left);
      },
      failed: (error) => answer.failed(error),
    });
  }

  slice(from: number, to: number): ArrayLike<unknown> | PackedRange {
    return Array.from(this.#calls.slice(from, to) as ArrayLike<CallToMake>, (call) => call.args);
  }

  at(index: number): unknown {
    return (this.#calls.at(index) as CallToMake | undefined)?.args;
  }

  release(index: number): void {
    this.#calls.release(index);
  }

  close(): void {
    this.#calls.close();
  }

  /** Reads a call's function with all it captures, as it is now. */
  #enter(index: number): void {
    const call = this.#calls.at(index);
    if (!this.#isCall(call)) throw noCall(call, index);
    this.#functions.enter(index, call.fn);
  }
}

/** Most lists call a handful of functions: those are read at the call. The closures of a longer list are read when their turn comes. */
const READ_AT_THE_CALL = 64;

/** What is in a list already is looked at before any of it runs: that each is a call, and that its function can travel. */
export function enterList(calls: readonly unknown[], functions: FunctionTable, isCall: (value: unknown) => value is CallToMake): void {
  const called = new Set<AnyFunction>();
  for (let index = 0; index < calls.length; index++) {
    const call = calls[index];
    if (isCall(call)) called.add(call.fn);
    else if (typeof (call as PromiseLike<unknown> | null | undefined)?.then !== 'function') throw noCall(call, index);
  }
  if (called.size <= READ_AT_THE_CALL) for (const fn of called) functions.learn(fn);
}

function noCall(value: unknown, index: number): UsageError {
  const hint = typeof value === 'function' ? 'delayed(fn) must be called, too' : 'each must be delayed(fn)(...arguments)';
  return new UsageError(
    'BAD_ARGUMENT',
    `Parallel: calls[${index}] is ${show(value)}; ${hint}, as in Parallel()(xs.map((x) => delayed(fn)(x)))`,
  );
}
