/** Axes: which kind suits, which ticks it gets, and where a value stands on it. */

/** One axis of a chart, in values and in pixels from the chart's left or top. */
export interface Axis {
  readonly log: boolean;
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
}

/** From this ratio on a linear axis would press the small values together. */
const WIDE = 20;

/** Whether a logarithmic axis suits these values better. */
export function suitsLog(values: readonly number[]): boolean {
  return Math.max(...values) >= WIDE * Math.min(...values);
}

/** An axis over positive values with room at both ends, and ticks at round ones, at most about `most`. Between counts there are none. */
export function axisOver(values: readonly number[], log: boolean, most: number, kind: 'count' | 'measure'): Axis {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!log) {
    const to = high * 1.06;
    const ticks = linearTicks(to, most, kind === 'count' ? 1 : 0);
    return { log, domain: [0, to], ticks };
  }
  // Not only one value: an axis needs a length.
  const domain: [number, number] = [low / 1.3, high * 1.3];
  const ticks = logTicks(domain, most);
  return { log, domain, ticks: kind === 'count' ? ticks.filter(Number.isInteger) : ticks };
}

/** From 0 to 1 along the axis. */
export function position(value: number, { log, domain: [from, to] }: Axis): number {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

function linearTicks(to: number, most: number, least: number): number[] {
  const rough = to / most;
  const grain = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, [1, 2, 5, 10].map((factor) => factor * grain).find((size) => to / size <= most)!);
  // Counted and not added up, so that a tick is 0.3 and not 0.30000000000000004.
  return Array.from({ length: Math.floor(to / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Powers of ten, with 2 and 5 between them where there is room, or fewer where there is not. */
function logTicks([from, to]: readonly [number, number], most: number): number[] {
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  for (const [factors, every] of [
    [[1, 1.5, 2, 3, 4, 5, 6, 8], 1],
    [[1, 2, 3, 5], 1],
    [[1, 2, 5], 1],
    [[1], 1],
    [[1], 2],
    [[1], 3],
  ] as const) {
    const ticks: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % every !== 0) continue;
      for (const factor of factors) ticks.push(Number((factor * 10 ** power).toPrecision(12)));
    }
    const inside = ticks.filter((tick) => tick >= from && tick <= to);
    if (inside.length <= most) return inside;
  }
  return [];
}

/** `1`, `10`, `1.5k`, `1M`: short enough to stand side by side. */
export function shortCount(n: number): string {
  for (const [unit, name] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (n >= unit) return `${plain(n / unit)}${name}`;
  }
  return plain(n);
}

/** `10 µs`, `0.5 s`. */
export function shortDuration(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 0.0009999) return `${plain(ms * 1e6)} ns`;
  if (ms < 0.9999) return `${plain(ms * 1e3)} µs`;
  if (ms < 999.9) return `${plain(ms)} ms`;
  return `${plain(ms / 1000)} s`;
}

/** `0.1x`, `2x`. */
export function shortTimes(factor: number): string {
  return `${plain(factor)}x`;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(3)));
}
