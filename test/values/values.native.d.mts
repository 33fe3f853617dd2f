import type { Pool } from '../../dist/index.js';
export function someValuesComeBack(pool: Pool, options: { seed: number; numRuns: number }): Promise<void>;
