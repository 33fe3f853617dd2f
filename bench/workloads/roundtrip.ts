/** A lone call on a warm pool: the least that any call costs. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const TRIPS = 100;

export const roundtrip: Workload = {
  name: 'roundtrip',
  what: `pool.apply((x) => x + 1, [1]) on a warm pool, mean of ${TRIPS} one after the other`,
  unit: 'µs',
  baseline: 'bare echo',
  bars: [],
  turns: 30,
  quickTurns: 7,
  async setUp() {
    const pool = await new Pool(2).ready();
    const bare = await BareWorkers.start(1, (x: number) => x + 1);
    const kept = (x: number) => x + 1;
    const meanUs = async (trip: (x: number) => Promise<unknown>) => {
      const tookMs = await msOf(async () => {
        for (let x = 0; x < TRIPS; x++) mustBe('roundtrip', (await trip(x)) === x + 1);
      });
      return (1000 * tookMs) / TRIPS;
    };
    const contenders = {
      'allcores, new arrow': () => meanUs((x) => pool.apply((y: number) => y + 1, [x])),
      'allcores, kept arrow': () => meanUs((x) => pool.apply(kept, [x])),
      'bare echo': () => meanUs(async (x) => (await bare.send([x]))[0]),
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
