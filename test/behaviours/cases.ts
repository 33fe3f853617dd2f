/** All behaviours of this folder, by file. */
import { cases as calls } from './calls.native.mjs';
import { cases as cancelling } from './cancelling.native.mjs';
import { cases as closing } from './closing.native.mjs';
import { cases as crashes } from './crashes.native.mjs';
import { cases as recycling } from './recycling.native.mjs';
import { cases as timeouts } from './timeouts.native.mjs';
import { cases as turns } from './turns.native.mjs';
import { cases as values } from './values.native.mjs';

export type Case = readonly [
  name: string,
  body: (api: unknown, options: { readonly backend: string }) => Promise<void>,
  skips?: {
    /** Why it is not tested on a backend. */
    readonly threads?: string;
    readonly processes?: string;
    readonly inline?: string;
    readonly slow?: boolean;
  },
];

export const THEMES = { calls, turns, values, crashes, closing, cancelling, timeouts, recycling } as unknown as Readonly<
  Record<string, readonly Case[]>
>;

/** Why a case is skipped on a backend; undefined where it is tested. */
export function skipped(skips: Case[2], backend: string): string | undefined {
  return skips?.[backend as 'threads'];
}
