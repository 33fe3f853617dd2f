/** A chart as an SVG file without a browser: what scripts/chart.mjs bundles and runs in Node. */
import { parseHTML } from 'linkedom';
import type { ComparisonData } from '../src/compare/comparison.ts';
import { type ChartKind, chart, suitingAxes, titleOf } from './chart.ts';
import { standaloneSvg } from './standalone.ts';

/** The text of the file. Width and height are pixels. */
export function chartSvg(data: ComparisonData, kind: ChartKind, width: number, height: number): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as { document: Document };
  const svg = chart(data, kind, { ...suitingAxes(data), width, height, tips: false, document });
  return `${standaloneSvg(svg, titleOf(data, kind))}\n`;
}
