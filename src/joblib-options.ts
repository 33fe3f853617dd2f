/** The options that have Joblib's names: of `Parallel` and `parallelConfig` alone. */
import { MAX_WORKERS, numberOfJobs, preDispatched, whole } from './counts.ts';
import type { OptionRule } from './option-rule.ts';

const RETURNS = ['array', 'generator', 'generatorUnordered'];

export const JOBLIB_OPTIONS = {
  nJobs: {
    scopes: ['parallel', 'config'],
    allowed: `a whole number from 1 to ${MAX_WORKERS}, or below 0 to count from all cores: -1 all, -2 all but one`,
    byDefault: '-1: all cores',
    unit: 'workers',
    meaning: 'How many workers there are; 1 runs in line. In `parallelConfig` also the number of workers of `map` and `new Pool`.',
    ok: (v) => numberOfJobs(v) !== undefined,
  },
  returnAs: {
    scopes: ['parallel'],
    allowed: `one of ${RETURNS.map((r) => `'${r}'`).join(', ')}`,
    byDefault: "'array'",
    unit: '',
    meaning: 'A promise of all results, or results as they come: in order, or as they finish.',
    ok: (v) => RETURNS.includes(v as string),
  },
  batchSize: {
    scopes: ['parallel', 'config'],
    allowed: "a whole number from 1, or 'auto'",
    byDefault: "'auto', as `chunkSize`",
    unit: 'tasks',
    meaning: "Joblib's name for `chunkSize`.",
    ok: (v) => v === 'auto' || whole(v, 1),
  },
  preDispatch: {
    scopes: ['parallel', 'config'],
    allowed: "a whole number from 1, 'all', or a multiple such as '2 * nJobs'",
    byDefault: '100,000, as `maxInFlight`; with nJobs 1 one batch',
    unit: 'tasks',
    meaning: "Joblib's name for `maxInFlight`: calls read ahead of the results taken.",
    ok: (v) => preDispatched(v, 1) !== undefined,
  },
  verbose: {
    scopes: ['parallel', 'config'],
    allowed: 'true, false, or a number from 0',
    byDefault: '0',
    unit: '',
    meaning: "Joblib's name for `progress`: any number above 0 shows the line.",
    ok: (v) => typeof v === 'boolean' || (typeof v === 'number' && v >= 0),
  },
} as const satisfies Readonly<Record<string, OptionRule>>;
