/** How many threads the native libraries of each worker process may use: else n workers with n threads each would compete for the same cores. */
import { cpuCount } from '../cpu-count.ts';

const VARIABLES = [
  'OMP_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'MKL_NUM_THREADS',
  'BLIS_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
  'NUMBA_NUM_THREADS',
  'RAYON_NUM_THREADS',
];

/** Those the user has not set: the cores in equal parts, at least one. */
export function threadVariables(environment: NodeJS.ProcessEnv, workers: number): Record<string, string> {
  const threads = String(Math.max(1, Math.floor(cpuCount() / workers)));
  return Object.fromEntries(VARIABLES.filter((name) => environment[name] === undefined).map((name) => [name, threads]));
}
