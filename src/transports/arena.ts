/**
 * Shared memory for columns on their way, in blocks that are used again and again: fresh memory costs a page fault every 4 kB, ten times
 * what the copying takes.
 *
 * Rule: a block is given back only when nobody writes to it any more, which is when its chunk is done or its worker is down. One that is
 * never given back is garbage like any other.
 */

/** Numbers in a block: those of the largest chunk. */
export const BLOCK_NUMBERS = 65_536;
/** Blocks kept for the next chunks: 16 MB, four workers with eight chunks each. */
const KEPT = 32;

const free: Float64Array[] = [];

/** A column for so many numbers, with whatever was in it before. */
export function takeBlock(length: number): Float64Array {
  // The parts of a reduction may have many more: such a block serves once.
  if (length > BLOCK_NUMBERS) return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  const block = free.pop() ?? new Float64Array(new SharedArrayBuffer(BLOCK_NUMBERS * Float64Array.BYTES_PER_ELEMENT));
  return length === BLOCK_NUMBERS ? block : block.subarray(0, length);
}

/** Nobody uses it any more. */
export function giveBlock(block: Float64Array): void {
  if (free.length >= KEPT || block.length > BLOCK_NUMBERS) return;
  free.push(new Float64Array(block.buffer));
}
