/** From which size on it is worth it, read from the rows. */
import type { ComparisonData, ComparisonRow } from './comparison.ts';
import { count, duration, times } from './figures.ts';
import { clearlyFaster } from './statistics.ts';

/** What the verdict is read from. */
export type Measured = Pick<ComparisonData, 'title' | 'unit' | 'rows' | 'methods'>;

/** One size: the loop, and the quickest of the others. */
export interface Round {
  readonly size: number;
  readonly rows: readonly ComparisonRow[];
  readonly loop: ComparisonRow | undefined;
  readonly best: ComparisonRow | undefined;
}

/** The rows by size, the smallest first. */
export function roundsOf(rows: readonly ComparisonRow[]): Round[] {
  const sizes = [...new Set(rows.map(({ size }) => size))].sort((a, b) => a - b);
  return sizes.map((size) => {
    const here = rows.filter((row) => row.size === size);
    const others = here.filter(({ method }) => method !== 'loop');
    const best = others.length > 0 ? others.reduce((a, b) => (b.medianMs < a.medianMs ? b : a)) : undefined;
    return { size, rows: here, loop: here.find(({ method }) => method === 'loop'), best };
  });
}

/** Of the best method at each size. */
export function breakEvenOf({ rows }: Pick<Measured, 'rows'>): number | undefined {
  return fromWhere(roundsOf(rows).map(({ size, loop, best }) => ({ size, won: won(loop, best) })));
}

/** Of each method by itself. */
export function breakEvensOf({ rows, methods }: Pick<Measured, 'rows' | 'methods'>): Record<string, number | undefined> {
  const rounds = roundsOf(rows);
  // Without a prototype: a method may have any name.
  const by = Object.create(null) as Record<string, number | undefined>;
  for (const method of methods.filter((name) => name !== 'loop')) {
    by[method] = fromWhere(
      rounds.map((round) => ({
        size: round.size,
        won: won(
          round.loop,
          round.rows.find((row) => row.method === method),
        ),
      })),
    );
  }
  return by;
}

/** The one sentence. It says where the loop wins before it says where it does not. */
export function verdictOf({ rows, unit, methods }: Measured): string {
  const rounds = roundsOf(rows);
  const last = rounds.at(-1);
  if (!methods.includes('loop')) return verdictAmong(rounds, unit, methods);
  if (!last?.loop || !last.best) return 'Only the loop was measured.';
  const top = rounds.reduce((a, b) => (speedUpOf(b) > speedUpOf(a) ? b : a));
  const from = breakEvenOf({ rows });
  if (from !== undefined) {
    const best = `at best ${top.best!.method} is ${times(speedUpOf(top))} as fast, with ${count(top.size)}`;
    if (from === rounds[0]!.size) return `Worth it at every size that was measured; ${best} ${unit}.`;
    return `Below ${count(from)} ${unit} the loop is the right tool; from ${count(from)} on it is worth it, and ${best}.`;
  }
  if (won(top.loop, top.best)) {
    return `${top.best!.method} was ${times(speedUpOf(top))} as fast as the loop with ${count(top.size)} ${unit}, but not with more of them: there is no size from which on it is worth it.`;
  }
  const each = (row: ComparisonRow) => duration(row.medianMs / row.size);
  const costs = `with ${count(last.size)} ${unit} one costs the loop ${each(last.loop)} and ${last.best.method} ${each(last.best)}`;
  return `The loop is the right tool here: nothing was clearly faster at any size, and ${costs}.`;
}

/** Without the loop nothing can be said of worth, but of the methods beside each other. */
function verdictAmong(rounds: readonly Round[], unit: string, methods: readonly string[]): string {
  if (methods.length < 2) return 'One method alone was measured, so there is nothing to compare it with.';
  const spreads = rounds.map(({ size, rows }) => {
    const byTime = [...rows].sort((a, b) => a.medianMs - b.medianMs);
    const [first, last] = [byTime[0]!, byTime.at(-1)!];
    return { size, first: first.method, last: last.method, factor: last.medianMs / first.medianMs };
  });
  const widest = spreads.reduce((a, b) => (b.factor > a.factor ? b : a));
  const most = `${times(widest.factor)} apart, with ${count(widest.size)} ${unit}`;
  if (spreads.every(({ factor }) => factor < 1.1)) return `They take about the same time: at most ${most}.`;
  return `${widest.first} and ${widest.last} are at most ${most}, where ${widest.first} is faster.`;
}

function speedUpOf({ loop, best }: Round): number {
  return loop && best ? loop.medianMs / best.medianMs : 0;
}

function won(loop: ComparisonRow | undefined, other: ComparisonRow | undefined): boolean {
  return loop !== undefined && other !== undefined && clearlyFaster(other.medianMs, loop.medianMs);
}

/** The first size of the winning streak that lasts to the end. */
function fromWhere(sizes: readonly { readonly size: number; readonly won: boolean }[]): number | undefined {
  const lastLost = sizes.findLastIndex(({ won }) => !won);
  return sizes[lastLost + 1]?.size;
}
