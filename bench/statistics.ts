/** What a list of figures says: median, spread, and how sure we are of the median. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Interval of the median by order statistics: no assumption about how the figures are distributed. */
  readonly low: number;
  readonly high: number;
  /** How sure the interval is; below 0.95 when there are fewer than six figures. */
  readonly confidence: number;
}

export function summarize(figures: readonly number[]): Summary {
  const sorted = figures.toSorted((a, b) => a - b);
  const count = sorted.length;
  const { outside, confidence } = intervalOfMedian(count);
  return {
    count,
    median: median(sorted),
    min: sorted[0]!,
    max: sorted[count - 1]!,
    low: sorted[outside]!,
    high: sorted[count - 1 - outside]!,
    confidence,
  };
}

/** Turn by turn, so that what slows a whole turn leaves the ratio alone. */
export function ratios(figures: readonly number[], baseline: readonly number[]): number[] {
  return figures.map((figure, turn) => figure / baseline[turn]!);
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * How many figures to leave out at each end. The number of figures below the true median is binomial(n, 1/2); the interval from the
 * k-th smallest to the k-th largest misses it with twice the chance of fewer than k.
 */
function intervalOfMedian(n: number): { outside: number; confidence: number } {
  let chance = 0.5 ** n;
  let below = chance;
  let outside = 0;
  while (outside + 1 < n / 2) {
    chance *= (n - outside) / (outside + 1);
    if (2 * (below + chance) > 0.05) break;
    below += chance;
    outside++;
  }
  return { outside, confidence: 1 - 2 * below };
}
