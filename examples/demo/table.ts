/** Tables and times for a terminal of 80 columns. */
import { styleText } from 'node:util';

export interface Column {
  readonly title: string;
  /** @default 'right' */
  readonly align?: 'left' | 'right';
}

/** Rows under their titles, aligned, with a rule between. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => (columns[i]!.align === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')}`.trimEnd();
  const titles = line(columns.map(({ title }) => title));
  return [styleText('bold', titles), `  ${widths.map((width) => '─'.repeat(width)).join('  ')}`, ...rows.map(line)].join('\n');
}

export function heading(text: string): string {
  return `\n${styleText('bold', text)}\n`;
}

/** Indented text, wrapped to 80 columns. */
export function note(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (longer.length <= 78) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => `  ${line}`).join('\n');
}

/** A duration in the unit that suits it, three figures long. */
export function duration(ms: number): string {
  if (ms < 0.001) return `${threeFigures(ms * 1e6)} ns`;
  if (ms < 1) return `${threeFigures(ms * 1e3)} µs`;
  if (ms < 1000) return `${threeFigures(ms)} ms`;
  return `${threeFigures(ms / 1000)} s `;
}

/** By more than two runs of the same differ on a busy machine. */
export function clearlyFaster(ms: number, thanMs: number): boolean {
  return 1.05 * ms < thanMs;
}

/** Who was faster, and by how much. */
export function faster(loopMs: number, allcoresMs: number): string {
  if (clearlyFaster(loopMs, allcoresMs)) return `loop ${times(allcoresMs / loopMs)}`;
  if (clearlyFaster(allcoresMs, loopMs)) return `allcores ${times(loopMs / allcoresMs)}`;
  return 'as fast';
}

/** `1.94x`, `12.3x`, `5,300x`. */
export function times(factor: number): string {
  return `${threeFigures(factor)}x`;
}

export function count(n: number): string {
  return n.toLocaleString('en-US');
}

function threeFigures(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  const rounded =
    value >= 1000 ? Math.round(value / 10 ** Math.floor(Math.log10(value) - 1)) * 10 ** Math.floor(Math.log10(value) - 1) : value;
  return rounded.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
