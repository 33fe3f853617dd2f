/** Empty tasks: what each one costs beside its own work, alone in its message and in chunks. */
import { Pool } from 'allcores';
import { BareWorkers } from '../bare-workers.ts';
import { loops } from '../loops.ts';
import { like, Peers, WORKERS } from '../peers/peers.ts';
import { startPython } from '../peers/python.ts';
import { onWorkers } from '../this-build.ts';
import { type Contender, msOf, type Workload, warmUp } from '../workload.ts';

const ALONE = 1e4;
const TOGETHER = 1e5;
const DEPTH = 8;

const empty = (x: number) => x;
const emptyOf = ({ x }: { x: number }) => x;

const perTask = (contenders: Readonly<Record<string, Contender>>, tasks: number): Record<string, Contender> =>
  Object.fromEntries(Object.entries(contenders).map(([name, run]) => [name, async () => (1000 * (await run())) / tasks]));

export const perMessage: Workload = {
  name: 'perMessage',
  what: `${ALONE} empty tasks, one in each message, ${WORKERS} warm workers`,
  unit: 'µs per task',
  baseline: `bare echo, ${DEPTH} deep`,
  bars: [{ contender: 'allcores, chunkSize 1', of: 'figure', atMost: 6 }],
  turns: 15,
  quickTurns: 6,
  async setUp(effort) {
    const items = Array.from({ length: ALONE }, (_, x) => x);
    const check = like('perMessage', items);
    const pool = await new Pool(WORKERS).ready();
    const bare = await BareWorkers.start(1, empty);
    const peers = new Peers(effort.quick ? ['piscina'] : undefined);
    const toUnit = (ms: number) => (1000 * ms) / ALONE;
    const python = await startPython(effort, ['Pool'], { workload: 'per message', n: ALONE }, toUnit);
    const contenders = {
      ...perTask(
        {
          'allcores, chunkSize 1': () => msOf(async () => check(await pool.map(empty, items, { chunkSize: 1, ...onWorkers }))),
          [`bare echo, ${DEPTH} deep`]: () => msOf(async () => check(await bare.streamToOne(items, DEPTH))),
          ...peers.perItem('same', items, check),
        },
        ALONE,
      ),
      ...python.contenders,
    };
    await warmUp(contenders);
    return {
      contenders,
      absent: python.absent,
      tearDown: async () => {
        await Promise.all([pool.close(), bare.close(), peers.close(), python.close()]);
      },
    };
  },
};

interface Empty<T> {
  readonly name: string;
  readonly what: string;
  readonly atMostUs: number;
  readonly itemOf: (x: number) => T;
  readonly fn: (item: T) => number;
  /** What Python's child calls it. */
  readonly pythons: string;
}

function automatic<T>({ name, what, atMostUs, itemOf, fn, pythons }: Empty<T>): Workload {
  return {
    name,
    what: `${TOGETHER} empty tasks over ${what}, automatic chunks, ${WORKERS} warm workers`,
    unit: 'µs per task',
    baseline: 'push',
    bars: [{ contender: 'allcores', of: 'figure', atMost: atMostUs }],
    turns: 20,
    quickTurns: 7,
    async setUp(effort) {
      const items = Array.from({ length: TOGETHER }, (_, x) => itemOf(x));
      const check = like(name, items.map(fn));
      const pool = await new Pool(WORKERS).ready();
      const toUnit = (ms: number) => (1000 * ms) / TOGETHER;
      const python = await startPython(effort, ['Pool'], { workload: pythons, n: TOGETHER }, toUnit);
      const { push } = loops(items, fn, check);
      const contenders = {
        ...perTask({ allcores: () => msOf(async () => check((await pool.map(fn, items, onWorkers)) as number[])), push }, TOGETHER),
        ...python.contenders,
      };
      for (let round = 0; round < 3; round += 1) await warmUp(contenders);
      return {
        contenders,
        absent: python.absent,
        tearDown: async () => {
          await Promise.all([pool.close(), python.close()]);
        },
      };
    },
  };
}

export const autoNumbers = automatic({
  name: 'autoNumbers',
  what: 'numbers',
  atMostUs: 0.1,
  itemOf: (x) => x,
  fn: empty,
  pythons: 'empty',
});

export const autoObjects = automatic({
  name: 'autoObjects',
  what: 'small objects',
  atMostUs: 0.6,
  itemOf: (x) => ({ x }),
  fn: emptyOf,
  pythons: 'empty objects',
});
