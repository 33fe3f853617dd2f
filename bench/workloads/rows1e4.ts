/** A feature from each row of a table: objects travel, and each task is short. */
import { Pool } from 'allcores';
import { BareWorkers, shares } from '../bare-workers.ts';
import { calibrate } from '../spin.ts';
import { msOf, mustBe, type Workload } from '../workload.ts';

const ROWS = 10_000;
const TASK_MS = 0.02;
const WORKERS = 2;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly values: readonly number[];
  readonly rounds: number;
}

/** Spread of the values, over and over until it has taken its time. */
const feature = ({ id, name, values, rounds }: Row): { id: number; label: string; spread: number } => {
  let hash = id;
  for (let round = 0; round < rounds; round++) hash = (Math.imul(hash, 1664525) + 1013904223) | 0;
  return { id, label: `${name}:${hash & 0xff}`, spread: Math.max(...values) - Math.min(...values) };
};

export const rows1e4: Workload = {
  name: 'rows1e4',
  what: `${ROWS} objects through a function of about ${TASK_MS * 1000} µs, ${WORKERS} warm workers`,
  unit: 'ms',
  baseline: 'loop',
  bars: [],
  turns: 20,
  quickTurns: 0,
  async setUp() {
    const rounds = calibrate(TASK_MS);
    const rows: Row[] = Array.from({ length: ROWS }, (_, id) => ({
      id,
      name: `row ${id}`,
      values: Array.from({ length: 8 }, (_, i) => (id * 31 + i * 17) % 101),
      rounds,
    }));
    const pool = await new Pool(WORKERS).ready();
    const bare = await BareWorkers.start(
      WORKERS,
      (share: Row[]) => share.map((row) => feature(row)),
      `const feature = ${feature.toString()};`,
    );
    const check = (results: readonly unknown[]) => mustBe('rows1e4', (results.at(-1) as { id: number }).id === ROWS - 1);
    const contenders = {
      allcores: () => msOf(async () => check(await pool.map(feature, rows))),
      'bare workers': () => msOf(async () => check((await bare.send(shares(rows, WORKERS))).flat())),
      loop: async () =>
        msOf(() => {
          const results: unknown[] = [];
          for (const row of rows) results.push(feature(row));
          check(results);
        }),
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
