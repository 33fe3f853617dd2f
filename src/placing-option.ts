/** The option that says whether a call goes to workers. */
import type { OptionRule } from './option-rule.ts';

/**
 * Whether a call goes to workers. `auto`: a function that is proved to be a short calculation runs on the calling thread, as far as that is
 * sooner; all else on workers. `workers`: always there. `inline`: the very function on the calling thread, as with `backend: 'inline'`.
 */
export type Placing = 'auto' | 'workers' | 'inline';

const PLACINGS: readonly Placing[] = ['auto', 'workers', 'inline'];

export const PLACING_OPTION = {
  placing: {
    scopes: ['call', 'own'],
    allowed: `one of ${PLACINGS.map((p) => `'${p}'`).join(', ')}`,
    byDefault: "'auto', or ALLCORES_PLACING; 'workers' where a backend is named",
    unit: '',
    meaning:
      "Whether a call goes to workers: 'auto' keeps work on the calling thread that is proved small and pure, as far as that is sooner; 'workers' never does, 'inline' always.",
    ok: (v) => PLACINGS.includes(v as Placing),
  },
} as const satisfies Readonly<Record<'placing', OptionRule>>;
