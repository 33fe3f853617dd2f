/** What the turns say: a row per contender, a verdict per bar, on the terminal and as JSON. */
import { styleText } from 'node:util';
import { type JudgedBar, judged, type Verdict } from './bars.ts';
import type { Turns } from './interleave.ts';
import { ratios, type Summary, summarize } from './statistics.ts';
import type { Contest, Workload } from './workload.ts';

export interface ContenderReport {
  readonly contender: string;
  readonly figure: Summary;
  /** To the baseline, turn by turn; the baseline itself has none. */
  readonly ratio: Summary | undefined;
}

export interface WorkloadReport {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly baseline: string;
  readonly turns: { readonly taken: number; readonly disturbed: number; readonly dropped: boolean };
  readonly coresTaken: number;
  readonly contenders: readonly ContenderReport[];
  /** Why those that are not there are not. */
  readonly absent: Readonly<Record<string, string>>;
  readonly bars: readonly JudgedBar[];
  readonly figures: Turns['figures'];
}

export function report(workload: Workload, turns: Turns, absent: Contest['absent'] = {}): WorkloadReport {
  const { name, what, unit, baseline } = workload;
  const { figures, taken, disturbed, dropped, coresTaken } = turns;
  const contenders = Object.entries(figures).map(
    ([contender, own]): ContenderReport => ({
      contender,
      figure: summarize(own),
      ratio: contender === baseline ? undefined : summarize(ratios(own, figures[baseline]!)),
    }),
  );
  const measured = { unit, baseline, figures, absent, disturbed: disturbed > 0 && !dropped };
  const bars = workload.bars.map((bar) => judged(bar, measured));
  return { name, what, unit, baseline, turns: { taken, disturbed, dropped }, coresTaken, contenders, absent, bars, figures };
}

const COLUMNS = [
  { title: '', width: 31 },
  { title: 'median', width: 9 },
  { title: '95 % interval', width: 17 },
  { title: 'min–max', width: 17 },
  { title: 'ratio', width: 7 },
  { title: '95 % interval', width: 15 },
] as const;

export function header(): string {
  return styleText('bold', line(COLUMNS.map(({ title }) => title)));
}

export function print({ name, what, unit, baseline, turns, coresTaken, contenders, absent, bars }: WorkloadReport): string {
  const counted = contenders[0]!.figure.count;
  const left = turns.dropped ? 'left out' : 'too many to leave out';
  const lines = [
    `${styleText('bold', name)}  ${what}; ${unit}, ratios to ${baseline}`,
    `  ${counted} turns count; ${turns.disturbed} of ${turns.taken} were disturbed, ${left}; others had ${coresTaken.toFixed(1)} cores`,
  ];
  for (const { contender, figure, ratio } of contenders) {
    lines.push(
      line([
        contender,
        number(figure.median),
        `${number(figure.low)}–${number(figure.high)}`,
        `${number(figure.min)}–${number(figure.max)}`,
        ratio ? number(ratio.median) : '',
        ratio ? `${number(ratio.low)}–${number(ratio.high)}` : '',
      ]),
    );
  }
  for (const [contender, why] of Object.entries(absent)) lines.push(`  ${contender.padEnd(COLUMNS[0].width)} not there: ${why}`);
  for (const { contender, bar, wanted, reached, verdict, why } of bars) {
    const found = reached ? `reached ${number(reached.median)} (${number(reached.low)}–${number(reached.high)})` : why!;
    const mood = wanted && verdict === 'fail' ? 'NOT YET (wanted)' : verdict.toUpperCase();
    lines.push(`    ${styleText(COLOURS[verdict], mood)}  ${contender}: ${bar}; ${found}`);
  }
  return lines.join('\n');
}

const COLOURS: Readonly<Record<Verdict, 'green' | 'red' | 'yellow' | 'gray'>> = {
  pass: 'green',
  fail: 'red',
  'noise too high': 'yellow',
  'not measured': 'gray',
};

function line(cells: readonly string[]): string {
  return `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]!.width) : cell.padStart(COLUMNS[i]!.width))).join(' ')}`.trimEnd();
}

/** Three figures; one more where it would hide how near a bar is. */
export function number(value: number): string {
  const size = Math.abs(value);
  // What is shorter than the clock can tell is not nothing.
  if (size > 0 && size < 0.01) return value.toPrecision(2);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
