/** Any value that may travel goes in as an item and comes back as a result: equal, of its class, and with the identity of what is the same. */
import { test } from 'vitest';
import { Pool } from '../../dist/index.js';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { someValuesComeBack } from './values.native.mjs';

/** Another one with ALLCORES_FUZZ_SEED; a failure names it, and its smallest values. */
const seed = Number(process.env.ALLCORES_FUZZ_SEED ?? 20_261_123);
const numRuns = Number(process.env.ALLCORES_FUZZ_CASES ?? 150);

for (const backend of WORKER_BACKENDS) {
  test(`random values are items and results on ${backend}`, async () => {
    const pool = new Pool({ workers: 1, backend });
    await someValuesComeBack(pool, { seed, numRuns });
    await pool.close();
  }, 120_000);
}
