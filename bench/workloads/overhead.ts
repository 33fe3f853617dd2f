/** Empty tasks: what each one costs beside its own work. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const TASKS = 10_000;
const DEPTH = 8;

const empty = (x: number) => x;

export const overhead: Workload = {
  name: 'overhead',
  what: `${TASKS} empty tasks on 2 warm workers`,
  unit: 'µs per task',
  baseline: `bare echo, ${DEPTH} deep`,
  bars: [],
  turns: 20,
  quickTurns: 7,
  async setUp() {
    const items = Array.from({ length: TASKS }, (_, x) => x);
    const pool = await new Pool(2).ready();
    const bare = await BareWorkers.start(1, empty);
    const perTaskUs = async (work: () => Promise<readonly unknown[]> | readonly unknown[]) => {
      const tookMs = await msOf(async () => mustBe('overhead', (await work()).at(-1) === TASKS - 1));
      return (1000 * tookMs) / TASKS;
    };
    const contenders = {
      'allcores, chunkSize 1': () => perTaskUs(() => pool.map(empty, items, 1)),
      'allcores, auto': () => perTaskUs(() => pool.map(empty, items)),
      loop: () =>
        perTaskUs(() => {
          const results: number[] = [];
          for (const x of items) results.push(empty(x));
          return results;
        }),
      [`bare echo, ${DEPTH} deep`]: () => perTaskUs(() => bare.streamToOne(items, DEPTH)),
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
