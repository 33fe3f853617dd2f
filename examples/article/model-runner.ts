/** What stands for training a model: it takes longer the more trees there are, and gives a score. Both are the same in each run. */

/** With --full a hundred trees take 1 s, as in the article; else 0.1 s. */
const msPerTree = process.argv.includes('--full') ? 10 : 1;

/** Blocks its thread, as a computation would. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export function modelRunner(nEstimators: number, maxDepth: number): number {
  sleep(nEstimators * msPerTree);
  return 1 - 1 / (nEstimators * maxDepth);
}

export const hyperparams: [nEstimators: number, maxDepth: number][] = [
  [100, 4],
  [150, 5],
  [200, 6],
  [300, 4],
];
