/** Large items and hardly any work: what transport alone can carry. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { Peers, WORKERS } from '../peers/peers.ts';
import { startPython } from '../peers/python.ts';
import { NOT_THERE_YET, onWorkers, share, transfer } from '../this-build.ts';
import { type Contender, msOf, mustBe, type Workload, warmUp } from '../workload.ts';

const ARRAYS = 20;
const LENGTH = 1e6;
const BYTES = ARRAYS * 8 * LENGTH;
/** What is free of copies takes no time that grows with the bytes; a copy at the speed of memory would be well below this. */
const NO_COPY = 25;

const lengthOf = (array: Float64Array) => array.length;

export const payload: Workload = {
  name: 'payload',
  what: `${ARRAYS} arrays of 8 MB as items, a task gives back the length, ${WORKERS} warm workers`,
  unit: 'GB/s',
  baseline: 'bare workers',
  bars: [
    { contender: 'allcores, cloned', of: 'rate', atLeast: 1.4 },
    { contender: 'allcores, shared', of: 'rate', atLeast: NO_COPY },
    { contender: 'allcores, transferred', of: 'rate', atLeast: NO_COPY },
  ],
  turns: 12,
  quickTurns: 6,
  async setUp(effort) {
    const made = () => Array.from({ length: ARRAYS }, (_, i) => new Float64Array(LENGTH).fill(i + 0.5));
    const arrays = made();
    const shared = share && arrays.map((array) => share!(array));
    const pool = await new Pool(WORKERS).ready();
    const bare = await BareWorkers.start(1, lengthOf);
    const peers = effort.quick ? undefined : new Peers();
    const check = (lengths: readonly unknown[]) =>
      mustBe('payload', lengths.length === ARRAYS && lengths.every((length) => length === LENGTH));
    const rate = (ms: number) => BYTES / 1e6 / ms;
    const rated = (contenders: Readonly<Record<string, Contender>>): Record<string, Contender> =>
      Object.fromEntries(Object.entries(contenders).map(([name, run]) => [name, async () => rate(await run())]));
    const python = await startPython(effort, ['Pool', 'joblib'], { workload: 'payload', arrays: ARRAYS, n: LENGTH }, rate);
    const contenders = {
      ...rated({
        'allcores, cloned': () => msOf(async () => check(await pool.map(lengthOf, arrays, onWorkers))),
        ...(shared && { 'allcores, shared': () => msOf(async () => check(await pool.map(lengthOf, shared, onWorkers))) }),
        ...(transfer && {
          'allcores, transferred': () => {
            // What has gone is gone: each time others.
            const items = made().map((array) => transfer!(array));
            return msOf(async () => check(await pool.map(lengthOf, items, onWorkers)));
          },
        }),
        'bare workers': () => msOf(async () => check(await bare.streamToOne(arrays, 2 * WORKERS))),
        ...peers?.perItem('lengthOf', arrays, check),
      }),
      ...python.contenders,
    };
    await warmUp(contenders);
    return {
      contenders,
      absent: {
        ...(shared ? {} : { 'allcores, shared': NOT_THERE_YET }),
        ...(transfer ? {} : { 'allcores, transferred': NOT_THERE_YET }),
        ...python.absent,
      },
      tearDown: async () => {
        await Promise.all([pool.close(), bare.close(), peers?.close(), python.close()]);
      },
    };
  },
};
