/** Two parameters by `starmap`, which spreads each pair itself. `await using` closes the pool. */
import { Pool } from 'allcores';
import { hyperparams, modelRunner } from './model-runner.ts';

await using pool = new Pool(4);
const scores = await pool.starmap(modelRunner, hyperparams);

for (const [i, [nEstimators, maxDepth]] of hyperparams.entries()) {
  console.log(`${nEstimators} trees of depth ${maxDepth}: ${scores[i]!.toFixed(5)}`);
}
// -> 100 trees of depth 4: 0.99750
// -> 150 trees of depth 5: 0.99867
// -> 200 trees of depth 6: 0.99917
// -> 300 trees of depth 4: 0.99917
