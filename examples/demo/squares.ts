/** The article's first experiment: a function far too cheap to be sent anywhere, over lists that grow. */
import { type Comparison, compare, range } from 'allcores';
import { heading } from './table.ts';

export async function squares({ full }: { full: boolean }): Promise<Comparison> {
  console.log(heading('1. x ** 2 over a list of numbers'));
  const sizes = Array.from({ length: full ? 8 : 6 }, (_, i) => 10 ** (i + 1));
  const settings = {
    title: 'x ** 2',
    unit: 'numbers',
    sizes,
    methods: ['loop', 'new Pool', 'Pool.map', 'map'],
    repetitions: full ? 3 : 7,
    maxSeconds: 2,
  } as const;
  const largest = sizes.at(-1)!;
  // Two arrays of 1e8 results do not fit on V8's heap; typed arrays stand beside it.
  const comparison = full
    ? await compare((x: number) => x ** 2, Float64Array.from(range(largest)), settings)
    : await compare((x: number) => x ** 2, range(largest), settings);
  console.log(String(comparison));
  return comparison;
}
