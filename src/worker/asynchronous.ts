/**
 * Which functions give promises. A task that awaits gets a storage of its own, by which what it leaves behind is known as its own; a
 * synchronous one does without, because a storage costs more than a small task.
 */

/** By function, or by the parts of a reduction. */
const known = new WeakMap<object, boolean>();

/** True also for one that has not been called yet. */
export function givesPromises(called: object): boolean {
  return known.get(called) ?? true;
}

/** What a call of it has given. One that has given a promise may do so at any time. */
export function learnWhatItGives(called: object, promise: boolean): void {
  if (known.get(called) !== true) known.set(called, promise);
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
