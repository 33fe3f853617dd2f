/** Several figures of one run, as contenders: a job has a p99 and a maximum, a process a growth and a total. */
import type { Contender } from './workload.ts';

/** In each turn the first that is asked runs it, and the others take what it found. `names` are the contenders, by figure. */
export function figuresOfOneRun<Figure extends string>(
  names: Readonly<Record<Figure, string>>,
  run: () => Promise<Readonly<Record<Figure, number>>>,
): Readonly<Record<string, Contender>> {
  const waiting = new Map<string, number>();
  const figures = Object.entries(names) as [Figure, string][];
  const contender = (wanted: Figure) => async () => {
    if (!waiting.has(wanted)) for (const [figure, value] of Object.entries(await run()) as [Figure, number][]) waiting.set(figure, value);
    const value = waiting.get(wanted)!;
    waiting.delete(wanted);
    return value;
  };
  return Object.fromEntries(figures.map(([figure, name]) => [name, contender(figure)]));
}
