/** x ** 2 over lists from ten numbers to ten million: the smallest work there is, which must not pay for help. */
import { map, Pool, shutdown } from 'allcores';
import pMap from 'p-map';
import { BareWorkers, shares } from '../bare-workers.ts';
import { loops, meanOf } from '../loops.ts';
import { BEST_BY_HAND, like, Peers, WORKERS } from '../peers/peers.ts';
import { ofPython, startPython } from '../peers/python.ts';
import { onWorkers } from '../this-build.ts';
import { msOf, type Workload, warmUp } from '../workload.ts';

const square = (x: number) => x ** 2;
/** A function that no call has seen. */
const freshSquare = () => (x: number) => x ** 2;
/** One item in each message: beyond this many it takes seconds. */
const MOST_PER_ITEM = 1e4;
/** The sizes of small lists that --quick measures. */
const QUICK: readonly number[] = [10, 1e3, 1e5];

function small(length: number): Workload {
  const name = `squares${length}`;
  return {
    name,
    what: `x ** 2 over ${length.toLocaleString('en-US')} numbers`,
    unit: 'ms',
    baseline: 'xs.map',
    bars: [
      { contender: 'allcores, warm', of: 'ratio', atMost: 1.1, plus: 0.3 },
      { contender: 'allcores, cold', of: 'ratio', atMost: 1.1, plus: 0.3 },
    ],
    turns: 12,
    quickTurns: QUICK.includes(length) ? 6 : 0,
    async setUp(effort) {
      const xs = Array.from({ length }, (_, x) => x);
      const check = like(name, xs.map(square));
      // What takes microseconds is done often enough for the clock.
      const times = length <= 1e3 ? 20 : length <= 1e4 ? 10 : 3;
      const peers = effort.quick ? undefined : new Peers();
      const bare = await startBare();
      const python = await startPython(effort, ['loop', 'Pool', 'joblib'], { workload: 'squares', n: length });
      const plain = loops(xs, square, check, times);
      const contenders = {
        'allcores, warm': meanOf(times, async () => check(await map(xs, square))),
        // A pool of its own, whose workers start at this call.
        'allcores, cold': async () => {
          const pool = new Pool();
          const fn = freshSquare();
          const tookMs = await msOf(async () => check(await pool.map(fn, xs)));
          await pool.close();
          return tookMs;
        },
        ...plain,
        'p-map': meanOf(length <= 1e3 ? times : 1, async () => check(await pMap(xs, square, { concurrency: WORKERS }))),
        'bare workers': () => msOf(async () => check((await bare.send(shares(xs, WORKERS))).flat())),
        ...peers?.byHand('square', xs, check, 1),
        ...(length <= MOST_PER_ITEM ? peers?.perItem('square', xs, check) : {}),
        ...python.contenders,
      };
      // Compiled before it counts: who is measured beside the loop is measured beside the quick one.
      for (let round = 0; round < 10; round++) await warmUp(plain);
      await warmUp(contenders);
      return {
        contenders,
        absent: python.absent,
        tearDown: async () => {
          await Promise.all([shutdown(), bare.close(), peers?.close(), python.close()]);
        },
      };
    },
  };
}

function large(length: number, timesAsFast: number, turns: number, more: Workload['bars'] = []): Workload {
  const name = `squares${length.toExponential().replace('e+', 'e')}`;
  return {
    name,
    what: `x ** 2 over an array of ${length.toLocaleString('en-US')} numbers, warm`,
    unit: 'ms',
    baseline: 'xs.map',
    bars: [{ contender: 'allcores', of: 'speed', atLeast: timesAsFast }, ...more],
    turns,
    quickTurns: 6,
    async setUp(effort) {
      const xs = Array.from({ length }, (_, x) => x);
      const check = like(name, xs.map(square));
      const peers = effort.quick ? undefined : new Peers();
      const bare = effort.quick ? undefined : await startBare();
      const python = await startPython(effort, ['loop', 'Pool', 'joblib'], { workload: 'squares', n: length });
      const contenders = {
        allcores: () => msOf(async () => check(await map(xs, square))),
        ...(effort.quick ? {} : { 'allcores, on workers': () => msOf(async () => check(await map(xs, square, onWorkers))) }),
        ...loops(xs, square, check),
        ...(bare && {
          'bare workers': () =>
            msOf(async () => check(([] as unknown[]).concat(...((await bare.send(shares(xs, WORKERS))) as unknown[][])))),
        }),
        ...peers?.byHand('square', xs, check),
        ...python.contenders,
      };
      await warmUp(contenders);
      return {
        contenders,
        absent: python.absent,
        tearDown: async () => {
          await Promise.all([shutdown(), bare?.close(), peers?.close(), python.close()]);
        },
      };
    },
  };
}

/** By `map`: an array made by `new Array(n)` takes the cloner ten times as long. */
function startBare(): Promise<BareWorkers> {
  return BareWorkers.start(WORKERS, (share: number[]) => share.map((x) => x ** 2));
}

export const squares: readonly Workload[] = [
  ...[10, 1e2, 1e3, 1e4, 1e5].map(small),
  large(1e6, 2, 12),
  large(1e7, 3.5, 9, [
    { contender: 'allcores', of: 'ratio', atMost: 1, to: 'pre-sized' },
    { contender: 'allcores', of: 'speed', atLeast: 6, to: BEST_BY_HAND },
    { contender: 'allcores', of: 'speed', atLeast: 8, to: ofPython('Pool') },
  ]),
];
