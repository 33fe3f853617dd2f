/** Inputs that are read one item after the other, and whose items are held until they are done: iterators, synchronous and not. */
import { UsageError } from '../errors.ts';
import { show } from '../show.ts';
import type { ItemSource, ReadAnswer, SizeOf } from './source.ts';

/** Items held by index until they are done. */
class HeldItems {
  protected readonly held = new Map<number, unknown>();
  protected readonly sizeOf: SizeOf;
  protected count = 0;

  constructor(sizeOfItem: SizeOf) {
    this.sizeOf = sizeOfItem;
  }

  protected hold(item: unknown): number {
    if (typeof item === 'function') throw functionAsItem(item, this.count);
    this.held.set(this.count++, item);
    return this.sizeOf(item);
  }

  slice(from: number, to: number): ArrayLike<unknown> {
    return Array.from({ length: to - from }, (_, i) => this.held.get(from + i));
  }

  at(index: number): unknown {
    return this.held.get(index);
  }

  release(index: number): void {
    this.held.delete(index);
  }
}

/** A generator or another iterable: read only as far as asked. */
export class IteratorSource extends HeldItems implements ItemSource {
  readonly size = undefined;
  readonly #iterator: Iterator<unknown>;
  #lazy: LazySource | undefined;
  #ended = false;

  constructor(iterator: Iterator<unknown>, sizeOfItem: SizeOf) {
    super(sizeOfItem);
    this.#iterator = iterator;
  }

  read(count: number, room: number, answer: ReadAnswer): void {
    if (this.#lazy) return this.#lazy.read(count, room, answer);
    let bytes = 0;
    let read = 0;
    try {
      while (read < count && bytes < room) {
        const { done, value } = this.#next();
        if (done) {
          return answer.items(read, bytes, true);
        }
        if (isThenable(value)) {
          // An iterable of promises goes on as an asynchronous one, with this promise first.
          this.#lazy = new LazySource(asyncIterator(prepend(value, this.#iterator)), this.sizeOf, undefined, this);
          answer.items(read, bytes, false);
          return this.#lazy.read(count - read, room - bytes, answer);
        }
        bytes += this.hold(value);
        read++;
      }
    } catch (error) {
      answer.items(read, bytes, false);
      this.close();
      return answer.failed(error);
    }
    answer.items(read, bytes, false, count - read);
  }

  /** An iterator that throws, or says that it is done, has ended by itself. */
  #next(): IteratorResult<unknown> {
    try {
      const result = isResult(this.#iterator.next());
      if (result.done) this.#ended = true;
      return result;
    } catch (error) {
      this.#ended = true;
      throw error;
    }
  }

  /** @internal The asynchronous continuation holds its items here, under the same numbering. */
  adopt(item: unknown): number {
    return this.hold(item);
  }

  close(): void {
    if (this.#lazy) this.#lazy.close();
    if (this.#ended) return;
    this.#ended = true;
    closeIterator(this.#iterator);
  }
}

/** An asynchronous iterable: one `next()` at a time, each item handed on as it arrives. */
export class LazySource extends HeldItems implements ItemSource {
  readonly size: number | undefined;
  readonly #iterator: AsyncIterator<unknown>;
  readonly #holder: { adopt(item: unknown): number } | undefined;
  #wanted = 0;
  #room = 0;
  #reading = false;
  #ended = false;

  constructor(iterator: AsyncIterator<unknown>, sizeOfItem: SizeOf, size?: number, holder?: { adopt(item: unknown): number }) {
    super(sizeOfItem);
    this.size = size;
    this.#iterator = iterator;
    this.#holder = holder;
  }

  read(count: number, room: number, answer: ReadAnswer): void {
    this.#wanted += count;
    this.#room = room;
    if (!this.#reading) void this.#readOn(answer);
  }

  async #readOn(answer: ReadAnswer): Promise<void> {
    this.#reading = true;
    let itself = true;
    try {
      while (this.#wanted > 0 && !this.#ended) {
        itself = true;
        const { done, value } = isResult(await this.#iterator.next());
        itself = false;
        if (this.#ended) return;
        this.#wanted--;
        if (done) {
          this.#ended = true;
          answer.items(0, 0, true);
        } else this.#hand(this.#holder ? this.#holder.adopt(value) : this.hold(value), answer);
      }
    } catch (error) {
      if (this.#ended) return;
      // An iterator that throws has ended; one whose item cannot be taken is to be closed, as for-of does.
      if (itself) this.#ended = true;
      else this.close();
      answer.failed(error);
    } finally {
      this.#reading = false;
    }
  }

  /** One more item is there. Where it fills the room, the rest is left. */
  #hand(bytes: number, answer: ReadAnswer): void {
    this.#room -= bytes;
    const left = this.#room > 0 ? 0 : this.#wanted;
    this.#wanted -= left;
    answer.items(1, bytes, false, left);
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    closeIterator(this.#iterator);
  }
}

export function functionAsItem(item: unknown, index: number): UsageError {
  return new UsageError(
    'BAD_ARGUMENT',
    `items[${index}] is ${show(item)}. Items are data; what runs is the function you pass beside them: map([1, 2, 3], fn). A function the task needs may simply be used in it. For Parallel also call what delayed gives: delayed(fn)(1).`,
  );
}

/** As `for…of` does: an iterator that answers with no object would never end. */
function isResult<T>(result: T): T {
  if (typeof result !== 'object' || result === null)
    throw new TypeError(`the iterator of the items answered next() with ${show(result)}, not with an object`);
  return result;
}

/** Lets a generator run its `finally`. What it throws there has nobody left to hear it. */
function closeIterator(iterator: Iterator<unknown> | AsyncIterator<unknown>): void {
  try {
    const closing = iterator.return?.() as unknown;
    if (isThenable(closing)) closing.then(undefined, () => {});
  } catch {}
}

export async function* asyncIterator(items: Iterable<unknown>): AsyncGenerator<unknown> {
  for (const item of items) yield await item;
}

function* prepend(first: unknown, rest: Iterator<unknown>): Generator<unknown> {
  yield first;
  yield* { [Symbol.iterator]: () => rest };
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
  } catch {
    // A getter or a proxy of the caller's that throws: an item like others.
    return false;
  }
}
