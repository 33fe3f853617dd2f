/** The article's fourth experiment: Joblib's words against Pool's, over 1 to 15 slow items. */
import { type Comparison, compare, delayed, Parallel, range } from 'allcores';
import { checkSame, ONCE, timed } from './measure.ts';
import { slowSquareOf } from './slow.ts';
import { duration, heading, note } from './table.ts';

const WORKERS = 8;

export async function joblib({ full }: { full: boolean }): Promise<Comparison> {
  const sleepMs = full ? 2000 : 200;
  console.log(heading(`4. Joblib's words: Parallel and delayed, with a function of ${duration(sleepMs).trim()}`));

  const f = slowSquareOf(sleepMs);
  const one = await timed(ONCE, () => Parallel({ nJobs: WORKERS })(range(10).map((i) => delayed(f)(i))));
  checkSame('Parallel over 10 items', [0, 1, 4, 9, 16, 25, 36, 49, 64, 81], one.result);
  console.log(`  Parallel({ nJobs: 8 })(range(10).map((i) => delayed(f)(i)))`);
  console.log(note(`[${one.result.join(', ')}] in ${duration(one.medianMs).trim()}\n`));

  const g = (x: number, y: number) => f(x) + y ** 2;
  const params = range(10).map((x): [number, number] => [x, x]);
  const two = await timed(ONCE, () => Parallel({ nJobs: WORKERS })(params.map(([x, y]) => delayed(g)(x, y))));
  checkSame('Parallel with two parameters', [0, 2, 8, 18, 32, 50, 72, 98, 128, 162], two.result);
  console.log(`  Parallel({ nJobs: 8 })(params.map(([x, y]) => delayed(g)(x, y)))`);
  console.log(note(`[${two.result.join(', ')}] in ${duration(two.medianMs).trim()}\n`));

  const comparison = await compare(f, range(15), {
    title: `Joblib's words and Pool's, a function of ${duration(sleepMs).trim()}`,
    sizes: range(1, 16).map((n) => n),
    methods: ['Parallel', 'Pool.map'],
    workers: WORKERS,
    repetitions: 1,
  });
  console.log(String(comparison));
  return comparison;
}
