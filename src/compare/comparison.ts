/** What a comparison says: its rows, the machine they were measured on, and where the break-even is. */
import { breakEvenOf, breakEvensOf, type Measured, verdictOf } from './break-even.ts';
import { terminalTable } from './terminal-table.ts';

/** One method over one size. Times are milliseconds. */
export interface ComparisonRow {
  /** Number of items. */
  readonly size: number;
  readonly method: string;
  /** The median of the runs. */
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Every run, in the order in which they were made. */
  readonly runsMs: readonly number[];
  /** How many times as fast as the loop, by the medians; below 1 it is slower. Undefined when the loop was not measured. */
  readonly speedUp: number | undefined;
}

/** Where it was measured: times of another machine are other times. */
export interface ComparisonMachine {
  /** The version of Node.js, such as `v20.19.0`. */
  readonly node: string;
  /** Cores that the process may use. */
  readonly cores: number;
  readonly cpu: string;
}

/** A comparison as plain data: what `toJSON()` gives and a file can keep. */
export interface ComparisonData {
  readonly title: string;
  /** What an item is, in the plural: `numbers`. */
  readonly unit: string;
  /** Workers of the parallel methods. */
  readonly workers: number;
  /** Runs of each method over each size; slow ones have fewer, see each row's `runsMs`. */
  readonly repetitions: number;
  /** By size, and within a size in the order of `methods`. */
  readonly rows: readonly ComparisonRow[];
  readonly methods: readonly string[];
  readonly machine: ComparisonMachine;
  /**
   * The smallest measured size from which on the best method other than the loop is faster than the loop, at that size and at all larger
   * ones; undefined when there is none. Not interpolated: nothing was measured between two sizes. Faster means by more than 5 %.
   */
  readonly breakEven: number | undefined;
  /** The same for each method by itself. */
  readonly breakEvenBy: Readonly<Record<string, number | undefined>>;
  /** The one sentence: where the loop wins, and from where on it does not. */
  readonly verdict: string;
}

/** What `compare` resolves to. */
export interface Comparison extends ComparisonData {
  /** The table for a terminal, at most 80 columns wide, and the verdict. */
  toString(): string;
  /** Plain data for a file; `comparisonPage` takes it as well. */
  toJSON(): ComparisonData;
}

/** The comparison that follows from what was measured. */
export function comparisonOf(measured: Measured & Pick<ComparisonData, 'workers' | 'repetitions' | 'machine'>): Comparison {
  const data: ComparisonData = {
    ...measured,
    breakEven: breakEvenOf(measured),
    breakEvenBy: breakEvensOf(measured),
    verdict: verdictOf(measured),
  };
  return Object.freeze({ ...data, toString: () => terminalTable(data), toJSON: () => data });
}
