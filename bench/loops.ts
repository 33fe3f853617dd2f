/** The loops that people write: what everybody is measured beside. */
import { type Contender, msOf } from './workload.ts';

/**
 * Compiled anew for each workload, with the function's text in its place as people write it: what another workload has run through the same
 * lines would make them slower, and whatever is measured beside them look better. So `fn` may use nothing but its item and globals.
 * `times` runs make one figure, where one is too short for a clock.
 */
export function loops<T, R>(
  items: readonly T[],
  fn: (item: T) => R,
  check: (results: readonly R[]) => void,
  times = 1,
): Readonly<Record<'xs.map' | 'push' | 'pre-sized', Contender>> {
  const run = (body: string) => {
    const loop = new Function('xs', body) as (xs: readonly T[]) => R[];
    return meanOf(times, () => check(loop(items)));
  };
  return {
    'xs.map': run(`return xs.map(${fn});`),
    push: run(`const fn = ${fn}; const ys = []; for (const x of xs) ys.push(fn(x)); return ys;`),
    'pre-sized': run(
      `const fn = ${fn}; const ys = new Array(xs.length); for (let i = 0; i < xs.length; i++) ys[i] = fn(xs[i]); return ys;`,
    ),
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
