/** What the runs of one method over one size say: the median, and how far they are apart. */

/** Milliseconds. */
export interface Summary {
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** At least one run. The median, because one run that was disturbed must not move it. */
export function summarize(runsMs: readonly number[]): Summary {
  const sorted = runsMs.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const medianMs = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { medianMs, minMs: sorted[0]!, maxMs: sorted.at(-1)! };
}

/** By more than two runs of the same differ on a busy machine: 5 %. */
export function clearlyFaster(ms: number, thanMs: number): boolean {
  return 1.05 * ms < thanMs;
}
