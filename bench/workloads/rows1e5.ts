/** Rows of a table: small objects, of which a cheap function reads three fields, and one that takes 20 µs. */
import { map, shutdown } from 'allcores';
import { BareWorkers, shares } from '../bare-workers.ts';
import { loops } from '../loops.ts';
import { BEST_BY_HAND, like, Peers, WORKERS } from '../peers/peers.ts';
import { startPython } from '../peers/python.ts';
import type { Row } from '../peers/tasks.ts';
import { calibrate } from '../spin.ts';
import { onWorkers } from '../this-build.ts';
import { msOf, type Workload, warmUp } from '../workload.ts';

const ROWS = 1e5;
const SLOW_MS = 0.02;

const total = ({ price, qty, tags }: Row): number => price * qty + tags.length;

interface SlowRow extends Row {
  readonly rounds: number;
}

const slowTotal = ({ price, qty, tags, rounds }: SlowRow): number => {
  let x = 1;
  for (let i = 0; i < rounds; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return price * qty + tags.length + (x & 1);
};

const rowOf = (id: number): Row => ({
  id,
  name: `row ${id}`,
  price: (id % 97) + 0.5,
  qty: id % 7,
  tags: [`tag ${id % 5}`, `tag ${id % 3}`],
});

const named = (rows: number) => `${rows.toLocaleString('en-US')} rows (id, name, price, qty, two tags)`;

export const rowsCheap: Workload = {
  name: 'rows1e5',
  what: `price * qty over ${named(ROWS)}, warm`,
  unit: 'ms',
  baseline: 'push',
  bars: [{ contender: 'allcores', of: 'ratio', atMost: 1.3, plus: 1 }],
  turns: 12,
  quickTurns: 6,
  async setUp(effort) {
    const rows = Array.from({ length: ROWS }, (_, id) => rowOf(id));
    const check = like('rows1e5', rows.map(total));
    const python = await startPython(effort, ['loop', 'Pool'], { workload: 'rows', n: ROWS });
    const contenders = {
      allcores: () => msOf(async () => check(await map(rows, total))),
      ...loops(rows, total, check),
      ...python.contenders,
    };
    await warmUp(contenders);
    return {
      contenders,
      absent: python.absent,
      tearDown: async () => {
        await Promise.all([shutdown(), python.close()]);
      },
    };
  },
};

/** Whatever is cheaper: here the rows must travel. */
export const rowsTransport: Workload = {
  name: 'rowsTransport',
  what: `price * qty over ${named(ROWS)} on ${WORKERS} warm workers`,
  unit: 'ms',
  baseline: 'bare workers',
  bars: [
    { contender: 'allcores', of: 'ratio', atMost: 1, to: BEST_BY_HAND },
    { contender: 'allcores', of: 'ratio', atMost: 0.7, to: BEST_BY_HAND, wanted: true },
  ],
  turns: 12,
  quickTurns: 6,
  async setUp() {
    const rows = Array.from({ length: ROWS }, (_, id) => rowOf(id));
    const check = like('rowsTransport', rows.map(total));
    const peers = new Peers();
    const bare = await BareWorkers.start(WORKERS, (share: Row[]) => share.map((row) => row.price * row.qty + row.tags.length));
    const contenders = {
      allcores: () => msOf(async () => check(await map(rows, total, { workers: WORKERS, ...onWorkers }))),
      'bare workers': () => msOf(async () => check((await bare.send(shares(rows, WORKERS))).flat())),
      ...peers.byHand('total', rows, check),
    };
    await warmUp(contenders);
    return {
      contenders,
      tearDown: async () => {
        await Promise.all([shutdown(), bare.close(), peers.close()]);
      },
    };
  },
};

export const rowsSlow: Workload = {
  name: 'rowsSlow',
  what: `a function of 20 µs over ${named(ROWS)} (a fifth of them with --quick), warm`,
  unit: 'ms',
  baseline: 'push',
  bars: [{ contender: 'allcores', of: 'speed', atLeast: 1.7 }],
  turns: 9,
  quickTurns: 6,
  async setUp({ quick }) {
    const rounds = calibrate(SLOW_MS);
    const rows: SlowRow[] = Array.from({ length: quick ? ROWS / 5 : ROWS }, (_, id) => ({ ...rowOf(id), rounds }));
    const check = like('rowsSlow', rows.map(slowTotal));
    const { push } = loops(rows, slowTotal, check);
    const bare = await BareWorkers.start(
      WORKERS,
      (share: SlowRow[]) => share.map((row) => slowTotal(row)),
      `const slowTotal = ${slowTotal.toString()};`,
    );
    const contenders = {
      allcores: () => msOf(async () => check(await map(rows, slowTotal))),
      'bare workers': () => msOf(async () => check((await bare.send(shares(rows, WORKERS))).flat())),
      push,
    };
    await warmUp(contenders);
    return {
      contenders,
      tearDown: async () => {
        await Promise.all([shutdown(), bare.close()]);
      },
    };
  },
};
