/** The two charts of a comparison, as SVG: drawn the same in a browser and in Node. */
import * as Plot from '@observablehq/plot';
import type { ComparisonData, ComparisonRow } from '../src/compare/comparison.ts';
import { count, duration, times } from '../src/compare/figures.ts';
import { type Axis, axisOver, position, shortCount, shortDuration, shortTimes, suitsLog } from './axes.ts';
import { lookOf } from './colours.ts';
import { shortName, spread } from './labels.ts';

/** What is drawn: the time that a size took, or how many times as fast as the loop it was. */
export type ChartKind = 'time' | 'speed-up';

/** How it is drawn. */
export interface ChartOptions {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly xLog: boolean;
  readonly yLog: boolean;
  /** Whether a tip appears under the pointer. */
  readonly tips: boolean;
  /** Every method of the page, so that one has one colour in all charts. @default those of the comparison */
  readonly methods?: readonly string[] | undefined;
  /** What makes the elements. @default the browser's */
  readonly document?: Document | undefined;
}

/** One mark of a line. */
interface Point {
  readonly row: ComparisonRow;
  readonly size: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly tip: string;
}

/** A clock may say that a run took no time; a logarithmic axis has no zero. */
const LEAST_MS = 1e-6;
const MARGIN = { top: 30, bottom: 42, left: 62 };
const LETTER_PX = 7;
const LABEL_GAP_PX = 16;
const TICK_PX = { x: 40, y: 34 };

/** Which axes suit the numbers: logarithmic where the largest is 20 times the smallest. */
export function suitingAxes(data: ComparisonData): { readonly xLog: boolean; readonly yLog: boolean } {
  return {
    xLog: suitsLog(data.rows.map(({ size }) => size)),
    yLog: suitsLog(data.rows.map(({ medianMs }) => Math.max(LEAST_MS, medianMs))),
  };
}

/** What a saved chart is called. */
export function titleOf(data: ComparisonData, kind: ChartKind): string {
  return kind === 'time' ? data.title : `${data.title}: times as fast as the loop`;
}

/** Whether there is anything to draw: a speed-up needs a loop to compare with. */
export function canDraw(data: ComparisonData, kind: ChartKind): boolean {
  return kind === 'time' || data.rows.some(({ method, speedUp }) => method !== 'loop' && speedUp !== undefined);
}

/** Draws it. Colours are the variables of `colours.ts`, which the surroundings define. */
export function chart(data: ComparisonData, kind: ChartKind, options: ChartOptions): SVGSVGElement {
  const { width, height, xLog, yLog, tips, document, methods = data.methods } = options;
  const points = pointsOf(data, kind);
  const names = data.methods.map(shortName);
  const right = Math.max(24, 20 + LETTER_PX * Math.max(...names.map(({ length }) => length)));
  const inner = { width: width - MARGIN.left - right, height: height - MARGIN.top - MARGIN.bottom };
  const x = axisOver(
    points.map(({ size }) => size),
    xLog,
    Math.max(2, Math.floor(inner.width / TICK_PX.x)),
    'count',
  );
  const y = axisOver(
    points.flatMap(({ low, high }) => [low, high]),
    yLog,
    Math.max(2, Math.floor(inner.height / TICK_PX.y)),
    'measure',
  );
  const xTick = x.log ? shortCount : (n: number) => (n < 1e4 ? count(n) : shortCount(n));
  const yTick = kind === 'time' ? shortDuration : shortTimes;
  const svg = Plot.plot({
    ...(document ? { document } : {}),
    className: 'chart',
    width,
    height,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    marginRight: right,
    style: { fontSize: '12px', fontFamily: 'inherit', color: 'var(--soft)', background: 'none', overflow: 'visible' },
    ariaLabel: `${data.title}: ${kind === 'time' ? 'time' : 'times as fast as the loop'} by number of ${data.unit}`,
    x: { type: x.log ? 'log' : 'linear', domain: [...x.domain] },
    y: { type: y.log ? 'log' : 'linear', domain: [...y.domain] },
    marks: [
      Plot.gridY([...y.ticks], { stroke: 'var(--grid)', strokeOpacity: 1 }),
      Plot.axisY([...y.ticks], { text: (value: number) => yTick(value), tickSize: 0, label: null, fill: 'var(--soft)' }),
      Plot.axisX([...x.ticks], { text: (value: number) => xTick(value), tickSize: 4, label: null, color: 'var(--soft)' }),
      Plot.ruleY([y.log ? y.domain[0] : 0], { stroke: 'var(--soft)', strokeOpacity: 0.6 }),
      Plot.text([0], { text: () => `${shortName(data.unit)} →`, frameAnchor: 'bottom-right', dy: 36, fill: 'var(--soft)' }),
      ...breakEvenMarks(data, x),
      ...data.methods.flatMap((method) => bandMarks(points, method, methods)),
      ...data.methods.flatMap((method) => lineMarks(points, method, methods, kind)),
      ...labelMarks(points, data.methods, methods, y, inner.height),
      ...(tips ? tipMarks(points) : []),
    ],
  });
  return svg as SVGSVGElement;
}

