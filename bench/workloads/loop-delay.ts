/** How late the host's own events are while a large job runs: a server answers meanwhile. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Pool } from 'allcores';
import { figuresOfOneRun } from '../figures-of-one-run.ts';
import { like, WORKERS } from '../peers/peers.ts';
import { onWorkers } from '../this-build.ts';
import { type Contender, type Workload, warmUp } from '../workload.ts';

const TASKS = 1e6;
const RESOLUTION_MS = 1;
const IDLE_MS = 300;
/** The job is run again until so much time has passed. */
const LEAST_MS = 1000;

const half = (x: number) => x / 2;
const halfOf = ({ x }: { x: number }) => x / 2;

const ticks = () => new Promise((resolve) => setTimeout(resolve, 5 * RESOLUTION_MS));

/** The histogram counts whole ticks; what is above the tick itself is delay. */
async function delaysMs(work: () => Promise<unknown>): Promise<{ p99: number; max: number }> {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  // The first tick only starts the clock: a job that blocks from its first line on would not be seen.
  await ticks();
  const startedAt = performance.now();
  // Of one short job there are so few ticks that the slowest would be the p99.
  do await work();
  while (performance.now() - startedAt < LEAST_MS);
  // Some more, so that a delay at the very end is seen.
  await ticks();
  delays.disable();
  const delayOf = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  return { p99: delayOf(delays.percentile(99)), max: delayOf(delays.max) };
}

export const loopDelay: Workload = {
  name: 'loopDelay',
  what: `delay of the host's event loop during jobs of ${TASKS.toLocaleString('en-US')} tasks for a second on ${WORKERS} warm workers (resolution ${RESOLUTION_MS} ms)`,
  unit: 'ms',
  baseline: 'idle, p99',
  bars: [
    { contender: 'numbers, p99', of: 'figure', atMost: 5 },
    { contender: 'numbers, max', of: 'figure', atMost: 25 },
    { contender: 'objects, p99', of: 'figure', atMost: 5 },
    { contender: 'objects, max', of: 'figure', atMost: 25 },
  ],
  turns: 9,
  quickTurns: 6,
  async setUp() {
    const numbers = Array.from({ length: TASKS }, (_, x) => x);
    const objects = numbers.map((x) => ({ x }));
    const check = like('loopDelay', numbers.map(half));
    const pool = await new Pool(WORKERS).ready();
    const work = {
      numbers: async () => check(await pool.map(half, numbers, onWorkers)),
      objects: async () => check(await pool.map(halfOf, objects, onWorkers)),
      idle: () => new Promise((resolve) => setTimeout(resolve, IDLE_MS)),
    };
    const contenders: Readonly<Record<string, Contender>> = Object.assign(
      {},
      ...Object.entries(work).map(([name, job]) => figuresOfOneRun({ p99: `${name}, p99`, max: `${name}, max` }, () => delaysMs(job))),
    );
    await warmUp(contenders);
    return { contenders, tearDown: () => pool.close() };
  },
};
