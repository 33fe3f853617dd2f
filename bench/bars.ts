/** Bars: what a contender must reach, and whether it did. */
import { type Summary, summarize } from './statistics.ts';

/** A contender by name, or the quickest of several. */
export type Opponent = string | readonly string[];

/**
 * `figure`: at most so much in the workload's unit. `rate`: at least so much. `ratio`: at most so many times what the opponent takes, and
 * `plus` in the workload's unit. `speed`: at least so many times as fast as the opponent. The opponent is the baseline where nobody is named.
 */
export type Bar = { readonly contender: string; readonly wanted?: true } & (
  | { readonly of: 'figure'; readonly atMost: number }
  | { readonly of: 'rate'; readonly atLeast: number }
  | { readonly of: 'ratio'; readonly atMost: number; readonly plus?: number; readonly to?: Opponent }
  | { readonly of: 'speed'; readonly atLeast: number; readonly to?: Opponent }
);

export type Verdict = 'pass' | 'fail' | 'noise too high' | 'not measured';

export interface JudgedBar {
  readonly contender: string;
  /** The bar in words. */
  readonly bar: string;
  /** Wanted, but not asked for: missing it is no failure of the run. */
  readonly wanted: boolean;
  /** What was reached, as the bar counts. */
  readonly reached: Summary | undefined;
  /** The share of what the bar allows, turn by turn: up to 1 is good, whatever the bar counts. */
  readonly share: Summary | undefined;
  readonly verdict: Verdict;
  /** Why it was not measured. */
  readonly why: string | undefined;
}

/** What was measured of one workload, as far as bars need it. */
export interface Measured {
  readonly unit: string;
  readonly baseline: string;
  readonly figures: Readonly<Record<string, readonly number[]>>;
  readonly absent: Readonly<Record<string, string>>;
  /** Somebody else had a core in some of the turns that count. */
  readonly disturbed: boolean;
}

/** An interval that straddles the bar and is wider than this share of it says nothing. */
const WIDEST_STRADDLE = 0.05;

export function judged(bar: Bar, { unit, baseline, figures, absent, disturbed }: Measured): JudgedBar {
  const named = bar.of === 'ratio' || bar.of === 'speed' ? (bar.to ?? baseline) : undefined;
  const opponent = named === undefined ? undefined : quickest(named, figures);
  const own = figures[bar.contender];
  const said = { contender: bar.contender, bar: words(bar, unit, opponent ?? named), wanted: bar.wanted ?? false };
  const missing = own ? (named !== undefined && opponent === undefined ? [named].flat()[0]! : undefined) : bar.contender;
  if (!own || missing !== undefined) {
    return { ...said, reached: undefined, share: undefined, verdict: 'not measured', why: absent[missing!] ?? 'not part of this run' };
  }
  const theirs = opponent === undefined ? undefined : figures[opponent]!;
  const share = summarize(own.map((figure, turn) => shareOf(bar, figure, theirs?.[turn])));
  const reached = summarize(own.map((figure, turn) => reachedOf(bar, figure, theirs?.[turn])));
  return { ...said, reached, share, verdict: verdictOn(share, disturbed), why: undefined };
}

/** Of the allowed, turn by turn. */
export function shareOf(bar: Bar, figure: number, theirs = Number.NaN): number {
  if (bar.of === 'figure') return figure / bar.atMost;
  if (bar.of === 'rate') return bar.atLeast / figure;
  if (bar.of === 'ratio') return figure / (bar.atMost * theirs + (bar.plus ?? 0));
  return (bar.atLeast * figure) / theirs;
}

/** As the bar counts it: what is more than the factor for `plus`, a ratio, how many times as fast, or the figure itself. */
function reachedOf(bar: Bar, figure: number, theirs = Number.NaN): number {
  if (bar.of === 'ratio') return bar.plus === undefined ? figure / theirs : figure - bar.atMost * theirs;
  return bar.of === 'speed' ? theirs / figure : figure;
}

export function verdictOn({ median, low, high, confidence }: Summary, disturbed: boolean): Verdict {
  if (confidence < 0.95) return 'noise too high';
  if (high <= 1) return 'pass';
  // What passes on a busy machine passes; what fails there may be the machine's fault.
  if (disturbed) return 'noise too high';
  if (low > 1) return 'fail';
  if (high - low > WIDEST_STRADDLE) return 'noise too high';
  return median <= 1 ? 'pass' : 'fail';
}

/** By the medians; of several, those that were measured. */
function quickest(opponent: Opponent, figures: Measured['figures']): string | undefined {
  const measured = [opponent].flat().filter((name) => figures[name] !== undefined);
  return measured.sort((a, b) => summarize(figures[a]!).median - summarize(figures[b]!).median)[0];
}

function words(bar: Bar, unit: string, opponent: Opponent | undefined): string {
  const to = [opponent ?? []].flat().join(' or ');
  if (bar.of === 'figure') return `at most ${bar.atMost} ${unit}`;
  if (bar.of === 'rate') return `at least ${bar.atLeast} ${unit}`;
  if (bar.of === 'ratio') return `at most ${bar.atMost} x ${to}${bar.plus === undefined ? '' : ` + ${bar.plus} ${unit}`}`;
  return `at least ${bar.atLeast} times as fast as ${to}`;
}
