/** Joblib's one line: eight workers, ten slow squares, nothing to close. */
import { delayed, Parallel, range } from 'allcores';

const sleepMs = process.argv.includes('--full') ? 2000 : 200;

/** Blocks its thread, as a computation would. */
function slowSquare(x: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return x ** 2;
}

const squares = await Parallel({ nJobs: 8 })(range(10).map((x) => delayed(slowSquare)(x)));

console.log(squares.join(' '));
// -> 0 1 4 9 16 25 36 49 64 81
