/** The loops that people write: what everybody is measured beside. */
import { type Contender, msOf } from './workload.ts';

/** `times` runs make one figure, where one is too short for a clock. */
export function loops<T, R>(
  items: readonly T[],
  fn: (item: T) => R,
  check: (results: readonly R[]) => void,
  times = 1,
): Readonly<Record<'xs.map' | 'push' | 'pre-sized', Contender>> {
  return {
    'xs.map': meanOf(times, () => check(items.map((item) => fn(item)))),
    push: meanOf(times, () => {
      const results: R[] = [];
      for (const item of items) results.push(fn(item));
      check(results);
    }),
    'pre-sized': meanOf(times, () => {
      const results = new Array<R>(items.length);
      for (let i = 0; i < items.length; i++) results[i] = fn(items[i]!);
      check(results);
    }),
  };
}

/** Milliseconds of one run, as the mean of several in a row. */
export function meanOf(times: number, work: () => unknown): Contender {
  return async () =>
    (await msOf(
      times === 1
        ? work
        : () => {
            const first = work();
            return first instanceof Promise ? rest(first, times - 1, work) : again(times - 1, work);
          },
    )) / times;
}

function again(times: number, work: () => unknown): void {
  for (let i = 0; i < times; i++) work();
}

async function rest(first: Promise<unknown>, times: number, work: () => unknown): Promise<void> {
  await first;
  for (let i = 0; i < times; i++) await work();
}
