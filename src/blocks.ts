/**
 * The blocks of a reduction: consecutive items that are folded one after the other, left to right. Where a block begins depends on its
 * number alone, never on workers, chunks or how many items there are, so that floating-point sums come out the same to the last bit.
 *
 * A block has one item at first, so that a short list of slow items still runs side by side; later a 64th of the items before it, and at
 * most 1,024.
 */

const SINGLE = 64;
export const LARGEST = 1024;

let known: number[] | undefined;

/** Where the blocks begin until they have their full size: a few hundred numbers, found at the first reduction. */
function beginnings(): readonly number[] {
  if (!known) {
    known = [0];
    for (let at = 0; sizeAt(at) < LARGEST; known.push(at)) at += sizeAt(at);
  }
  return known;
}

function sizeAt(item: number): number {
  return Math.min(LARGEST, Math.max(1, Math.floor(item / SINGLE)));
}

/** Index of a block's first item. */
export function blockStart(block: number): number {
  const growing = beginnings();
  const last = growing.length - 1;
  return block <= last ? growing[block]! : growing[last]! + (block - last) * LARGEST;
}

/** How many blocks so many items have, counting an unfinished last one. */
export function blocksIn(items: number): number {
  const growing = beginnings();
  const last = growing.length - 1;
  if (items > growing[last]!) return last + Math.ceil((items - growing[last]!) / LARGEST);
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (growing[middle]! < items) low = middle + 1;
    else high = middle;
  }
  return low;
}
