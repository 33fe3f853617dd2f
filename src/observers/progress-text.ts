/** Progress as text: the lines of a block that fits its terminal, and plain lines for logs. */
import { styleText } from 'node:util';
import { displayWidth, fitted, padded } from './display-width.ts';
import type { Progress } from './progress-tally.ts';

/** A drawn line and the columns it takes. */
export interface Line {
  readonly text: string;
  readonly width: number;
}

type Style = Parameters<typeof styleText>[0];

/** One thing a line tells. */
interface Part {
  readonly name: 'percent' | 'count' | 'failed' | 'rate' | 'elapsed' | 'remaining';
  readonly text: string;
  /** Columns kept for it, so that the bar does not change its length with every digit. */
  readonly room: number;
  readonly style?: Style | undefined;
}

/** What goes first where a line gets narrow. */
const LEAST_NEEDED: readonly Part['name'][] = ['elapsed', 'rate', 'remaining'];
const BAR_AT_LEAST = 10;
/** Where even that has no room, the bar shrinks to this before it goes. */
const SHORTEST_BAR = 4;
/** A longer bar tells nothing more, and its end is far from its label. */
const BAR_AT_MOST = 40;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 100;
const BETWEEN = 2;

/** One line for each job, in columns that stand below each other where possible, none as wide as `columns`. */
export function barLines(jobs: readonly Progress[], columns: number, colours: boolean): Line[] {
  // The last column stays empty: some terminals wrap when it is written.
  const room = Math.max(1, columns - 1);
  const labelWidth = Math.min(Math.floor(room / 3), Math.max(0, ...jobs.map(({ label }) => displayWidth(label))));
  const countWidth = Math.max(0, ...jobs.map((job) => count(job).length));
  const paint = ([text, style]: Piece) =>
    colours && style !== undefined && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  return jobs.map((job) => barLine(job, room, labelWidth, countWidth, paint));
}

type Piece = readonly [text: string, style?: Style | undefined];

function barLine(job: Progress, room: number, labelWidth: number, countWidth: number, paint: (piece: Piece) => string): Line {
  const fraction = fractionOf(job);
  const pieces: Piece[] = [];
  if (labelWidth > 0) pieces.push([`${padded(fitted(job.label, labelWidth), labelWidth)} `]);
  if (fraction === undefined) pieces.push([`${SPINNER[Math.floor(job.elapsedMs / SPINNER_MS) % SPINNER.length]!} `, 'cyan']);
  const head = widthOf(pieces);

  let parts = partsOf(job, fraction, countWidth);
  const spare = () => room - head - parts.reduce((sum, part, i) => sum + part.room + (i > 0 ? BETWEEN : 0), 0);
  const wanted = fraction === undefined ? 0 : BAR_AT_LEAST + 1;
  for (const name of LEAST_NEEDED) if (spare() < wanted) parts = parts.filter((part) => part.name !== name);
  // Too narrow for everything that matters: how far it is matters more than what it is.
  if (spare() < 0) return drawn([[fitted(parts.map(({ text }) => text.trim()).join(' '), room)]], paint);

  if (fraction !== undefined) pieces.push(...barOf(fraction, Math.min(BAR_AT_MOST, spare() - 1)));
  parts.forEach(({ text, style }, i) => {
    pieces.push([i > 0 ? ' '.repeat(BETWEEN) : ''], [text, style]);
  });
  return drawn(pieces, paint);
}

/** Without what would be spaces at the end: they show nothing, and a narrower terminal would break them into a line of their own. */
function drawn(pieces: Piece[], paint: (piece: Piece) => string): Line {
  for (let last = pieces.pop(); last; last = pieces.pop()) {
    const text = last[0].trimEnd();
    if (text === '') continue;
    pieces.push([text, last[1]]);
    break;
  }
  return { text: pieces.map(paint).join(''), width: widthOf(pieces) };
}

function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, [text]) => sum + displayWidth(text), 0);
}

