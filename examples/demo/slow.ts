/** The article's second experiment: the same square, in a function that takes a while. */
import { type Comparison, compare, range } from 'allcores';
import { duration, heading } from './table.ts';

/** Blocks its thread as a computation would; stands in for one, as the article's time.sleep does. It needs no core, so 8 go at once. */
export function slowSquareOf(sleepMs: number): (x: number) => number {
  return (x) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
    return x ** 2;
  };
}

export async function slow({ full }: { full: boolean }): Promise<Comparison> {
  const sleepMs = full ? 2000 : 200;
  console.log(heading(`2. A function of ${duration(sleepMs).trim()}, over 1 to 9 items`));
  const comparison = await compare(slowSquareOf(sleepMs), range(9), {
    title: `a function of ${duration(sleepMs).trim()}`,
    sizes: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    methods: ['loop', 'new Pool'],
    workers: 8,
    repetitions: 1,
  });
  console.log(String(comparison));
  return comparison;
}
