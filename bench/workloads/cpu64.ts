/** CPU-bound tasks on warm workers, alike and very unlike: what scheduling costs when there is real work. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { loops } from '../loops.ts';
import { like, Peers, WORKERS } from '../peers/peers.ts';
import { startPython } from '../peers/python.ts';
import { calibrate, spin } from '../spin.ts';
import { type Contest, type Effort, msOf, type Workload, warmUp } from '../workload.ts';

/** So many tasks of so many milliseconds, one kind after the other. */
type Part = readonly [count: number, ms: number];

function spinning(name: string, what: string, atLeast: number, parts: readonly Part[]): Workload {
  return {
    name,
    what: `${what}, ${WORKERS} warm workers`,
    unit: 'ms',
    baseline: 'bare workers, perfect split',
    bars: [{ contender: 'allcores', of: 'speed', atLeast }],
    turns: 15,
    quickTurns: 7,
    setUp: (effort) => contestOf(name, parts, effort),
  };
}

async function contestOf(name: string, parts: readonly Part[], effort: Effort): Promise<Contest> {
  // The same function everywhere, and no captures: each task's iterations are its item.
  const items = parts.flatMap(([count, ms]) => new Array<number>(count).fill(calibrate(ms)));
  const check = like(name, items.map(spin));
  const pool = await new Pool(WORKERS).ready();
  const bare = await BareWorkers.start(WORKERS, (share: number[]) => share.map((item) => spin(item)), `const spin = ${spin.toString()};`);
  const peers = effort.quick ? undefined : new Peers();
  const python = await startPython(effort, ['loop', 'Pool', 'joblib'], { workload: 'spins', parts });
  // Nobody knows beforehand how long tasks take; who did would deal them out like this.
  const dealt = Array.from({ length: WORKERS }, (_, worker) => items.filter((_, i) => i % WORKERS === worker));
  const contenders = {
    allcores: () => msOf(async () => check(await pool.map(spin, items))),
    'bare workers, perfect split': () =>
      msOf(async () => {
        const answers = (await bare.send(dealt)) as number[][];
        check(items.map((_, i) => answers[i % WORKERS]![Math.floor(i / WORKERS)]!));
      }),
    ...(!effort.quick && { push: loops(items, spin, check).push }),
    ...peers?.perItem('spin', items, check),
    ...python.contenders,
  };
  await warmUp(contenders);
  return {
    contenders,
    absent: python.absent,
    tearDown: async () => {
      await Promise.all([pool.close(), bare.close(), peers?.close(), python.close()]);
    },
  };
}

export const cpu64 = spinning('cpu64', '64 CPU-bound tasks of 5 ms', 0.985, [[64, 5]]);
export const skewFirst = spinning('skewFirst', '100 tasks of 5 ms, then 700 of 5 µs', 0.95, [
  [100, 5],
  [700, 0.005],
]);
export const skewLast = spinning('skewLast', '20,000 tasks of 1 µs, then 40 of 13 ms', 0.95, [
  [20_000, 0.001],
  [40, 13],
]);