function partsOf(job: Progress, fraction: number | undefined, countWidth: number): Part[] {
  const part = (name: Part['name'], text: string, room: number, style?: Style): Part => {
    const columns = Math.max(room, text.length);
    return { name, text: text.padStart(columns), room: columns, style };
  };
  const parts: Part[] = [];
  if (fraction !== undefined) parts.push(part('percent', percent(fraction), 5, 'bold'));
  parts.push(part('count', count(job), countWidth));
  parts.push(part('rate', rate(job.perSecond), 8, 'gray'));
  parts.push(part('elapsed', duration(job.elapsedMs), 5, 'gray'));
  if (fraction !== undefined) {
    const text = job.remainingMs === undefined ? '' : left(job.remainingMs);
    parts.push({ name: 'remaining', text: text.padEnd(10), room: Math.max(10, text.length), style: 'gray' });
  }
  // Last, so that nothing moves when the first task fails.
  if (job.failed > 0) parts.push(part('failed', `${grouped(job.failed)} failed`, 0, 'red'));
  return parts;
}

/** Heavy for what is done, light for the rest: the two differ without colours too. Half a column counts. */
function barOf(fraction: number, columns: number): Piece[] {
  if (columns < SHORTEST_BAR) return [];
  const halves = Math.floor(fraction * columns * 2);
  const full = Math.floor(halves / 2);
  const done = '━'.repeat(full) + (halves % 2 === 1 ? '╾' : '');
  return [[done, fraction === 1 ? 'green' : 'cyan'], ['─'.repeat(columns - done.length), 'gray'], [' ']];
}

/** A line for a log, e.g. `crunch: 400/1,000 (40 %), 52/s, 8 s, 12 s left`. `stopped`: the call rejected, was cancelled or left. */
export function plainLine(job: Progress, stopped = false): string {
  const fraction = fractionOf(job);
  const far = count(job).trimStart() + (fraction === undefined ? '' : ` (${percent(fraction)})`);
  const facts = [stopped ? `stopped at ${far}` : far];
  if (job.failed > 0) facts.push(`${grouped(job.failed)} failed`);
  if (job.perSecond > 0) facts.push(rate(job.perSecond));
  facts.push(duration(job.elapsedMs));
  if (!job.ended && job.remainingMs !== undefined) facts.push(left(job.remainingMs));
  return (job.label === '' ? '' : `${job.label}: `) + facts.join(', ');
}

/** How much has ended, 0 to 1; undefined where the total is unknown or has turned out wrong. */
export function fractionOf({ done, failed, total }: Pick<Progress, 'done' | 'failed' | 'total'>): number | undefined {
  if (total === undefined || done + failed > total) return undefined;
  return total === 0 ? 1 : (done + failed) / total;
}

/** What has ended, with a result or without: 100 % is reached when nothing is left to do. */
function count(job: Progress): string {
  const ended = grouped(job.done + job.failed);
  if (fractionOf(job) === undefined) return `${ended} done`;
  const total = grouped(job.total!);
  return `${ended.padStart(total.length)}/${total}`;
}

/** Rounded down, so that 100 % is all of it. */
function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}

function grouped(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Per second, or the other way round where a task takes longer than that. */
function rate(perSecond: number): string {
  if (perSecond <= 0) return '';
  if (perSecond < 0.995) return `${perSecond > 1 / 60 ? `${(1 / perSecond).toFixed(1)} s` : duration(1000 / perSecond)}/item`;
  if (perSecond < 9.95) return `${perSecond.toFixed(1)}/s`;
  if (perSecond < 99_999.5) return `${grouped(Math.round(perSecond))}/s`;
  return perSecond < 999_500 ? `${Math.round(perSecond / 1000)} k/s` : `${grouped(Number((perSecond / 1e6).toFixed(1)))} M/s`;
}

/** Rounded up: `0 s left` would be a promise that the last task breaks. */
function left(ms: number): string {
  return `${duration(Math.ceil(Math.round(ms) / 1000) * 1000)} left`;
}

/** Whole seconds that have passed: `8 s`, `1:05` for minutes and seconds, `2:01:05` with hours. */
function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
