/** What the turns say: a row per contender, a verdict per bar, on the terminal and as JSON. */
import { styleText } from 'node:util';
import type { Turns } from './interleave.ts';
import { ratios, type Summary, summarize } from './statistics.ts';
import type { Bar, Workload } from './workload.ts';

export type Verdict = 'pass' | 'fail' | 'noise too high';

/** An interval that straddles the bar and is wider than this share of it says nothing. */
const WIDEST_STRADDLE = 0.05;

export interface ContenderReport {
  readonly contender: string;
  readonly figure: Summary;
  /** To the baseline, turn by turn; the baseline itself has none. */
  readonly ratio: Summary | undefined;
  readonly bars: readonly (Bar & { readonly verdict: Verdict })[];
}

export interface WorkloadReport {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly baseline: string;
  readonly turns: { readonly taken: number; readonly disturbed: number; readonly dropped: boolean };
  readonly coresTaken: number;
  readonly contenders: readonly ContenderReport[];
  readonly figures: Turns['figures'];
}

export function report(workload: Workload, { figures, taken, disturbed, dropped, coresTaken }: Turns): WorkloadReport {
  const { name, what, unit, baseline, bars } = workload;
  const contenders = Object.entries(figures).map(([contender, own]): ContenderReport => {
    const figure = summarize(own);
    const ratio = contender === baseline ? undefined : summarize(ratios(own, figures[baseline]!));
    const judged = bars
      .filter((bar) => bar.contender === contender)
      .map((bar) => ({ ...bar, verdict: judge(bar.of === 'ratio' ? ratio! : figure, bar.atMost, disturbed > 0 && !dropped) }));
    return { contender, figure, ratio, bars: judged };
  });
  return { name, what, unit, baseline, turns: { taken, disturbed, dropped }, coresTaken, contenders, figures };
}

function judge({ median, low, high, confidence }: Summary, atMost: number, disturbed: boolean): Verdict {
  if (confidence < 0.95) return 'noise too high';
  if (high <= atMost) return 'pass';
  // What passes on a busy machine passes; what fails there may be the machine's fault.
  if (disturbed) return 'noise too high';
  if (low > atMost) return 'fail';
  if (high - low > WIDEST_STRADDLE * atMost) return 'noise too high';
  return median <= atMost ? 'pass' : 'fail';
}

const COLUMNS = [
  { title: '', width: 25 },
  { title: 'median', width: 9 },
  { title: '95 % interval', width: 17 },
  { title: 'min–max', width: 17 },
  { title: 'ratio', width: 7 },
  { title: '95 % interval', width: 15 },
];

export function header(): string {
  return styleText('bold', line(COLUMNS.map(({ title }) => title)));
}

export function print({ name, what, unit, baseline, turns, coresTaken, contenders }: WorkloadReport): string {
  const counted = contenders[0]!.figure.count;
  const left = turns.dropped ? 'left out' : 'too many to leave out';
  const lines = [
    `${styleText('bold', name)}  ${what}; ${unit}, ratios to ${baseline}`,
    `  ${counted} turns count; ${turns.disturbed} of ${turns.taken} were disturbed, ${left}; others had ${coresTaken.toFixed(1)} cores`,
  ];
  for (const { contender, figure, ratio, bars } of contenders) {
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
    for (const { of, atMost, verdict } of bars) {
      const goal = of === 'ratio' ? `at most ${atMost}x ${baseline}` : `at most ${atMost} ${unit}`;
      lines.push(`    ${styleText(COLOURS[verdict], verdict.toUpperCase())}  ${goal}`);
    }
  }
  return lines.join('\n');
}

const COLOURS = { pass: 'green', fail: 'red', 'noise too high': 'yellow' } as const;

function line(cells: readonly string[]): string {
  return `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]!.width) : cell.padStart(COLUMNS[i]!.width))).join(' ')}`.trimEnd();
}

/** Three figures; one more where it would hide how near a bar is. */
function number(value: number): string {
  const decimals = value >= 100 ? 0 : value >= 10 ? 1 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
