/** CPU-bound tasks on warm workers: what scheduling costs when there is real work. */
import { Pool } from 'allcores';
import { BareWorkers, shares } from '../bare-workers.ts';
import { calibrate, spin } from '../machine.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const TASKS = 64;
const TASK_MS = 5;
const WORKERS = 2;

export const cpu64: Workload = {
  name: 'cpu64',
  what: `${TASKS} CPU-bound tasks of ${TASK_MS} ms on ${WORKERS} warm workers`,
  unit: 'ms',
  baseline: 'bare workers',
  bars: [{ contender: 'allcores', of: 'ratio', atMost: 1.03 }],
  turns: 30,
  quickTurns: 7,
  async setUp() {
    // The same function on both sides, and no captures: each task's iterations are its item.
    const items = new Array<number>(TASKS).fill(calibrate(TASK_MS));
    const expected = spin(items[0]!);
    const pool = await new Pool(WORKERS).ready();
    const bare = await BareWorkers.start(WORKERS, (share: number[]) => share.map((item) => spin(item)), `const spin = ${spin.toString()};`);
    const check = (results: readonly unknown[]) =>
      mustBe('cpu64', results.length === TASKS && results.every((result) => result === expected));
    const contenders = {
      allcores: () => msOf(async () => check(await pool.map(spin, items))),
      'bare workers': () => msOf(async () => check((await bare.send(shares(items, WORKERS))).flat())),
    };
    for (const warmUp of Object.values(contenders)) await warmUp();
    return {
      contenders,
      tearDown: async () => {
        await Promise.all([pool.close(), bare.close()]);
      },
    };
  },
};
