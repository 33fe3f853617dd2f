/** Two parameters where there is only `map`: a wrapper takes the pair apart. */
import { Pool } from 'allcores';
import { hyperparams, modelRunner } from './model-runner.ts';

const pool = new Pool(4);
const scores = await pool.map(([nEstimators, maxDepth]) => modelRunner(nEstimators, maxDepth), hyperparams);
await pool.close();

for (const [i, [nEstimators, maxDepth]] of hyperparams.entries()) {
  console.log(`${nEstimators} trees of depth ${maxDepth}: ${scores[i]!.toFixed(5)}`);
}
// -> 100 trees of depth 4: 0.99750
// -> 150 trees of depth 5: 0.99867
// -> 200 trees of depth 6: 0.99917
// -> 300 trees of depth 4: 0.99917
