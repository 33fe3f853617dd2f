/** A comparison of given times, without measuring: by method, the milliseconds of each run by size. */
import { type Comparison, type ComparisonRow, comparisonOf } from '../../src/compare/comparison.ts';
import { summarize } from '../../src/compare/statistics.ts';

export interface Sample {
  readonly title?: string;
  readonly unit?: string;
  readonly sizes: readonly number[];
  /** One entry for each size: a time, or several runs. */
  readonly times: Readonly<Record<string, readonly (number | readonly number[])[]>>;
}

export function sample({ title = 'square', unit = 'numbers', sizes, times }: Sample): Comparison {
  const methods = Object.keys(times);
  const runsOf = (method: string, i: number) => [times[method]![i]!].flat() as number[];
  const rows = sizes.flatMap((size, i) =>
    methods.map((method): ComparisonRow => {
      const runsMs = runsOf(method, i);
      const summary = summarize(runsMs);
      const speedUp = times.loop ? summarize(runsOf('loop', i)).medianMs / summary.medianMs : undefined;
      return { size, method, ...summary, runsMs, speedUp };
    }),
  );
  return comparisonOf({
    title,
    unit,
    rows,
    methods,
    workers: 2,
    repetitions: 5,
    machine: { node: 'v20.20.2', cores: 2, cpu: 'AMD EPYC' },
  });
}
