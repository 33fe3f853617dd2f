/** Stopwatch and referee: how long something takes, whether it had the cores to itself, and whether it gave what the loop gave. */
import { cpus } from 'node:os';

export interface Timed<R> {
  readonly result: R;
  readonly medianMs: number;
  /** Cores that were busy with other programs, on average: with 2 cores and 1 taken nothing can be faster than a loop. */
  readonly coresTaken: number;
}

export interface Repeats {
  /** Repeat until this much time has gone by: one run of a tiny list says nothing. */
  readonly forMs: number;
  readonly most: number;
}

/** What runs once: it is long enough to be measured so, or too long to be repeated. */
export const ONCE: Repeats = { forMs: 0, most: 1 };

/** Runs it at least once and as often as `repeats` says; the time is the median of the runs. */
export async function timed<R>(repeats: Repeats, run: () => R | Promise<R>): Promise<Timed<R>> {
  const runsMs: number[] = [];
  const coresTaken = watchCores();
  const startedAt = performance.now();
  for (;;) {
    const runAt = performance.now();
    // A synchronous run is not awaited: a turn of the event loop is no part of a plain loop.
    const outcome = run();
    const result = outcome instanceof Promise ? await outcome : outcome;
    const endAt = performance.now();
    runsMs.push(endAt - runAt);
    if (runsMs.length >= repeats.most || endAt - startedAt >= repeats.forMs) {
      return { result, medianMs: median(runsMs), coresTaken: coresTaken() };
    }
  }
}

/** What is neither idle nor ours is somebody else's: other programs, and other machines on the same hardware. */
function watchCores(): () => number {
  const idleMs = () => cpus().reduce((sum, { times }) => sum + times.idle, 0);
  const startedAt = performance.now();
  const idleAtStartMs = idleMs();
  const oursAtStart = process.cpuUsage();
  return () => {
    const tookMs = performance.now() - startedAt;
    const ours = process.cpuUsage(oursAtStart);
    const busyCores = cpus().length - (idleMs() - idleAtStartMs) / tookMs;
    return Math.max(0, busyCores - (ours.user + ours.system) / 1000 / tookMs);
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** A faster wrong answer is no answer: the demo ends with exit code 1. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

export function checkSame(what: string, loop: ArrayLike<unknown>, allcores: ArrayLike<unknown>): void {
  if (loop.length !== allcores.length) throw new Mismatch(`${what}: the loop gave ${loop.length} results, allcores ${allcores.length}`);
  for (let i = 0; i < loop.length; i++) {
    if (!Object.is(loop[i], allcores[i])) {
      throw new Mismatch(`${what}: result ${i} is ${String(loop[i])} by the loop and ${String(allcores[i])} by allcores`);
    }
  }
}
