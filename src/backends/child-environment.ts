/**
 * The environment of a worker process: this program's, and how many threads native libraries may use there. Else n workers with n threads
 * each would compete for the same cores.
 */
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

/** The cores are shared in equal parts, at least one each, where the user has not said otherwise. */
export function childEnvironment(workers: number): NodeJS.ProcessEnv {
  const threads = String(Math.max(1, Math.floor(cpuCount() / workers)));
  const unset = VARIABLES.filter((name) => process.env[name] === undefined);
  // Electron's own binary is Node.js only when it is told so.
  const electron = 'electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {};
  return { ...process.env, ...electron, ...Object.fromEntries(unset.map((name) => [name, threads])) };
}
