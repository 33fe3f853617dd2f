/** Work that takes as long as it should, and nothing but a core. */

/** Some arithmetic that no compiler can shorten. Gives its last value, so that it is not dropped. */
export const spin = (iterations: number): number => {
  let x = 1;
  for (let i = 0; i < iterations; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
};

/** Iterations that take this long here: the quickest of several tries, as disturbances only ever lengthen one. */
export function calibrate(forMs: number): number {
  const sample = 2_000_000;
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 15; i++) {
    const startedAt = performance.now();
    spin(sample);
    quickestMs = Math.min(quickestMs, performance.now() - startedAt);
  }
  return Math.round((sample / quickestMs) * forMs);
}
