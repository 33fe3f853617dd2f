/** The stopwatch: how long one run takes, from the call to its results. */

/** What a run gave, and the milliseconds it took. */
export interface Timed {
  readonly results: unknown;
  readonly ms: number;
}

/** Runs it once. A run that gives no promise is not awaited: a turn of the event loop is no part of a plain loop. */
export async function timed(run: () => unknown): Promise<Timed> {
  const from = performance.now();
  const outcome = run();
  const results = isPromise(outcome) ? await outcome : outcome;
  return { results, ms: performance.now() - from };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