function pointsOf(data: ComparisonData, kind: ChartKind): Point[] {
  return data.rows.flatMap((row) => {
    const tip = tipOf(row, data.unit);
    const { size, speedUp } = row;
    if (kind === 'time') {
      const [value, low, high] = [row.medianMs, row.minMs, row.maxMs].map((ms) => Math.max(LEAST_MS, ms)) as [number, number, number];
      return [{ row, size, value, low, high, tip }];
    }
    return speedUp === undefined || !(speedUp > 0) ? [] : [{ row, size, value: speedUp, low: speedUp, high: speedUp, tip }];
  });
}

/** The same numbers as in the table. */
function tipOf({ method, size, medianMs, minMs, maxMs, runsMs, speedUp }: ComparisonRow, unit: string): string {
  const lines = [`${method}, ${count(size)} ${unit}`, `median ${duration(medianMs)}`];
  if (runsMs.length > 1) lines.push(`${duration(minMs)} to ${duration(maxMs)} in ${runsMs.length} runs`);
  else lines.push('1 run');
  if (speedUp !== undefined && method !== 'loop')
    lines.push(speedUp < 1 ? `the loop is ${times(1 / speedUp)} as fast` : `${times(speedUp)} as fast as the loop`);
  return lines.join('\n');
}

/** From where on it is worth it. */
function breakEvenMarks({ breakEven, rows }: ComparisonData, x: Axis): Plot.Markish[] {
  // From the first size on: there is no even to break, and the verdict says so.
  if (breakEven === undefined || breakEven <= Math.min(...rows.map(({ size }) => size))) return [];
  const leftHalf = position(breakEven, x) < 0.5;
  return [
    Plot.ruleX([breakEven], { stroke: 'var(--ink)', strokeDasharray: '3 4', strokeOpacity: 0.7 }),
    Plot.text([breakEven], {
      x: (size: number) => size,
      frameAnchor: 'top',
      text: (size: number) => `worth it from ${count(size)}`,
      textAnchor: leftHalf ? 'start' : 'end',
      dx: leftHalf ? 6 : -6,
      dy: -16,
      fill: 'var(--ink)',
      fontWeight: 600,
    }),
    Plot.dot([breakEven], {
      x: (size: number) => size,
      frameAnchor: 'top',
      symbol: 'triangle',
      rotate: 180,
      r: 3.5,
      dy: -4,
      fill: 'var(--ink)',
    }),
  ];
}

/** From the quickest run to the slowest. */
function bandMarks(points: readonly Point[], method: string, methods: readonly string[]): Plot.Markish[] {
  const own = points.filter(({ row }) => row.method === method && row.runsMs.length > 1);
  const { colour } = lookOf(method, methods);
  if (own.length === 0) return [];
  // A band needs two places; one size has a bar.
  if (own.length === 1) return [Plot.ruleX(own, { x: 'size', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 6, strokeOpacity: 0.25 })];
  return [Plot.areaY(own, { x: 'size', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.14 })];
}

function lineMarks(points: readonly Point[], method: string, methods: readonly string[], kind: ChartKind): Plot.Markish[] {
  const own = points.filter(({ row }) => row.method === method);
  const { colour, symbol } = lookOf(method, methods);
  const baseline = kind === 'speed-up' && method === 'loop';
  return [
    Plot.line(own, { x: 'size', y: 'value', stroke: colour, strokeWidth: baseline ? 1.5 : 2, strokeLinejoin: 'round' }),
    ...(baseline ? [] : [Plot.dot(own, { x: 'size', y: 'value', symbol, r: 4, fill: colour, stroke: 'var(--ground)', strokeWidth: 1.25 })]),
  ];
}

/** Names at the ends of the lines instead of a legend: the eye need not go back and forth. */
function labelMarks(
  points: readonly Point[],
  own: readonly string[],
  methods: readonly string[],
  y: Axis,
  heightPx: number,
): Plot.Markish[] {
  const shown = own.flatMap((method) => {
    const point = points.findLast(({ row }) => row.method === method);
    return point ? [{ method, point }] : [];
  });
  const ends = shown.map(({ point }) => (1 - position(point.value, y)) * heightPx);
  const places = spread(ends, LABEL_GAP_PX, 0, heightPx);
  return shown.map(({ method, point }, i) =>
    Plot.text([point], {
      x: 'size',
      y: 'value',
      text: () => shortName(method),
      textAnchor: 'start',
      dx: 11,
      dy: places[i]! - ends[i]!,
      fill: lookOf(method, methods).colour,
      fontWeight: 600,
      fontSize: 12.5,
    }),
  );
}

function tipMarks(points: readonly Point[]): Plot.Markish[] {
  const where = { x: 'size', y: 'value', maxRadius: 80 } as const;
  return [
    Plot.dot(points, Plot.pointer({ ...where, r: 8, stroke: 'var(--ink)', strokeWidth: 1.5 })),
    Plot.tip(
      points,
      Plot.pointer({
        ...where,
        title: 'tip',
        fill: 'var(--ground)',
        stroke: 'var(--grid)',
        lineHeight: 1.35,
        fontSize: 12.5,
        textPadding: 10,
      }),
    ),
  ];
}
