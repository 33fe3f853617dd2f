/** A formula over a typed array of ten million numbers: enough work to gain from two cores, if the numbers get there. */
import { map, shutdown } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { like, Peers, WORKERS } from '../peers/peers.ts';
import { NOT_THERE_YET, share } from '../this-build.ts';
import { msOf, type Workload, warmUp } from '../workload.ts';

const LENGTH = 1e7;

const damped = (x: number) => Math.sin(x) * Math.exp(-x);

export const sinexp: Workload = {
  name: 'sinexp',
  what: `Math.sin(x) * Math.exp(-x) over a Float64Array of ${LENGTH.toLocaleString('en-US')}, warm`,
  unit: 'ms',
  baseline: 'xs.map',
  bars: [
    { contender: 'allcores', of: 'speed', atLeast: 1.75 },
    { contender: 'allcores, share()', of: 'speed', atLeast: 2 },
  ],
  turns: 9,
  quickTurns: 6,
  async setUp({ quick }) {
    const xs = Float64Array.from({ length: LENGTH }, (_, i) => (i % 1000) / 100);
    const check = like('sinexp', xs.map(damped));
    const shared = share?.(xs);
    const peers = quick ? undefined : new Peers();
    const bare = quick
      ? undefined
      : await BareWorkers.start(WORKERS, (part: Float64Array) => {
          const results = new Float64Array(part.length);
          for (let i = 0; i < part.length; i++) results[i] = Math.sin(part[i]!) * Math.exp(-part[i]!);
          return results;
        });
    const half = LENGTH / WORKERS;
    const contenders = {
      allcores: () => msOf(async () => check(await map(xs, damped))),
      ...(shared && { 'allcores, share()': () => msOf(async () => check(await map(shared, damped))) }),
      'xs.map': () => msOf(() => check(xs.map((x) => Math.sin(x) * Math.exp(-x)))),
      ...(!quick && {
        'pre-sized': () =>
          msOf(() => {
            const results = new Float64Array(LENGTH);
            for (let i = 0; i < LENGTH; i++) results[i] = damped(xs[i]!);
            check(results);
          }),
      }),
      ...(bare && {
        'bare workers': () =>
          msOf(async () => {
            const all = new Float64Array(LENGTH);
            const parts = (await bare.send([xs.slice(0, half), xs.slice(half)])) as Float64Array[];
            for (const [i, part] of parts.entries()) all.set(part, i * half);
            check(all);
          }),
      }),
      ...peers?.moved('damped', xs, check),
    };
    await warmUp(contenders);
    return {
      contenders,
      absent: shared ? {} : { 'allcores, share()': NOT_THERE_YET },
      tearDown: async () => {
        await Promise.all([shutdown(), bare?.close(), peers?.close()]);
      },
    };
  },
};
