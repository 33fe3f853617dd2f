/** Work that is far too small for other cores: how far behind the loop we are. Informational. */
import { map, shutdown } from 'allcores';
import { msOf, mustBe, type Workload } from '../workload.ts';

const square = (x: number) => x ** 2;

function squares(name: string, length: number, turns: number, quickTurns: number): Workload {
  return {
    name,
    what: `x ** 2 over ${length} numbers on the shared pool, warm`,
    unit: 'ms',
    baseline: 'xs.map',
    bars: [],
    turns,
    quickTurns,
    async setUp() {
      const xs = Array.from({ length }, (_, x) => x);
      const doubles = Float64Array.from(xs);
      const last = (length - 1) ** 2;
      const time = (work: () => ArrayLike<number>) => async () => msOf(() => mustBe(name, work()[length - 1] === last));
      const timeAsync = (work: () => Promise<ArrayLike<number>>) => () =>
        msOf(async () => {
          const results = await work();
          mustBe(name, results.length === length && results[length - 1] === last);
        });
      const contenders = {
        'allcores, array': timeAsync(() => map(xs, square)),
        'allcores, Float64Array': timeAsync(() => map(doubles, square)),
        'xs.map': time(() => xs.map(square)),
        'pre-sized loop': time(() => {
          const results = new Array<number>(length);
          for (let i = 0; i < length; i++) results[i] = square(xs[i]!);
          return results;
        }),
      };
      for (const warmUp of Object.values(contenders)) await warmUp();
      return { contenders, tearDown: shutdown };
    },
  };
}

export const square1e5 = squares('square1e5', 1e5, 30, 7);
export const square1e6 = squares('square1e6', 1e6, 12, 6);
