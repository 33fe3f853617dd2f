/** Tasks that wait: several side by side in each worker. */
import { Pool } from 'allcores';
import pMap from 'p-map';
import { msOf, mustBe, type Workload } from '../workload.ts';

const TASKS = 50;
const WAIT_MS = 50;

const wait = async ({ x, waitMs }: { x: number; waitMs: number }): Promise<number> => {
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  return x;
};

export const async50: Workload = {
  name: 'async50',
  what: `${TASKS} awaits of ${WAIT_MS} ms, 2 warm workers, concurrency ${TASKS}`,
  unit: 'ms',
  baseline: 'Promise.all',
  bars: [{ contender: 'allcores', of: 'figure', atMost: 150 }],
  turns: 20,
  quickTurns: 0,
  async setUp() {
    const items = Array.from({ length: TASKS }, (_, x) => ({ x, waitMs: WAIT_MS }));
    const pool = await new Pool(2).ready();
    const check = (results: readonly number[]) =>
      mustBe(
        'async50',
        items.every(({ x }) => results[x] === x),
      );
    const contenders = {
      allcores: () => msOf(async () => check(await pool.map(wait, items, { concurrency: TASKS }))),
      'p-map': () => msOf(async () => check(await pMap(items, wait, { concurrency: TASKS }))),
      'Promise.all': () => msOf(async () => check(await Promise.all(items.map(wait)))),
    };
    await contenders.allcores();
    return { contenders, tearDown: () => pool.close() };
  },
};
