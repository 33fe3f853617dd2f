/** What x ** 2 over ten million numbers takes of memory, in a fresh process for each figure. */
import { figureOf } from '../child.ts';
import { onWorkers } from '../this-build.ts';
import type { Workload } from '../workload.ts';

const LENGTH = 1e7;
/** A double for each result. */
const OUTPUT_BYTES = 8 * LENGTH;

/** The list is there before the work; the most that the process has held since it began is the system's own count, in KB. */
const program = (work: string, figure: string) => `import { map } from 'allcores';
const length = ${LENGTH};
const peakOf = () => process.resourceUsage().maxRSS * 1024;
const xs = new Array(length);
for (let i = 0; i < length; i++) xs[i] = i;
const before = process.memoryUsage.rss();
const ys = ${work};
const peak = peakOf();
if (ys.length !== length || ys[length - 1] !== (length - 1) ** 2) throw new Error('wrong result');
console.log(${figure});
process.exit();`;

const WORK: Readonly<Record<string, string>> = {
  allcores: `await map(xs, (x) => x ** 2, ${JSON.stringify(onWorkers)})`,
  'xs.map': 'xs.map((x) => x ** 2)',
  'pre-sized': '(() => { const ys = new Array(length); for (let i = 0; i < length; i++) ys[i] = xs[i] ** 2; return ys; })()',
};

const contendersOf = (figure: string) => async () => ({
  contenders: Object.fromEntries(Object.entries(WORK).map(([name, work]) => [name, () => figureOf(program(work, figure))])),
  tearDown: async () => {},
});

export const memoryGrowth: Workload = {
  name: 'memoryGrowth',
  what: 'the peak of memory during x ** 2 over 10,000,000 numbers, above what the process held with the list; an output is 80 MB',
  unit: 'x the output',
  baseline: 'xs.map',
  bars: [{ contender: 'allcores', of: 'figure', atMost: 1.35 }],
  turns: 9,
  quickTurns: 6,
  setUp: contendersOf(`(peak - before) / ${OUTPUT_BYTES}`),
};

export const memoryPeak: Workload = {
  name: 'memoryPeak',
  what: 'all that a process holds at its peak, which squares 10,000,000 numbers',
  unit: 'MB',
  baseline: 'xs.map',
  bars: [{ contender: 'allcores', of: 'ratio', atMost: 0.65 }],
  turns: 9,
  quickTurns: 6,
  setUp: contendersOf('peak / 1e6'),
};
