// What CPython tests of multiprocessing.Pool, each case run by plain Node against the built package; ../behaviours/inventory.ts has the list.
import { cases as lifetime } from './lifetime.native.mjs';
import { cases as results } from './results.native.mjs';
import { cases as streams } from './streams.native.mjs';

/** [name, body, skip reasons by backend] */
export const cases = [...results, ...streams, ...lifetime];
