/** What x ** 2 over ten million numbers takes of memory, in a fresh process for each figure. */
import { answerOf } from '../child.ts';
import { figuresOfOneRun } from '../figures-of-one-run.ts';
import { onWorkers } from '../this-build.ts';
import type { Workload } from '../workload.ts';

const LENGTH = 1e7;
/** A double for each result. */
const OUTPUT_MB = (8 * LENGTH) / 1e6;

/** The list is there before the work; the most that the process has held since it began is the system's own count, in KB. */
const program = (work: string) => `import { map } from 'allcores';
const length = ${LENGTH};
const xs = new Array(length);
for (let i = 0; i < length; i++) xs[i] = i;
const before = process.memoryUsage.rss();
const ys = ${work};
const peak = process.resourceUsage().maxRSS * 1024;
if (ys.length !== length || ys[length - 1] !== (length - 1) ** 2) throw new Error('wrong result');
console.log(JSON.stringify({ growth: (peak - before) / 1e6, total: peak / 1e6 }));
process.exit();`;

const WORK: Readonly<Record<string, string>> = {
  allcores: `await map(xs, (x) => x ** 2, ${JSON.stringify(onWorkers)})`,
  'xs.map': 'xs.map((x) => x ** 2)',
  'pre-sized': '(() => { const ys = new Array(length); for (let i = 0; i < length; i++) ys[i] = xs[i] ** 2; return ys; })()',
};

export const memory: Workload = {
  name: 'memory',
  what: `memory of a process at its peak, which squares ${LENGTH.toLocaleString('en-US')} numbers: growth from the list on, and in all (an output is ${OUTPUT_MB} MB)`,
  unit: 'MB',
  baseline: 'xs.map, total',
  bars: [
    { contender: 'allcores, growth', of: 'figure', atMost: 1.35 * OUTPUT_MB },
    { contender: 'allcores, total', of: 'ratio', atMost: 0.65 },
  ],
  turns: 9,
  quickTurns: 6,
  async setUp({ quick }) {
    const work = Object.entries(WORK).filter(([name]) => !quick || name !== 'pre-sized');
    const contenders = work.map(([name, work]) =>
      figuresOfOneRun(
        { growth: `${name}, growth`, total: `${name}, total` },
        () => answerOf(program(work)) as Promise<{ growth: number; total: number }>,
      ),
    );
    return { contenders: Object.assign({}, ...contenders), tearDown: async () => {} };
  },
};
