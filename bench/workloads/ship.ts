/** What it costs to ship a function: a map over one item, less a bare round trip. Informational. */
import { map, Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const TIMES = 100;

export const ship: Workload = {
  name: 'ship',
  what: `map([1], an arrow with one capture) less a bare round trip, mean of ${TIMES}`,
  unit: 'µs',
  baseline: 'bare round trip',
  bars: [],
  turns: 20,
  quickTurns: 0,
  async setUp() {
    const pool = await new Pool(2).ready();
    const bare = await BareWorkers.start(1, (x: number) => x + 1);
    const meanUs = async (work: (k: number) => Promise<unknown>) =>
      (1000 *
        (await msOf(async () => {
          for (let k = 0; k < TIMES; k++) await work(k);
        }))) /
      TIMES;
    const tripUs = () => meanUs((k) => bare.send([k]));
    const contenders = {
      'allcores, less round trip': async () => {
        const mapUs = await meanUs(async (k) => mustBe('ship', (await map([1], (x) => x + k, { pool }))[0] === 1 + k));
        return mapUs - (await tripUs());
      },
      'bare round trip': tripUs,
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
