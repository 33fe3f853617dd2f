/** What tasks print, as the call wants it: through, with the worker's name before each line, not at all, or to a function. */
import type { SlotId } from '../core/events.ts';

/** Where a line came from. */
export interface LogOrigin {
  readonly stream: 'stdout' | 'stderr';
  /** Such as `t2`. */
  readonly worker: string;
  /** Index of the item whose task printed it. */
  readonly index: number;
}

/** What becomes of the lines that tasks print. */
export type LogRule = 'inherit' | 'prefix' | 'ignore' | ((line: string, from: LogOrigin) => void);

/** `text`: whole lines, but the last may be unfinished when its task has ended. */
export function log(rule: LogRule, slot: SlotId, stream: 'stdout' | 'stderr', text: string, index: number | undefined): void {
  if (rule === 'ignore') return;
  if (rule === 'inherit' || (index === undefined && typeof rule === 'function')) return void process[stream].write(text);
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  if (rule === 'prefix') process[stream].write(lines.map((line) => `[${slot}] ${line}\n`).join(''));
  else for (const line of lines) rule(line, { stream, worker: slot, index: index! });
}
