/** A lone call on a warm pool: the least that any call costs. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { Peers } from '../peers/peers.ts';
import { summarize } from '../statistics.ts';
import { onWorkers } from '../this-build.ts';
import { mustBe, type Workload, warmUp } from '../workload.ts';

const TRIPS = 100;

export const roundtrip: Workload = {
  name: 'roundtrip',
  what: `pool.apply((x) => x + 1, [1]) on a warm pool, the median of ${TRIPS} one after the other`,
  unit: 'µs',
  baseline: 'bare echo',
  bars: [
    { contender: 'allcores, no captures', of: 'ratio', atMost: 1, plus: 30 },
    { contender: 'allcores, captures', of: 'ratio', atMost: 1, plus: 150 },
  ],
  turns: 30,
  quickTurns: 7,
  async setUp({ quick }) {
    const pool = await new Pool(2).ready();
    const bare = await BareWorkers.start(1, (x: number) => x + 1);
    const peers = new Peers(quick ? [] : undefined);
    const medianUs = async (trip: (x: number) => Promise<unknown>) => {
      const tripsUs: number[] = [];
      for (let x = 0; x < TRIPS; x++) {
        const startedAt = performance.now();
        const answer = await trip(x);
        tripsUs.push(1000 * (performance.now() - startedAt));
        mustBe('roundtrip', answer === x + 1);
      }
      return summarize(tripsUs).median;
    };
    const kept = (x: number) => x + 1;
    const contenders = {
      'allcores, no captures': () => medianUs((x) => pool.apply(kept, [x], onWorkers)),
      // A closure of its own for each call, with another value in it.
      'allcores, captures': () => medianUs((x) => pool.apply((y: number) => y + x, [1], onWorkers)),
      'bare echo': () => medianUs(async (x) => (await bare.send([x]))[0]),
      ...peers.trips(medianUs),
    };
    await warmUp(contenders);
    return {
      contenders,
      tearDown: async () => {
        await Promise.all([pool.close(), bare.close(), peers.close()]);
      },
    };
  },
};
