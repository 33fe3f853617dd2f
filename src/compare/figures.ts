/** Durations, factors and counts as people read them: three figures, in the unit that suits. */

/** `850 ns`, `1.72 µs`, `23.4 ms`, `1.00 s`. */
export function duration(ms: number): string {
  if (ms < 0.001) return `${threeFigures(ms * 1e6)} ns`;
  if (ms < 1) return `${threeFigures(ms * 1e3)} µs`;
  if (ms < 1000) return `${threeFigures(ms)} ms`;
  return `${threeFigures(ms / 1000)} s`;
}

/** `1.94x`, `12.3x`, `5,300x`. */
export function times(factor: number): string {
  return `${threeFigures(factor)}x`;
}

/** `1,000,000`. */
export function count(n: number): string {
  return n.toLocaleString('en-US');
}

/** `1 core`, `8 cores`. */
export function some(n: number, thing: string): string {
  return `${count(n)} ${thing}${n === 1 ? '' : 's'}`;
}

/** Two figures are enough from a thousand on: 5,321 reads as if it were exact. */
function threeFigures(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : value >= 0.0995 || value === 0 ? 2 : 4;
  const grain = value >= 1000 ? 10 ** (Math.floor(Math.log10(value)) - 1) : 0;
  const rounded = grain > 0 ? Math.round(value / grain) * grain : value;
  return rounded.toLocaleString('en-US', { minimumFractionDigits: Math.min(decimals, 2), maximumFractionDigits: decimals });
}
