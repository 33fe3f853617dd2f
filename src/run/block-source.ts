/** Items in blocks: a task is a block, and a chunk is the items of its blocks, flat, so that ranges and typed arrays stay what they are. */
import { blockStart, blocksIn } from '../blocks.ts';
import type { PackedRange } from '../transport.ts';
import type { ItemSource, ReadAnswer } from './source.ts';

export class BlockSource implements ItemSource {
  readonly size: number | undefined;
  readonly #items: ItemSource;
  /** Items read, and blocks announced: those that are complete, or the last. */
  #read = 0;
  #announced = 0;
  /** In all: the next question may come before the last has been answered. */
  #askedBlocks = 0;
  #askedItems = 0;

  constructor(items: ItemSource) {
    this.#items = items;
    this.size = items.size === undefined ? undefined : blocksIn(items.size);
  }

  /** Reads the items of `count` more blocks. An input that gives them one by one announces a block when its last item is there. */
  read(count: number, answer: ReadAnswer): void {
    this.#askedBlocks += count;
    const from = this.#askedItems;
    this.#askedItems = blockStart(this.#askedBlocks);
    let bytes = 0;
    this.#items.read(this.#askedItems - from, {
      items: (read, itemBytes, last) => {
        this.#read += read;
        bytes += itemBytes;
        const complete = last ? blocksIn(this.#read) : this.#completeBlocks();
        const more = complete - this.#announced;
        if (more === 0 && !last) return;
        this.#announced = complete;
        answer.items(more, bytes, last);
        bytes = 0;
      },
      failed: (error) => answer.failed(error),
    });
  }

  slice(from: number, to: number): ArrayLike<unknown> | PackedRange {
    return this.#items.slice(this.itemOf(from), this.itemOf(to));
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

  #completeBlocks(): number {
    const begun = blocksIn(this.#read);
    return blockStart(begun) <= this.#read ? begun : begun - 1;
  }
}
