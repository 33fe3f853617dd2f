/** Types of Parallel, mapReduce, perWorker, context and their options: compiled, never run. A line that must not compile says so. */
import {
  context,
  type DelayedCall,
  delayed,
  map,
  mapReduce,
  Parallel,
  type ParallelRunner,
  type PerWorker,
  Pool,
  parallelConfig,
  perWorker,
  range,
} from '../../src/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<Expected>() {
  return <Actual>(_value: Actual, ..._proof: Equal<Actual, Expected> extends true ? [] : [expected: Expected, got: Actual]): void => {};
}

declare const words: string[];
declare function train(trees: number, depth: number): number;
declare function load(path: string): Promise<{ rows: number }>;
declare function optional(a: number, b?: string): boolean;
declare const params: [number, number][];
declare const pool: Pool;
declare function numbers(): AsyncGenerator<number>;

// delayed keeps the parameters of its function.
expectType<DelayedCall<number>>()(delayed(train)(100, 4));
expectType<DelayedCall<Promise<{ rows: number }>>>()(delayed(load)('a'));
delayed(optional)(1);
delayed(optional)(1, 'b');
delayed(Math.max)(1, 2, 3);
delayed(() => 1)();
// @ts-expect-error a text for a number
delayed(train)('100', 4);
// @ts-expect-error an argument is missing
delayed(train)(100);
// @ts-expect-error one argument too many
delayed(train)(100, 4, 5);
// @ts-expect-error it has been called already
delayed(train(100, 4));
// @ts-expect-error no function
delayed(5);

// Lists, tuples and inputs of other kinds.
expectType<number[]>()(await Parallel()(params.map(([n, depth]) => delayed(train)(n, depth))));
expectType<number[]>()(await Parallel({ nJobs: 2 })(range(10).map((i) => delayed(Math.sqrt)(i ** 2))));
expectType<{ rows: number }[]>()(await Parallel()(words.map((word) => delayed(load)(word))));
expectType<[number, { rows: number }, boolean]>()(await Parallel()([delayed(train)(1, 2), delayed(load)('a'), delayed(optional)(1)]));
expectType<[number, string]>()(await Parallel()([Promise.resolve(delayed(train)(1, 2)), delayed(() => 'x')()]));
expectType<[]>()(await Parallel()([]));
function* calls() {
  for (const word of words) yield delayed(load)(word);
}
async function* later() {
  for (const word of words) yield delayed((w: string) => w.length)(word);
}
expectType<{ rows: number }[]>()(await Parallel()(calls()));
expectType<number[]>()(await Parallel()(later()));
expectType<number[]>()(await Parallel()(new Set([delayed(train)(1, 2)])));
declare const either: (DelayedCall<number> | DelayedCall<string>)[];
expectType<(number | string)[]>()(await Parallel()(either));
// @ts-expect-error results in place of calls
await Parallel()([train(1, 2)]);
// @ts-expect-error what delayed gives must be called, too
await Parallel()([delayed(train)]);
// @ts-expect-error one call in place of a list
await Parallel()(delayed(train)(1, 2));
// @ts-expect-error no calls
await Parallel()();
// @ts-expect-error a function and items are for map
await Parallel()(words, (word: string) => word);

// returnAs decides between a promise and a stream.
expectType<number[]>()(await Parallel({ returnAs: 'array' })(later()));
for await (const n of Parallel({ returnAs: 'generator' })(later())) expectType<number>()(n);
for await (const n of Parallel({ returnAs: 'generatorUnordered' })([delayed(train)(1, 2), delayed(() => 'x')()]))
  expectType<number | string>()(n);
{
  await using runner = Parallel({ returnAs: 'generator' });
  expectType<ParallelRunner<'generator'>>()(runner);
  await using results = runner(later());
  expectType<IteratorResult<number>>()(await results.next());
}
// @ts-expect-error a stream is no promise of an array
const wrong: number[] = await Parallel({ returnAs: 'generator' })(later());
// @ts-expect-error no such kind
Parallel({ returnAs: 'list' });

// Options, right and wrong.
Parallel({ nJobs: -1, batchSize: 'auto', preDispatch: '2 * nJobs', verbose: true, concurrency: 8, maxInFlightBytes: 1e6 });
Parallel({ preDispatch: 'all', batchSize: 10, progress: { label: 'x', total: 5 }, logs: 'prefix', signal: new AbortController().signal });
Parallel({ pool, onMessage: (text: string, { index, worker }) => console.log(text, index.toFixed(), worker.trim()) });
Parallel({ logs: (line, { stream, worker, index }) => console.log(line.length, stream === 'stdout', worker, index) });
Parallel(undefined);
// @ts-expect-error Joblib's spelling
Parallel({ n_jobs: 2 });
// @ts-expect-error of another door
Parallel({ workers: 2 });
// @ts-expect-error of another door
Parallel({ chunkSize: 2 });
// @ts-expect-error a text is not a number
Parallel({ nJobs: '2' });
// @ts-expect-error no such backend
Parallel({ backend: 'loky' });
// @ts-expect-error no rule
Parallel({ logs: 'quiet' });

