/** The blocks of a reduction: where each begins depends on its number alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockStart, blocksIn } from '../../src/blocks.ts';

const anyBlock = fc.oneof(fc.nat(2000), fc.nat(1_000_000_000));
const anyCount = fc.oneof(fc.nat(200_000), fc.nat(Number.MAX_SAFE_INTEGER));

describe('blocks', () => {
  test('begin with one item each, so that a short list of slow items runs side by side', () => {
    for (let block = 0; block <= 64; block++) expect(blockStart(block)).toBe(block);
    for (let items = 0; items <= 64; items++) expect(blocksIn(items)).toBe(items);
  });

  test('grow, never shrink, and hold 1,024 items at the most', () => {
    let before = 1;
    for (let block = 0; block < 3000; block++) {
      const size = blockStart(block + 1) - blockStart(block);
      expect(size).toBeGreaterThanOrEqual(before);
      expect(size).toBeLessThanOrEqual(1024);
      before = size;
    }
    expect(before).toBe(1024);
  });

  test('hold no more than a 64th of the items before them', () => {
    for (let block = 64; block < 3000; block++) {
      const start = blockStart(block);
      expect(blockStart(block + 1) - start).toBe(Math.min(1024, Math.max(1, Math.floor(start / 64))));
    }
  });

  test('are counted by blocksIn as blockStart places them: each is the inverse of the other', () => {
    fc.assert(
      fc.property(anyBlock, (block) => {
        const start = blockStart(block);
        expect(blocksIn(start)).toBe(block);
        expect(blocksIn(start + 1)).toBe(block + 1);
        expect(blocksIn(blockStart(block + 1))).toBe(block + 1);
      }),
    );
    fc.assert(
      fc.property(anyCount, (items) => {
        const blocks = blocksIn(items);
        expect(blockStart(blocks)).toBeGreaterThanOrEqual(items);
        if (blocks > 0) expect(blockStart(blocks - 1)).toBeLessThan(items);
      }),
    );
  });

  test('are monotone in the number of items', () => {
    fc.assert(fc.property(anyCount, anyCount, (a, b) => a <= b === blocksIn(a) <= blocksIn(b) || blocksIn(a) === blocksIn(b)));
  });
});
