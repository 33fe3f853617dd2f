/** The page's script: draws the charts of every comparison, again when the window or an axis changes, and saves them. */
import type { ComparisonData } from '../src/compare/comparison.ts';
import { type ChartKind, canDraw, chart, suitingAxes, titleOf } from './chart.ts';
import { standaloneSvg } from './standalone.ts';

/** From this width on both charts stand side by side, as in style.css. */
const SIDE_BY_SIDE_PX = 900;

/** What the reader has chosen for one comparison. */
interface Choice {
  xLog: boolean;
  yLog: boolean;
}

const comparisons = JSON.parse(document.getElementById('comparisons')!.textContent) as readonly ComparisonData[];
const methods = [...new Set(comparisons.flatMap((data) => data.methods))];
comparisons.forEach((data, i) => {
  const section = document.querySelector<HTMLElement>(`[data-comparison="${i}"]`)!;
  const choice: Choice = { ...suitingAxes(data) };
  const figures = [...section.querySelectorAll<HTMLElement>('figure')];
  const kindOf = (figure: HTMLElement) => figure.dataset.chart as ChartKind;
  for (const figure of figures) {
    if (canDraw(data, kindOf(figure))) figure.append(saveButton(data, figure));
    else figure.remove();
  }
  let width = 0;
  const draw = () => {
    for (const figure of figures) if (figure.isConnected) drawInto(figure, data, choice, width);
  };
  const controls = section.querySelector<HTMLElement>('.controls')!;
  controls.append(axisControl(`x-${i}`, data.unit, choice, 'xLog', draw), axisControl(`y-${i}`, 'time and speed-up', choice, 'yLog', draw));
  controls.hidden = false;
  // A chart is drawn for its width: stretched text cannot be read.
  new ResizeObserver(([entry]) => {
    const next = Math.round(entry!.contentRect.width);
    if (next === width) return;
    width = next;
    draw();
  }).observe(section);
});

function drawInto(figure: HTMLElement, data: ComparisonData, { xLog, yLog }: Choice, sectionWidth: number): void {
  const canvas = figure.querySelector<HTMLElement>('.canvas')!;
  const width = Math.max(280, canvas.clientWidth);
  const kind = figure.dataset.chart as ChartKind;
  const ownHeight = Math.round(Math.min(440, Math.max(kind === 'time' ? 320 : 260, width * (kind === 'time' ? 0.58 : 0.4))));
  const height = sectionWidth >= SIDE_BY_SIDE_PX ? 390 : ownHeight;
  canvas.replaceChildren(chart(data, kind, { width, height, xLog, yLog, tips: true, methods }));
}

function axisControl(name: string, title: string, choice: Choice, axis: keyof Choice, draw: () => void): HTMLElement {
  const field = document.createElement('fieldset');
  const legend = document.createElement('legend');
  legend.textContent = title;
  field.append(legend);
  for (const log of [false, true]) {
    const label = document.createElement('label');
    const input = document.createElement('input');
    input.type = 'radio';
    input.name = name;
    input.checked = choice[axis] === log;
    input.addEventListener('change', () => {
      choice[axis] = log;
      draw();
    });
    label.append(input, log ? 'log' : 'linear');
    field.append(label);
  }
  return field;
}

function saveButton(data: ComparisonData, figure: HTMLElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Save SVG';
  button.addEventListener('click', () => {
    const svg = figure.querySelector<SVGSVGElement>('svg')!;
    const url = URL.createObjectURL(
      new Blob([standaloneSvg(svg, titleOf(data, figure.dataset.chart as ChartKind))], { type: 'image/svg+xml' }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = `${fileName(data.title)}-${figure.dataset.chart}.svg`;
    link.click();
    URL.revokeObjectURL(url);
  });
  return button;
}

function fileName(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'comparison'
  );
}
