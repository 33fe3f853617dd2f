/** Await-heavy code of the host, before and after a thousand jobs: shipping must leave no trace in V8. Fresh processes. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Workload } from '../workload.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const AWAITS = 1_000_000;

const program = (jobs: number) => `
import { Pool } from 'allcores';
const step = async (x) => x + 1;
const loop = async () => {
  const from = performance.now();
  let x = 0;
  for (let i = 0; i < ${AWAITS}; i++) x = await step(x);
  return performance.now() - from;
};
const pool = new Pool(1);
for (let job = 0; job < ${jobs}; job++) await pool.map((x) => x + job, [1]);
await pool.close();
const runs = [];
for (let run = 0; run < 9; run++) runs.push(await loop());
console.log(runs.sort((a, b) => a - b)[4]);
`;

async function loopMs(jobs: number): Promise<number> {
  // A file, as programs are: of text given on the command line only the debugger knows the source.
  const file = `${root}.cache/bench/awaits-${jobs}.mjs`;
  writeFileSync(file, program(jobs));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: root });
  return Number(stdout);
}

export const awaits: Workload = {
  name: 'awaits',
  what: `${AWAITS} awaits in a fresh process, median of 9`,
  unit: 'ms',
  baseline: 'no job before',
  bars: [{ contender: '1,000 jobs before', of: 'ratio', atMost: 1.03 }],
  turns: 12,
  quickTurns: 0,
  async setUp() {
    return { contenders: { '1,000 jobs before': () => loopMs(1000), 'no job before': () => loopMs(0) }, tearDown: async () => {} };
  },
};
