/** The lazy range: as many numbers as you like, without an array. */
import { UsageError } from './errors.ts';
import { ownExports } from './own-exports.ts';
import { show } from './show.ts';

/** `start, start + step, …` up to but not including the stop. Sized, iterable any number of times; travels as three numbers. */
export class Range implements Iterable<number> {
  readonly start: number;
  readonly step: number;
  readonly length: number;
  /** Steps from `start` to the first number: a slice counts from the same start, so that fractions are rounded alike. */
  readonly first: number;

  /** @internal Use `range()`. */
  constructor(start: number, step: number, length: number, first = 0) {
    this.start = start;
    this.step = step;
    this.length = length;
    this.first = first;
  }

  /** The number at a position, as in an array: negative positions count from the end. */
  at(position: number): number | undefined {
    const i = position < 0 ? this.length + position : position;
    return i >= 0 && i < this.length ? this.start + (this.first + i) * this.step : undefined;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield this.start + (this.first + i) * this.step;
  }

  /** On the host, now: an array of `fn(number, index)`. To run it on all cores: `map(range(n), fn)`. */
  map<R>(fn: (value: number, index: number) => R): R[] {
    return Array.from(this, fn);
  }

  /** On the host, now: the numbers that pass. */
  filter(test: (value: number, index: number) => boolean): number[] {
    return Array.from(this).filter(test);
  }

  /** The part of this range from position `from` up to but not including `to`. */
  slice(from = 0, to: number = this.length): Range {
    const first = Math.min(Math.max(0, from), this.length);
    const last = Math.min(Math.max(first, to), this.length);
    return part(this, first, last);
  }
}

/** Outside of the class: a bundler gives a class that names itself another name. */
function part({ start, step, first: before }: Range, from: number, to: number): Range {
  return new Range(start, step, to - from, before + from);
}

/**
 * Numbers from 0 (or `start`) up to but not including `stop`, as Python's `range`.
 *
 * @example range(3) // 0, 1, 2
 * @example range(1, 10, 3) // 1, 4, 7
 * @example range(3, 0, -1) // 3, 2, 1
 * @throws UsageError when an argument is no finite number, or the step is 0.
 */
export function range(stop: number): Range;
export function range(start: number, stop: number, step?: number): Range;
export function range(...args: [number, number?, number?]): Range {
  const [start, stop, step = 1] = args.length === 1 ? [0, args[0]] : args;
  for (const [name, value] of [
    ['start', start],
    ['stop', stop],
    ['step', step],
  ] as const) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new UsageError(
        'BAD_ARGUMENT',
        `range: ${name} is ${value === undefined ? 'missing' : show(value)}; it must be a finite number, as in range(10) or range(0, 10, 2)`,
      );
    }
  }
  if (step === 0) throw new UsageError('BAD_ARGUMENT', 'range: step is 0; it must be above or below 0');
  return new Range(start, step, Math.max(0, Math.ceil((stop! - start) / step)));
}

ownExports({ Range, range });
