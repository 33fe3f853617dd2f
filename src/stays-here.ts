/**
 * Objects of this package that belong to the thread that made them, each with the name of the reason (see ship/reasons.ts). Apart from
 * shipping, because a pool is made before anything is shipped.
 */
export const staysHere = new WeakMap<object, 'pool'>();
