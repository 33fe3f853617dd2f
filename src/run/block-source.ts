/** Items in blocks: a task is a block, and a chunk is the items of its blocks, flat, so that ranges and typed arrays stay what they are. */
import { blockStart, blocksIn } from '../blocks.ts';
import type { PackedRange, TypedArray } from '../transport.ts';
import type { ItemSource, ReadAnswer } from './source.ts';

export class BlockSource implements ItemSource {
  readonly size: number | undefined;
  readonly keeps: boolean;
  readonly #items: ItemSource;
  /** Items read, and blocks announced: those that are complete, or the last. */
  #read = 0;
  #announced = 0;
  /** In all: the next question may come before the last has been answered. */
  #askedBlocks = 0;
  #askedItems = 0;
  /** Asked for, not read for want of room, and not told so far. */
  #leftBlocks = 0;

  constructor(items: ItemSource) {
    this.#items = items;
    this.keeps = items.keeps ?? false;
    this.size = items.size === undefined ? undefined : blocksIn(items.size);
  }

  /** Reads the items of `count` more blocks. An input that gives them one by one announces a block when its last item is there. */
  read(count: number, room: number, answer: ReadAnswer): void {
    this.#askedBlocks += count;
    const from = this.#askedItems;
    this.#askedItems = blockStart(this.#askedBlocks);
    let bytes = 0;
    const ofItems: ReadAnswer = {
      items: (read, itemBytes, last, left = 0) => {
        this.#read += read;
        bytes += itemBytes;
        const complete = last ? blocksIn(this.#read) : this.#completeBlocks();
        if (left > 0) this.#leave(complete);
        const more = complete - this.#announced;
        if (more > 0 || last) {
          this.#announced = complete;
          const leftBlocks = this.#leftBlocks;
          this.#leftBlocks = 0;
          answer.items(more, bytes, last, leftBlocks);
          bytes = 0;
        }
        // A block that is begun is read to its end, whatever its size: it travels whole.
        if (left > 0 && this.#askedItems > this.#read) this.#items.read(this.#askedItems - this.#read, Number.POSITIVE_INFINITY, ofItems);
      },
      failed: (error) => answer.failed(error),
    };
    this.#items.read(this.#askedItems - from, room, ofItems);
  }

  slice(from: number, to: number): ArrayLike<unknown> | PackedRange {
    return this.#items.slice(this.itemOf(from), this.itemOf(to));
  }

  numbers(from: number, to: number, block: () => Float64Array, sharesMemory: boolean): TypedArray | PackedRange | undefined {
    return this.#items.numbers?.(this.itemOf(from), this.itemOf(to), block, sharesMemory);
  }

  at(task: number, item = this.itemOf(task)): unknown {
    return this.#items.at(item);
  }

  itemOf(task: number): number {
    return Math.min(blockStart(task), this.#items.size ?? this.#read);
  }

  taskOf(item: number): number {
    return blocksIn(item + 1) - 1;
  }

  release(task: number): void {
    const end = this.itemOf(task + 1);
    for (let item = this.itemOf(task); item < end; item++) this.#items.release(item);
  }

  close(): void {
    this.#items.close();
  }

  /** The room is filled: what is asked for are no more blocks than those that are begun. */
  #leave(complete: number): void {
    const begun = Math.max(complete, blocksIn(this.#read));
    this.#leftBlocks += this.#askedBlocks - begun;
    this.#askedBlocks = begun;
    this.#askedItems = blockStart(begun);
  }

  #completeBlocks(): number {
    const begun = blocksIn(this.#read);
    return blockStart(begun) <= this.#read ? begun : begun - 1;
  }
}
