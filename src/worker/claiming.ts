/** How many tasks a worker claims at once. */

/** Tasks are claimed in blocks, so that tiny ones do not pay for a claim and a look at the clock each (about 80 ns). */
const BLOCK_MS = 0.25;
/** What is claimed cannot be taken back: few enough that slow tasks behind quick ones are not stuck in one block. */
const MAX_BLOCK = 16;
/** Blocks that take less than this grow further: beside tasks of a few nanoseconds the claim and the clock are most of the time. */
const TINY_BLOCK_MS = 0.01;
const MAX_TINY_BLOCK = 256;

/** Tasks to claim next, when those of the last block took so long. */
export function nextBlock(block: number, tookMs: number): number {
  if (tookMs < TINY_BLOCK_MS) return Math.min(MAX_TINY_BLOCK, block * 2);
  if (tookMs < BLOCK_MS) return block > MAX_BLOCK ? block >> 1 : Math.min(MAX_BLOCK, block * 2);
  return tookMs > 2 * BLOCK_MS ? Math.max(1, Math.min(MAX_BLOCK, block >> 1)) : Math.min(MAX_BLOCK, block);
}
