/** The types that let `await map(xs, x => x.length)` be `number[]` without a word from the caller. */
import type { TypedArray } from './transport.ts';

/** What can be mapped over: arrays, typed arrays, `range()`, Sets, generators, async generators; also of promises, which are awaited. */
export type Items<T = unknown> = Iterable<T> | AsyncIterable<T>;

/** The type of one item. */
export type ItemOf<I> = I extends Iterable<infer T> | AsyncIterable<infer T> ? Awaited<T> : never;

type Widened<I> = I extends Float32Array
  ? Float32Array
  : I extends BigInt64Array
    ? BigInt64Array
    : I extends BigUint64Array
      ? BigUint64Array
      : Float64Array;

/** What `map` gives: an array of results, and for a typed array a typed array (float and BigInt kinds the same kind, integer kinds doubles). */
export type MapResult<I, R> = I extends TypedArray ? Widened<I> : Awaited<R>[];

/** What `fn` must give for these items: for a typed array a number (or bigint), else anything. */
export type ResultFor<I> = I extends BigInt64Array | BigUint64Array
  ? bigint | PromiseLike<bigint>
  : I extends TypedArray
    ? number | PromiseLike<number>
    : unknown;

/** The arguments that a list of type `L` spreads to: a tuple's own, or any number of a plain array's elements (`number[]`). */
export type SpreadArguments<L extends readonly unknown[]> = number extends L['length'] ? L[number][] : [...L];
