/** Joblib with two parameters: the call is written as a call. */
import { delayed, Parallel, range } from 'allcores';

const sleepMs = process.argv.includes('--full') ? 2000 : 200;

/** Blocks its thread, as a computation would. */
function slowSumOfSquares(x: number, y: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return x ** 2 + y ** 2;
}

const params = range(10).map((x): [number, number] => [x, x]);
const sums = await Parallel({ nJobs: 8 })(params.map(([x, y]) => delayed(slowSumOfSquares)(x, y)));

console.log(sums.join(' '));
// -> 0 2 8 18 32 50 72 98 128 162
