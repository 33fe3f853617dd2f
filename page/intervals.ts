/** A chart of medians with their intervals, a line each, beside the line that counts as 1: what scripts/benchmarks-page.mjs bundles and runs in Node. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { axisOver, shortTimes } from './axes.ts';
import type { SymbolType } from './colours.ts';
import { standaloneSvg } from './standalone.ts';

/** Told apart by mark as well as by colour. */
export type Tone = 'good' | 'bad' | 'unsure' | 'plain' | 'own';

export interface IntervalLine {
  /** Unlike the others of the chart. */
  readonly label: string;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly tone: Tone;
}

export interface Intervals {
  readonly title: string;
  /** What the axis counts. */
  readonly axis: string;
  /** What stands at 1. */
  readonly one: string;
  readonly lines: readonly IntervalLine[];
}

const LOOKS: Readonly<Record<Tone, { readonly colour: string; readonly symbol: SymbolType }>> = {
  good: { colour: 'var(--method-2)', symbol: 'circle' },
  bad: { colour: 'var(--method-1)', symbol: 'triangle' },
  unsure: { colour: 'var(--method-4)', symbol: 'diamond' },
  plain: { colour: 'var(--loop)', symbol: 'square' },
  own: { colour: 'var(--method-0)', symbol: 'circle' },
};

const LINE_PX = 22;
const LETTER_PX = 6.6;
const MARGIN = { top: 26, right: 64, bottom: 44 };
const LONGEST = 68;
/** An interval may begin at nothing; a logarithmic axis has no zero. */
const LEAST = 1e-6;

/** The text of an SVG file, as wide as it is told and as high as its lines are many. */
export function intervalsSvg({ title, axis, one, lines }: Intervals, width: number): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: Document };
  const rows = lines.map((line) => ({
    ...line,
    label: shortened(line.label),
    low: Math.max(LEAST, line.low),
    median: Math.max(LEAST, line.median),
    high: Math.max(LEAST, line.high),
  }));
  const marginLeft = 16 + LETTER_PX * Math.max(...rows.map(({ label }) => label.length));
  const inner = width - marginLeft - MARGIN.right;
  const x = axisOver([1, ...rows.flatMap(({ low, high }) => [low, high])], true, Math.max(2, Math.floor(inner / 56)), 'measure');
  const svg = Plot.plot({
    document,
    className: 'chart',
    width,
    height: MARGIN.top + MARGIN.bottom + LINE_PX * rows.length,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginLeft,
    marginRight: MARGIN.right,
    style: { fontSize: '12px', fontFamily: 'inherit', color: 'var(--soft)', background: 'none', overflow: 'visible' },
    ariaLabel: `${title}: ${axis}`,
    x: { type: 'log', domain: [...x.domain] },
    y: { type: 'point', domain: rows.map(({ label }) => label), padding: 0.5 },
    marks: [
      Plot.gridX([...x.ticks], { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisX([...x.ticks], { text: (value: number) => shortTimes(value), tickSize: 4, label: null, color: 'var(--soft)' }),
      Plot.axisY({ tickSize: 0, label: null, fill: 'var(--ink)' }),
      Plot.ruleX([1], { stroke: 'var(--ink)', strokeWidth: 1.5 }),
      Plot.text([1], { x: (value: number) => value, frameAnchor: 'top', text: () => one, dy: -18, fill: 'var(--ink)', fontWeight: 600 }),
      Plot.text([0], { text: () => `${axis} →`, frameAnchor: 'bottom-right', dy: 38, fill: 'var(--soft)' }),
      ...rows.flatMap((row) => {
        const { colour, symbol } = LOOKS[row.tone];
        return [
          Plot.ruleY([row], { y: 'label', x1: 'low', x2: 'high', stroke: colour, strokeWidth: 5, strokeOpacity: 0.3 }),
          Plot.dot([row], { x: 'median', y: 'label', symbol, r: 4.5, fill: colour, stroke: 'var(--ground)', strokeWidth: 1.25 }),
          Plot.text([row], {
            x: 'high',
            y: 'label',
            text: () => shortTimes(row.median),
            textAnchor: 'start',
            dx: 9,
            fill: colour,
            fontWeight: 600,
          }),
        ];
      }),
    ],
  });
  return `${standaloneSvg(svg as SVGSVGElement, title)}\n`;
}

function shortened(label: string): string {
  return label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`;
}