expectType<Promise<number[]>>()(parallelConfig({ nJobs: 2 }, () => map(words, (word) => word.length)));
expectType<5>()(parallelConfig({ pool, verbose: 0 }, () => 5 as const));
// @ts-expect-error of another door
parallelConfig({ workers: 2 }, () => 0);
// @ts-expect-error no function
parallelConfig({ nJobs: 2 });

// mapReduce, from fn and combine or as a fold.
expectType<number>()(
  await mapReduce(
    words,
    (word) => word.length,
    (a, b) => a + b,
  ),
);
expectType<number>()(
  await mapReduce(
    words,
    async (word, i) => word.length + i,
    (a, b) => a + b,
    { initial: 0, workers: 2 },
  ),
);
expectType<string>()(
  await mapReduce(
    range(10),
    (x) => `${x}`,
    (a, b) => a + b,
  ),
);
expectType<number>()(await mapReduce(new Float64Array(3), (x) => x, Math.max));
expectType<Map<string, number>>()(
  await mapReduce(words, {
    initial: () => new Map<string, number>(),
    step: (counts, word) => counts.set(word, (counts.get(word) ?? 0) + 1),
    combine: (a, b) => new Map([...a, ...b]),
  }),
);
expectType<number[]>()(
  await mapReduce(numbers(), {
    initial: [] as number[],
    step: async (all, n, index) => [...all, n + index],
    combine: (a, b) => a.concat(b),
  }),
);
const length = (word: string) => word.length;
const add = (a: number, b: number) => a + b;
// @ts-expect-error combine is missing
await mapReduce(words, length);
// @ts-expect-error combine of another type
await mapReduce(words, length, (a: string, b: string) => a + b);
// @ts-expect-error the initial value is of another type
await mapReduce(words, length, add, { initial: 'x' });
// @ts-expect-error combine must not be async
await mapReduce(words, length, async (a: number, b: number) => a + b);
// @ts-expect-error step is missing
await mapReduce(words, { initial: 0, combine: add });
// @ts-expect-error of another door
await mapReduce(words, length, add, { nJobs: 2 });
// @ts-expect-error the fold has its initial value already
await mapReduce(words, { initial: 0, step: (n, word) => n + word.length, combine: add }, add);

// perWorker gives what make gives; dispose gets it awaited.
const model = perWorker(() => ({ predict: (x: number) => x > 1 }));
expectType<PerWorker<{ predict: (x: number) => boolean }>>()(model);
expectType<boolean[]>()(await map([1, 2], (x) => model.get().predict(x)));
const db = perWorker(async () => ({ query: (id: number) => [id], end: () => {} }), { dispose: (connection) => connection.end() });
expectType<number[][]>()(await map([1, 2], async (id) => (await db.get()).query(id)));
// @ts-expect-error a promise has no query
await map([1], (id) => db.get().query(id));
// @ts-expect-error no function
perWorker(5);
// @ts-expect-error no such option
perWorker(() => 5, { close: () => {} });
// @ts-expect-error dispose gets a number
perWorker(() => 5, { dispose: (text: string) => text });

// context.
expectType<number>()(context.index);
expectType<string>()(context.workerId);
expectType<boolean>()(context.isWorker);
expectType<void>()(context.emit({ any: 'value' }));
// @ts-expect-error it is read only
context.index = 5;

// Pools.
new Pool({ workers: 2, setup: async () => {}, logs: 'ignore' });
new Pool({ setup: './setup.mjs' });
new Pool({ setup: new URL('file:///setup.mjs') });
new Pool({ initializer: (url: string, port: number) => `${url}:${port}`, initargs: ['x', 5] });
// @ts-expect-error initargs are a list
new Pool({ initializer: (url: string) => url, initargs: 'x' });
// @ts-expect-error a setup takes no arguments
new Pool({ setup: (url: string) => url });
// @ts-expect-error of another door
new Pool({ nJobs: 2 });
// @ts-expect-error setup is for new Pool
await map(words, (word) => word, { setup: () => {} });
await map(words, (word) => word, { onMessage: (value: { done: number }, from) => value.done + from.index, logs: 'prefix', progress: true });
// @ts-expect-error no such setting
await map(words, (word) => word, { progress: { colour: 'red' } });

export { wrong };
