/** Workers started for one call: what the start and the end of a pool cost. */
import { Pool } from 'allcores';
import { nextMessage, startBare } from '../bare-workers.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const WORKERS = 8;
const SLEEP_MS = 500;

/** Blocks its thread, and needs no core meanwhile. */
const sleepAndSquare = ({ x, sleepMs }: { x: number; sleepMs: number }): number => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return x ** 2;
};

const BARE = `parentPort.postMessage((${sleepAndSquare.toString()})(workerData));`;

export const sleep8cold: Workload = {
  name: 'sleep8cold',
  what: `${WORKERS} blocking sleeps of ${SLEEP_MS} ms on ${WORKERS} workers, start and close included`,
  unit: 'ms',
  baseline: 'bare workers',
  bars: [{ contender: 'allcores', of: 'ratio', atMost: 1.06 }],
  turns: 12,
  quickTurns: 6,
  async setUp() {
    const items = Array.from({ length: WORKERS }, (_, x) => ({ x, sleepMs: SLEEP_MS }));
    const check = (results: readonly unknown[]) =>
      mustBe(
        'sleep8cold',
        items.every(({ x }) => results[x] === x ** 2),
      );
    const contenders = {
      allcores: () =>
        msOf(async () => {
          await using pool = new Pool(WORKERS);
          check(await pool.map(sleepAndSquare, items));
        }),
      'bare workers': () =>
        msOf(async () => {
          const workers = items.map((item) => startBare(BARE, item));
          check(await Promise.all(workers.map(nextMessage)));
          await Promise.all(workers.map((worker) => worker.terminate()));
        }),
    };
    return { contenders, tearDown: async () => {} };
  },
};
