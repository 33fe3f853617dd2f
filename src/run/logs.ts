/** What tasks print, as the call wants it: through, with the worker's name before each line, not at all, or to a function. */
import type { SlotId } from '../core/events.ts';

/** Where a line came from. */
export interface LogOrigin {
  readonly stream: 'stdout' | 'stderr';
  /** Such as `t2`. */
  readonly worker: string;
  /** Index of the item whose task printed it; undefined for what no task has printed, such as a setup or a late timer. */
  readonly index: number | undefined;
}

/** What becomes of the lines that tasks print. */
export type LogRule = 'inherit' | 'prefix' | 'ignore' | ((line: string, from: LogOrigin) => void);

/** `text`: whole lines, but the last may be unfinished when its task has ended. Gives what the caller's function has answered. */
export function log(rule: LogRule, slot: SlotId, stream: 'stdout' | 'stderr', text: string, index: number | undefined): unknown[] {
  if (rule === 'ignore') return [];
  if (rule === 'inherit') {
    process[stream].write(text);
    return [];
  }
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  if (rule !== 'prefix') return lines.map((line) => rule(line, { stream, worker: slot, index }) as unknown);
  process[stream].write(lines.map((line) => `[${slot}] ${line}\n`).join(''));
  return [];
}
