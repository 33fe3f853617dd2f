// What each task of a job does, as a pure function of (seed of the job, item, attempt): so a plain loop can say what must come of it.
// Everything here travels to workers.

/** A number from 0 to below 1. Mixing by Murmur3's finaliser. */
export function draw(...parts) {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h = Math.imul(h ^ part, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return (h >>> 0) / 2 ** 32;
}

/** What goes wrong with this item at this attempt; undefined for nothing. */
export function faultOf(job, n, attempt) {
  if (draw(job.seed, n, 1) < job.refusing) return 'refused';
  // What cannot travel home cannot at any attempt.
  if (draw(job.seed, n, 2) < job.unserialisable) return 'unserialisable';
  if (draw(job.seed, n, 3, attempt) >= job.faultShare) return undefined;
  return job.faults[Math.floor(draw(job.seed, n, 4, attempt) * job.faults.length)];
}

/** Ends the worker. */
export const KILLERS = ['exit', 'kill', 'loop', 'memory'];
/** Is ended by its time. */
export const TIMED = ['loop', 'hang'];
export class OddError extends Error {
  constructor(n) {
    super(`odd ${n}`);
    this.n = n;
  }
}

const ODD_VALUES = [
  (n) => new RangeError(`broken ${n}`),
  (n) => `text ${n}`,
  () => undefined,
  () => null,
  (n) => Object.freeze({ frozen: n }),
  (n) => new OddError(n),
  (n) => new Error('x'.repeat(100_000) + n),
  (n) => -n,
  (n) =>
    Object.defineProperty(new Error(`getter ${n}`), 'detail', {
      enumerable: true,
      get() {
        throw new Error('the getter threw');
      },
    }),
];

/** What is thrown where the fault is a throw. */
export function thrownBy(job, n) {
  return ODD_VALUES[Math.floor(draw(job.seed, n, 5) * ODD_VALUES.length)](n);
}

/** What the task gives when nothing goes wrong. */
export function resultOf(job, n) {
  if (job.door === 'mapReduce') return n * 3;
  const kind = Math.floor(draw(job.seed, n, 6) * 8);
  if (kind === 0) return new Map([[n, new Set([n, -0, Number.NaN])]]);
  if (kind === 1) return { n, when: new Date(n), big: BigInt(n), nothing: undefined };
  if (kind === 2) return 'é'.repeat(n % 50) + n;
  if (kind === 3) return new Uint8Array(job.bigBytes).fill(n);
  // With a hole.
  if (kind === 4) return Object.assign(new Array(3), { 0: n, 2: -n });
  return n * 3;
}

/** Milliseconds that the task works. */
export function workOf(job, n) {
  const luck = draw(job.seed, n, 7);
  return luck < job.slowShare ? 1 + luck * 20 : 0;
}
