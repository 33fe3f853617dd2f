/** The comparison as a table for a terminal of 80 columns. */
import { roundsOf } from './break-even.ts';
import type { ComparisonData } from './comparison.ts';
import { count, duration, some, times } from './figures.ts';
import { clearlyFaster } from './statistics.ts';

const WIDTH = 80;
const LONGEST_NAME = 16;

interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
}

/** Title, machine, one line for each size, and the verdict. */
export function terminalTable(data: ComparisonData): string {
  const { machine, workers, unit, methods } = data;
  const rounds = roundsOf(data.rows);
  const sizes: Column = { title: oneLine(unit, LONGEST_NAME), cells: rounds.map(({ size }) => count(size)), align: 'right' };
  const times: Column[] = methods.map((method) => {
    const cells = rounds.map(({ rows }) => aligned(rows.find((row) => row.method === method)?.medianMs));
    // A unit of one letter is padded only beside longer ones.
    const padded = cells.every((cell) => cell.endsWith(' ')) ? cells.map((cell) => cell.trimEnd()) : cells;
    return { title: oneLine(method, LONGEST_NAME), cells: padded, align: 'right' };
  });
  const faster: Column = {
    title: 'faster',
    cells: rounds.map(({ loop, best }) => fasterOf(loop?.medianMs, best?.medianMs, best?.method)),
    align: 'left',
  };
  const compared = faster.cells.some((cell) => cell !== '') ? [faster] : [];
  return [
    ...wrapped(oneLine(data.title, 400), ''),
    ...wrapped(`Node ${machine.node}, ${some(machine.cores, 'core')} (${oneLine(machine.cpu, 60)}), ${some(workers, 'worker')}`, ''),
    '',
    ...blocks(sizes, [...times, ...compared]),
    '',
    ...wrapped(oneLine(data.verdict, 1000), '  '),
  ].join('\n');
}

/** Side by side as far as the width goes; the rest below, under the sizes again. */
function blocks(first: Column, columns: readonly Column[]): string[] {
  const groups: Column[][] = [[first]];
  let width = 2 + widthOf(first);
  for (const column of columns) {
    if (width + 2 + widthOf(column) > WIDTH && groups.at(-1)!.length > 1) {
      groups.push([first]);
      width = 2 + widthOf(first);
    }
    groups.at(-1)!.push(column);
    width += 2 + widthOf(column);
  }
  return groups.flatMap((group, i) => [...(i > 0 ? [''] : []), ...tableOf(group)]);
}

function tableOf(columns: readonly Column[]): string[] {
  const line = (cellOf: (column: Column) => string) =>
    `  ${columns.map((c) => (c.align === 'left' ? cellOf(c).padEnd(widthOf(c)) : cellOf(c).padStart(widthOf(c)))).join('  ')}`.trimEnd();
  return [
    line(({ title }) => title),
    line((column) => '─'.repeat(widthOf(column))),
    ...columns[0]!.cells.map((_, i) => line(({ cells }) => cells[i]!)),
  ];
}

function widthOf({ title, cells }: Column): number {
  return Math.max(title.length, ...cells.map(({ length }) => length));
}

/** `s` stands under `ms`, so that figures stand under figures. */
function aligned(ms: number | undefined): string {
  if (ms === undefined) return '';
  const text = duration(ms);
  return / s$/.test(text) ? `${text} ` : text;
}

function fasterOf(loopMs: number | undefined, bestMs: number | undefined, best: string | undefined): string {
  if (loopMs === undefined || bestMs === undefined) return '';
  if (clearlyFaster(loopMs, bestMs)) return `loop ${times(bestMs / loopMs)}`;
  if (clearlyFaster(bestMs, loopMs)) return `${oneLine(best!, LONGEST_NAME)} ${times(loopMs / bestMs)}`;
  return 'as fast';
}

/** What others have named may hold line ends and commands for the terminal. */
function oneLine(text: string, longest: number): string {
  const plain = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1)}…`;
}

function wrapped(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : `${indent}${word}`;
    if (lines.length > 0 && longer.length <= WIDTH) lines[lines.length - 1] = longer;
    // A word that no line can hold is cut.
    else for (let at = 0; at < word.length; at += WIDTH - indent.length) lines.push(indent + word.slice(at, at + WIDTH - indent.length));
  }
  return lines;
}
