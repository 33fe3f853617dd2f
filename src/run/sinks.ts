/** Where results land: an ordered array, a typed array, settled results, or a stream. */
import { UsageError } from '../errors.ts';
import { AT_THE_END_MS } from '../protocol.ts';
import type { Column, TypedArray } from '../transport.ts';
import { arrayOfNumbers, pasteNumbers } from '../transports/columns.ts';
import { preview, rememberPlace } from './failures.ts';

/** Results come by index, in any order; each index is settled once. */
export interface Sink {
  /** Results of the consecutive items [from, from + results.length). */
  accept(from: number, results: ArrayLike<unknown>): void;
  /** The final failure of one item; a job that stops at the first failure calls `abort` instead. */
  fail(index: number, error: unknown): void;
  /** Every item is settled. */
  finish(): void;
  /** The job has ended early: its input failed, it was cancelled, or a task failed for good. */
  abort(error: unknown): void;
  /** Set when a result cannot be taken: the job ends with this error. */
  readonly refusal?: { readonly error: unknown } | undefined;
  /** Memory that the workers share, where results of the tasks [from, to) may be written as they come. */
  columnAt?(from: number, to: number): Column | undefined;
  /** Whether results count as taken when they arrive; a stream reports them itself when its reader takes them. */
  readonly takesAtOnce: boolean;
  /** How long a worker may keep finished results back, in milliseconds: each hand-over interrupts the host, which may share its core. */
  readonly handOverMs: number;
}

/** A promise with its ends in hand. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** All results in input order. */
export class ArraySink implements Sink {
  readonly takesAtOnce = true;
  readonly handOverMs = AT_THE_END_MS;
  readonly #done: Deferred<unknown[]>;
  readonly #size: number | undefined;
  #results: unknown[] = [];
  #accepted = false;

  /** `size`: how many there will be, where that is known. */
  constructor(done: Deferred<unknown[]>, size?: number) {
    this.#done = done;
    this.#size = size;
  }

  accept(from: number, results: ArrayLike<unknown>): void {
    if (!this.#accepted) this.#begin(results[0]);
    const all = this.#results;
    // Filled from the front without holes where results come in order, which keeps the array packed.
    while (all.length < from) all.push(undefined);
    if (isColumn(results)) return pasteNumbers(results, all, from);
    for (let i = 0; i < results.length; i++) all[from + i] = results[i];
  }

  /** Where the first result is a number, probably all are. A few fill any array in no time. */
  #begin(first: unknown): void {
    this.#accepted = true;
    if (typeof first === 'number' && this.#size !== undefined)
      this.#results = (this.#size < FEW ? undefined : arrayOfNumbers(this.#size)) ?? this.#results;
  }

  fail(_index: number, error: unknown): void {
    this.abort(error);
  }

  finish(): void {
    this.#done.resolve(this.#results);
  }

  abort(error: unknown): void {
    this.#done.reject(error);
  }
}

/** All outcomes in input order, as `Promise.allSettled` gives them. */
export class SettledSink implements Sink {
  readonly takesAtOnce = true;
  readonly handOverMs = AT_THE_END_MS;
  readonly #done: Deferred<PromiseSettledResult<unknown>[]>;
  readonly #results: PromiseSettledResult<unknown>[] = [];

  constructor(done: Deferred<PromiseSettledResult<unknown>[]>) {
    this.#done = done;
  }

  accept(from: number, results: ArrayLike<unknown>): void {
    for (let i = 0; i < results.length; i++) this.#results[from + i] = { status: 'fulfilled', value: results[i] };
  }

  fail(index: number, error: unknown): void {
    this.#results[index] = { status: 'rejected', reason: error };
  }

  finish(): void {
    this.#done.resolve(this.#results);
  }

  abort(error: unknown): void {
    this.#done.reject(error);
  }
}

/** Fewer results need no array made for numbers, which costs a microsecond. */
const FEW = 64;

type TypedArrayClass = { new (from: number | SharedArrayBuffer): TypedArray; readonly name: string; readonly BYTES_PER_ELEMENT: number };

function isColumn(results: ArrayLike<unknown>): results is Column {
  return results instanceof Float64Array || results instanceof Float32Array;
}

/** The class results of a typed array land in: float kinds and BigInt kinds their own, integer kinds doubles, so that `p / 255` is not rounded away. */
export function resultClassOf(items: TypedArray): TypedArrayClass {
  if (items instanceof Float32Array || items instanceof BigInt64Array || items instanceof BigUint64Array)
    return items.constructor as TypedArrayClass;
  return Float64Array;
}

/** Where results over a typed array land, as yet empty: in shared memory, as the items are. */
export function resultsFor(items: TypedArray): TypedArray {
  const ResultClass = resultClassOf(items);
  if (!(items.buffer instanceof SharedArrayBuffer)) return new ResultClass(items.length);
  return new ResultClass(new SharedArrayBuffer(items.length * ResultClass.BYTES_PER_ELEMENT));
}

/** Results of a typed array, in a typed array. */
export class TypedArraySink implements Sink {
  readonly takesAtOnce = true;
  readonly handOverMs = AT_THE_END_MS;
  readonly #done: Deferred<TypedArray>;
  readonly #results: TypedArray;
  readonly #expected: 'number' | 'bigint';
  refusal: { readonly error: unknown } | undefined;

  /** In shared memory, workers write there themselves. */
  constructor(done: Deferred<TypedArray>, results: TypedArray) {
    this.#done = done;
    this.#results = results;
    this.#expected = this.#results instanceof BigInt64Array || this.#results instanceof BigUint64Array ? 'bigint' : 'number';
  }

  columnAt(from: number, to: number): Column | undefined {
    const results = this.#results;
    return results.buffer instanceof SharedArrayBuffer && isColumn(results) ? results.subarray(from, to) : undefined;
  }

  accept(from: number, results: ArrayLike<unknown>): void {
    if (isColumn(results) && isColumn(this.#results)) {
      // Written there already.
      if (results.buffer !== this.#results.buffer) this.#results.set(results, from);
      return;
    }
    for (let i = 0; i < results.length; i++) {
      const value = results[i];
      if (typeof value !== this.#expected) {
        this.refusal ??= { error: notANumber(from + i, value, this.#expected, this.#results.constructor.name) };
        return;
      }
      this.#results[from + i] = value as never;
    }
  }

  fail(_index: number, error: unknown): void {
    this.abort(error);
  }

  finish(): void {
    this.#done.resolve(this.#results);
  }

  abort(error: unknown): void {
    this.#done.reject(error);
  }
}

function notANumber(index: number, value: unknown, expected: string, kind: string): Error {
  const error = wrongResult(index, value, expected, kind);
  rememberPlace(error, { index, preview: preview(value), worker: undefined, attempt: 1 });
  return error;
}

function wrongResult(index: number, value: unknown, expected: string, kind: string): Error {
  const what = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  return new UsageError(
    'BAD_RESULT',
    `the result of items[${index}] is ${what}, and a typed array gives a ${kind}, which holds a ${expected} for each item. For other results pass Array.from(items).`,
  );
}
