/** The three ways to show how far a call is: a bar on a terminal, plain lines in a log, calls of a function. */
import { screenOn } from './progress-screen.ts';
import type { Progress } from './progress-tally.ts';
import { plainLine } from './progress-text.ts';
import { print, type Stop, type Terminal } from './terminal.ts';

/** What is shown. */
export interface Shown {
  /** Costs a look at the clock, which on some machines takes microseconds. */
  look(): Progress;
  /** How much has ended, 0 to 1, without that cost; undefined where the total is unknown. */
  fraction(): number | undefined;
}

/** Shows one call. Every method takes constant time. */
export interface Show {
  /** Also when it starts. */
  changed(): void;
  /** `stopped`: the call rejected, was cancelled, or its reader left. */
  ended(stopped: boolean): void;
}

/** A call that ends sooner is not worth a flicker. A little less than a frame, so that the first frame counts. */
const YOUNG_MS = 80;

/** One line of the block on the terminal; plain lines where nothing can be drawn after all. */
export function showBar(shown: Shown, terminal: Terminal): Show {
  let instead: Show | undefined;
  const remove = screenOn(terminal).add({
    look() {
      const progress = shown.look();
      return progress.elapsedMs < YOUNG_MS ? undefined : progress;
    },
    giveUp() {
      instead = showLines(shown, terminal);
    },
  });
  return {
    changed: () => instead?.changed(),
    ended(stopped) {
      remove();
      instead?.ended(stopped);
    },
  };
}

/** In a log, silence for longer looks like a program that hangs. */
const SILENCE_MS = 30_000;
/** More lines than this say nothing more. A call that ends sooner gets its last line alone. */
const LINE_EVERY_MS = 1000;
const STEPS = 10;

/** A line on stderr for each further tenth, one a second at the most, or after half a minute without one, and a last one with the totals. */
export function showLines({ look, fraction }: Shown, terminal: Terminal): Show {
  const { stderr } = terminal;
  let step = 0;
  let stopWaiting: Stop = () => {};
  let toldAtMs = 0;
  const wait = (ms: number) => {
    stopWaiting();
    stopWaiting = terminal.after(ms, () => tell(look()));
  };
  const tell = (progress: Progress, stopped = false) => {
    print(stderr, stderr.write, `${plainLine(progress, stopped)}\n`);
    toldAtMs = progress.elapsedMs;
    if (!progress.ended) wait(SILENCE_MS);
  };
  wait(SILENCE_MS);
  return {
    changed() {
      const reached = Math.floor((fraction() ?? 0) * STEPS);
      // The whole is told by the last line.
      if (reached <= step || reached === STEPS) return;
      step = reached;
      const progress = look();
      const tooSoonMs = toldAtMs + LINE_EVERY_MS - progress.elapsedMs;
      if (tooSoonMs > 0) wait(tooSoonMs);
      else tell(progress);
    },
    ended(stopped) {
      stopWaiting();
      tell(look(), stopped);
    },
  };
}

/** Often enough for any display, seldom enough to cost nothing. */
const CALL_EVERY_MS = 100;

/** Calls the function at the first change, which is the start, then at most ten times a second, and once at the end. */
export function showTo(report: (progress: Progress) => void, { look }: Shown, terminal: Terminal, fail: (error: unknown) => void): Show {
  let calledAt = Number.NEGATIVE_INFINITY;
  let stopWaiting: Stop | undefined;
  const call = () => {
    const progress = look();
    calledAt = progress.elapsedMs;
    report(progress);
  };
  return {
    changed() {
      if (stopWaiting) return;
      const waitMs = calledAt + CALL_EVERY_MS - look().elapsedMs;
      if (waitMs <= 0) return call();
      stopWaiting = terminal.after(waitMs, () => {
        stopWaiting = undefined;
        try {
          call();
        } catch (error) {
          fail(error);
        }
      });
    },
    ended() {
      stopWaiting?.();
      call();
    },
  };
}
