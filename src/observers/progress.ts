/** The observer that shows how far one call is: as a bar, as lines in a log, or to a function. It is made for one job. */
import type { Observer } from '../observer.ts';
import { oneLine } from './display-width.ts';
import { type Show, showBar, showLines, showTo } from './progress-shows.ts';
import { type Progress, Tally } from './progress-tally.ts';
import { fractionOf } from './progress-text.ts';
import { processTerminal, type Terminal } from './terminal.ts';

export type { Progress } from './progress-tally.ts';

/** How a call shows its progress. Every setting is optional. */
export interface ProgressSettings {
  /** What stands before the bar. @default the function's name, or 'map' where it has none */
  readonly label?: string | undefined;
  /** How many tasks there will be, for generators and streams, which do not tell. The call's own number wins as soon as it is known. @default unknown */
  readonly total?: number | undefined;
}

/**
 * Whether and how a call shows how far it is.
 *
 * - `true` or settings: one line on stderr, redrawn in place ten times a second at most, from 100 ms on, and taken away at the end. Where
 *   stderr is no terminal, or the environment variable CI is set: a plain line for each further 10 %, at most one a second, or every 30 s, and one at the end.
 * - a function: called at the start, at most every 100 ms when something has changed, and exactly once at the end. What it throws ends the
 *   call with that error.
 * - `false`: nothing.
 *
 * A note of the job costs less than a microsecond.
 */
export type ProgressOption = boolean | ProgressSettings | ((progress: Progress) => void);

/** What the observer needs of the conductor. */
export interface ProgressLinks {
  /** The clock that the notes' `at` comes from: a display goes on between notes. */
  now(): number;
  /** The caller's function threw in a timer, where nobody else hears of it. */
  fail(error: unknown): void;
}

/** The name that shipping gives to functions without one. */
const NAMELESS = 'anonymous function';

/** The observer for one call. `terminal` is for tests. */
export function progressObserver(
  option: Exclude<ProgressOption, false>,
  links: ProgressLinks,
  terminal: Terminal = processTerminal(),
): Observer {
  const settings = typeof option === 'object' ? { ...option } : {};
  let job: { readonly tally: Tally; readonly show: Show } | undefined;

  return {
    onNote(note) {
      if (note.type === 'jobStarted') {
        const name = note.functionName === NAMELESS ? '' : oneLine(note.functionName);
        const label = settings.label === undefined ? name || 'map' : oneLine(settings.label);
        const tally = new Tally(label, note.at, note.size ?? settings.total);
        const shown = { look: () => tally.at(links.now()), fraction: () => fractionOf(tally) };
        const show =
          typeof option === 'function'
            ? showTo(option, shown, terminal, links.fail)
            : terminal.redraws
              ? showBar(shown, terminal)
              : showLines(shown, terminal);
        job = { tally, show };
        show.changed();
      } else if (job?.tally.take(note)) {
        const { show } = job;
        if (note.type !== 'jobEnded') return show.changed();
        // Before the caller's function is called for the last time, which may throw.
        job = undefined;
        show.ended(note.failure !== undefined);
      }
    },
  };
}

/** Whether a value is a `progress` option: true, false, a function, or settings with a label that is a string and a total from 0. */
export function isProgressOption(value: unknown): boolean {
  if (typeof value === 'boolean' || typeof value === 'function') return true;
  if (Object.prototype.toString.call(value) !== '[object Object]') return false;
  const settings = value as Readonly<Record<string, unknown>>;
  // Inherited names too: a setting nobody wrote on this object is a polluted prototype, or a mistake.
  for (const name in settings) {
    if (!Object.hasOwn(settings, name)) return false;
    const setting = settings[name];
    if (name === 'label') {
      if (setting !== undefined && typeof setting !== 'string') return false;
    } else if (name === 'total') {
      if (setting !== undefined && !(Number.isSafeInteger(setting) && (setting as number) >= 0)) return false;
    } else return false;
  }
  return true;
}
