/** Types as users meet them: compiled, never run. A line that must not compile says so with @ts-expect-error. */
import { map, mapBatches, mapSettled, mapStream, Pool, range, run } from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>() {
  return <Actual>(_value: Actual, ..._proof: Equal<Actual, Expected> extends true ? [] : [expected: Expected, got: Actual]): void => {};
}

declare const words: string[];
declare const counts: Int32Array;
declare const pixels: Uint8Array;
declare const floats: Float32Array;
declare const bigs: BigInt64Array;
declare const promises: Promise<number>[];
declare const rows: ReadonlyMap<string, { readonly n: number }>;
declare function pages(): AsyncGenerator<{ url: string }>;
declare const either: string[] | Set<string>;

// map infers everything.
expectType<number[]>()(await map(words, (x) => x.length));
expectType<number[]>()(await map(words, async (x, i) => x.length + i));
expectType<number[]>()(await map(range(10), (x) => x * 2));
expectType<string[]>()(await map(promises, (x) => x.toFixed(1)));
expectType<number[]>()(await map(rows, ([key, row]) => key.length + row.n));
expectType<string[]>()(await map(pages(), (page) => page.url));
expectType<number[]>()(await map(either, (x) => x.length));
expectType<{ a: string }[]>()(await map(words, (a) => ({ a })));
expectType<number[]>()(await map(words, parseInt));
const sameAsArrayMap = words.map((x) => (x ? 1 : undefined));
expectType<typeof sameAsArrayMap>()(await map(words, (x) => (x ? 1 : undefined)));

// Typed arrays give typed arrays.
expectType<Float64Array>()(await map(counts, (x) => x / 2));
expectType<Float64Array>()(await map(pixels, (p) => p / 255));
expectType<Float32Array>()(await map(floats, async (x) => x / 2));
expectType<BigInt64Array>()(await map(bigs, (x) => x * 2n));
// @ts-expect-error a typed array holds numbers: pass Array.from(pixels) for other results
await map(pixels, (p) => `${p}`);
// @ts-expect-error a BigInt64Array holds bigints
await map(bigs, (x) => Number(x));

expectType<PromiseSettledResult<number>[]>()(await mapSettled(words, (x) => x.length));
for await (const n of mapStream(words, (x) => x.length, { ordered: false })) expectType<number>()(n);
expectType<number[]>()(await mapBatches(words, 2, (batch, first) => batch.length + first));
expectType<number[]>()(await mapBatches(floats, 2, (batch) => batch.subarray(1).length));
expectType<number>()(await run((a: number, b: string) => a + b.length, [1, 'x']));
expectType<string>()(await run(async () => 'x'));
// @ts-expect-error the second argument is a string
await run((a: number, b: string) => a + b.length, [1, 2]);
// @ts-expect-error one argument is missing
await run((a: number, b: string) => a + b.length, [1]);

// @ts-expect-error swapped arguments
await map((x: number) => x, [1, 2]);
// @ts-expect-error a number is not iterable
await map(5, (x) => x);
// @ts-expect-error the function takes strings
await map([1, 2], (x: string) => x);
// @ts-expect-error an option of another library
await map(words, (x) => x, { processes: 4 });
// @ts-expect-error a text is not a number
await map(words, (x) => x, { workers: '4' });
// @ts-expect-error the result is number[]
const wrong: string[] = await map(words, (x) => x.length);

const pool = new Pool(4);
expectType<number[]>()(await pool.map((x) => x.length, words));
expectType<number[]>()(await pool.map((x) => x * 2, [1, 2, 3], 10));
expectType<Float32Array>()(await pool.map((x) => x * 2, floats, { chunkSize: 10 }));
expectType<string>()(await pool.apply((a: number, b: number) => `${a}${b}`, [1, 2]));
for await (const n of pool.imap((x) => x.length, words)) expectType<number>()(n);
for await (const n of pool.imapUnordered(async (x) => x.length, words)) expectType<number>()(n);
// @ts-expect-error swapped arguments
await pool.map(words, (x: string) => x);

// The article's own listing: hyperparams is a variable of type number[][].
function modelRunner(nEstimators: number, maxDepth: number): number {
  return nEstimators * maxDepth;
}
const hyperparams = [
  [100, 4],
  [150, 5],
  [200, 6],
  [300, 4],
];
expectType<number[]>()(await pool.starmap(modelRunner, hyperparams));
expectType<number[]>()(
  await pool.starmap(modelRunner, [
    [100, 4],
    [150, 5],
  ]),
);
declare const named: [string, number][];
declare const texts: string[][];
declare const mixed: (string | number)[][];
expectType<string[]>()(await pool.starmap((name: string, n: number) => name.repeat(n), named));
expectType<string[]>()(await pool.starmap((name: string, n?: number) => name.repeat(n ?? 2), [['a', 1], ['b']]));
expectType<number[]>()(await pool.starmap(Math.max, hyperparams));
expectType<number[]>()(await pool.starmap(async (a: number, b: number) => a + b, hyperparams.values()));
// @ts-expect-error texts for numbers
await pool.starmap(modelRunner, texts);
// @ts-expect-error perhaps texts for numbers
await pool.starmap(modelRunner, mixed);
// @ts-expect-error the other way round
await pool.starmap((name: string, n: number) => name.repeat(n), [[1, 'a']]);
// @ts-expect-error an argument is missing
await pool.starmap(modelRunner, [[100]]);
// As everywhere in the language, a function may take fewer arguments than it gets.
expectType<number[]>()(await pool.starmap(modelRunner, [[100, 4, 5]]));
// Parameters without types get those of the lists.
expectType<number[]>()(await pool.starmap((a, b) => a * b, [[1, 2]]));
expectType<string[]>()(await pool.starmap((name, n) => name.repeat(n), named));
// @ts-expect-error not lists of arguments
await pool.starmap(modelRunner, [1, 2]);
// @ts-expect-error pool.map gives the item only
await pool.map((x: number, i: number) => x + i, [1, 2]);

export { wrong };
