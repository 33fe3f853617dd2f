/** Types of `compare` as users meet them: compiled, never run. A line that must not compile says so with @ts-expect-error. */
import { type Comparison, compare, comparisonPage, type Method, range } from '../../src/index.ts';

declare const words: readonly string[];
declare const bigs: BigInt64Array;

// The item's type comes from the items.
const comparison: Comparison = await compare((word) => word.length, words);
await compare(async (n) => n * 2, range(10), { sizes: [1, 10], methods: ['loop', 'map'] });
await compare((n) => n * 2n, bigs);
await compare((pair) => pair[0] + pair[1].length, [[1, 'a']] satisfies [number, string][]);
// @ts-expect-error a function of numbers over words
await compare((n: number) => n + 1, words);
// @ts-expect-error results of a BigInt64Array are bigints
await compare((n) => Number(n), bigs);
// @ts-expect-error a Set has no beginning to run over
await compare((n: number) => n, new Set([1]));
// @ts-expect-error no such method
await compare((word) => word.length, words, { methods: ['joblib'] });
// @ts-expect-error no such option
await compare((word) => word.length, words, { chunkSize: 1 });

// A method of one's own knows what it is given and what it must give.
await compare((word) => word.length, words, {
  methods: ['loop', { name: 'mine', run: async (fn, items) => items.map((word) => fn(word)), close: () => {} }],
});
const mine: Method<string, number> = { name: 'mine', run: (fn, items) => items.map(fn) };
await compare((word) => word.length, words, { methods: [mine] });
// @ts-expect-error texts for numbers
await compare((word) => word.length, words, { methods: [{ name: 'mine', run: () => ['a'] }] });

const breakEven: number | undefined = comparison.breakEven;
const speedUp: number | undefined = comparison.rows[0]?.speedUp;
const page: string = await comparisonPage([comparison, comparison.toJSON()], { title: 'Both' });

export { breakEven, page, speedUp };
