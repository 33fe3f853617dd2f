/** One size: every method in turn, repetition by repetition, A B C, B C A, C A B, so that what slows the machine meanwhile hits all alike. */
import type { CompareSettings } from './compare-options.ts';
import type { Contender, Prefix } from './methods.ts';
import { checkSame } from './referee.ts';
import { timed } from './stopwatch.ts';

/** Taken at import, so that a program's fake timers do not freeze us. */
const later = setImmediate;

/** Milliseconds of each run, by contender, in the order of the contenders. */
export async function race(
  contenders: readonly Contender[],
  items: Prefix,
  { repetitions, maxMs, signal }: Pick<CompareSettings, 'repetitions' | 'maxMs' | 'signal'>,
): Promise<number[][]> {
  const runsMs: number[][] = contenders.map(() => []);
  const given = contenders.map((contender) => contender.prepare(items));
  const reference = Math.max(
    0,
    contenders.findIndex(({ name }) => name === 'loop'),
  );
  let expected: ArrayLike<unknown> | undefined;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      // The first turn of all is the reference's: the others are compared with it.
      const who = (reference + repetition + turn) % contenders.length;
      if (!affordable(runsMs[who]!, maxMs)) continue;
      signal?.throwIfAborted();
      const { results, ms } = await timed(() => contenders[who]!.run(given[who]!));
      runsMs[who]!.push(ms);
      if (repetition === 0) {
        const { name } = contenders[who]!;
        checkSame({ method: name, reference: contenders[reference]!.name, size: items.length }, expected, results);
        expected ??= results as ArrayLike<unknown>;
      }
      // What a method has left to do, messages of its workers for one, is not the next one's time.
      await new Promise((resolve) => later(resolve));
    }
    // Results are compared once; lists of millions are not kept for longer.
    expected = undefined;
  }
  return runsMs;
}

/** The first run always; another one if it would end within the budget, taking as long as those before. */
function affordable(runsMs: readonly number[], maxMs: number): boolean {
  const spentMs = runsMs.reduce((sum, ms) => sum + ms, 0);
  return runsMs.length === 0 || spentMs + spentMs / runsMs.length <= maxMs;
}
