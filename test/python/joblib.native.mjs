// What joblib tests of Parallel, each case run by plain Node against the built package; ../behaviours/inventory.ts has the list.
import { cases as calls } from './joblib-calls.native.mjs';
import { cases as dispatch } from './joblib-dispatch.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [...calls, ...dispatch];
