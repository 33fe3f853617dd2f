/** Items in blocks: what is asked for is read, whole blocks are announced, and nothing is read twice or left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockStart, blocksIn } from '../../src/blocks.ts';
import { BlockSource } from '../../src/run/block-source.ts';
import { type ItemSource, sourceOf } from '../../src/run/source.ts';

/** Hears what a source announces. */
class Announced {
  blocks = 0;
  bytes = 0;
  left = 0;
  last = false;
  error: unknown;
  readonly answer = {
    items: (count: number, bytes: number, last: boolean, left = 0) => {
      this.blocks += count;
      this.bytes += bytes;
      this.left += left;
      this.last ||= last;
    },
    failed: (error: unknown) => {
      this.error = error;
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An asynchronous input that gives an item only when it is told to. */
function tap(count: number) {
  const waiting: (() => void)[] = [];
  let given = 0;
  const iterator: AsyncIterator<number> & AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () =>
      new Promise((resolve) => {
        waiting.push(() => resolve(given < count ? { done: false, value: given++ } : { done: true, value: undefined }));
      }),
  };
  const give = async () => {
    waiting.shift()?.();
    await turn();
  };
  return { iterator, give, wanted: () => waiting.length > 0, given: () => given };
}

describe('a source of blocks', () => {
  test('announces as many blocks as were asked for, though the second question came before the first was answered', async () => {
    const { iterator, give, wanted, given } = tap(1_000_000);
    const source = new BlockSource(sourceOf(iterator) as ItemSource);
    const heard = new Announced();
    // Far enough that a block has several items.
    source.read(200, Number.POSITIVE_INFINITY, heard.answer);
    while (wanted() && heard.blocks < 200) await give();
    expect(heard.blocks).toBe(200);
    source.read(1, Number.POSITIVE_INFINITY, heard.answer);
    await give();
    await give();
    source.read(2, Number.POSITIVE_INFINITY, heard.answer);
    source.read(3, Number.POSITIVE_INFINITY, heard.answer);
    while (wanted()) await give();
    expect(heard.blocks).toBe(206);
    expect(given()).toBe(blockStart(206));
  });

  test('stops where the room is filled, with the block that is begun, and says how many it has left', async () => {
    function* items() {
      for (let i = 0; ; i++) yield i;
    }
    for (const input of [items(), tap(1_000_000)]) {
      const source = new BlockSource(sourceOf('given' in input ? input.iterator : input) as ItemSource);
      const heard = new Announced();
      const isRead = async () => {
        while ('given' in input && input.wanted()) await input.give();
      };
      // The room for 150 items of 8 bytes ends within a block of two.
      source.read(200, 150 * 8 - 4, heard.answer);
      await isRead();
      expect(heard).toMatchObject({ blocks: blocksIn(150), bytes: blockStart(blocksIn(150)) * 8, left: 200 - blocksIn(150) });
      source.read(3, Number.POSITIVE_INFINITY, heard.answer);
      await isRead();
      expect(heard).toMatchObject({ blocks: blocksIn(150) + 3, bytes: blockStart(blocksIn(150) + 3) * 8, left: 200 - blocksIn(150) });
    }
  });

  test('of any input gives every item once, in whole blocks but the last, however the reads are cut', () => {
    const inputs = fc.constantFrom<(n: number) => unknown>(
      (n) => Array.from({ length: n }, (_, i) => i),
      (n) => Float64Array.from({ length: n }, (_, i) => i),
      (n) => new Set(Array.from({ length: n }, (_, i) => i)),
    );
    const someNumbers = fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 20 });
    const rooms = fc.array(fc.constantFrom(1, 100, 5000, Number.POSITIVE_INFINITY), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(inputs, fc.nat(6000), someNumbers, rooms, (make, n, reads, room) => {
        const source = new BlockSource(sourceOf(make(n)) as ItemSource);
        const heard = new Announced();
        const seen: number[] = [];
        for (let i = 0; !heard.last; i++) {
          const from = heard.blocks;
          source.read(reads[i % reads.length]!, room[i % room.length]!, heard.answer);
          expect(heard.blocks - from).toBeLessThanOrEqual(reads[i % reads.length]!);
          const items = source.slice(from, heard.blocks) as ArrayLike<number>;
          for (let j = 0; j < items.length; j++) seen.push(items[j]!);
          for (let block = from; block < heard.blocks; block++) {
            expect(source.at(block)).toBe(blockStart(block));
            source.release(block);
          }
        }
        expect(heard.blocks).toBe(blocksIn(n));
        expect(seen).toEqual(Array.from({ length: n }, (_, k) => k));
      }),
      { numRuns: 60 },
    );
  });

  test('of an iterator that throws fails with its error, and what was whole before is announced', () => {
    const boom = new Error('boom');
    function* items() {
      for (let i = 0; i < 70; i++) yield i;
      throw boom;
    }
    const heard = new Announced();
    new BlockSource(sourceOf(items()) as ItemSource).read(100, Number.POSITIVE_INFINITY, heard.answer);
    expect(heard).toMatchObject({ blocks: 70, last: false, error: boom });
  });
});
