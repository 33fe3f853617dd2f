/** Blocks of items that come one by one: every block that was asked for comes, also when more is asked for before the first are there. */
import { expect, test } from 'vitest';
import { BlockSource } from '../../src/run/block-source.ts';
import { type ReadAnswer, sourceOf } from '../../src/run/source.ts';

/** An input that gives an item at each call of `give`, and counts what it still owes. */
function slowInput() {
  let resume: (() => void) | undefined;
  async function* items() {
    for (let i = 0; ; i++) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
      yield i;
    }
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    source: new BlockSource(sourceOf(items())!),
    async give(count: number) {
      for (let i = 0; i < count && resume; i++) {
        await turn();
        resume?.();
        resume = undefined;
        await turn();
      }
    },
  };
}

test('blocks asked for while earlier ones are still awaited come too, all of them', async () => {
  const { source, give } = slowInput();
  let blocks = 0;
  const answer: ReadAnswer = {
    items: (count) => {
      blocks += count;
    },
    failed: (error) => {
      throw error;
    },
  };
  // From block 128 on blocks grow, so that the next ones are larger than those that are owed.
  source.read(200, answer);
  await give(150);
  expect(blocks).toBeLessThan(200);
  source.read(100, answer);
  await give(2000);
  expect(blocks).toBe(300);
});
