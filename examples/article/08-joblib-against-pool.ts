/**
 * The slow function by `Parallel` and by a pool: both are ways into the same thing, and take the same time. `--page FILE` writes the chart;
 * `--full` takes 2 s per item and all lengths from 1 to 15.
 */
import { parseArgs } from 'node:util';
import { compare, range } from 'allcores';

const { values } = parseArgs({ options: { full: { type: 'boolean' }, page: { type: 'string' } } });
const sleepMs = values.full ? 2000 : 200;

/** Blocks its thread, as a computation would. */
function slowSquare(x: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return x ** 2;
}

const comparison = await compare(slowSquare, range(15), {
  title: `A function of ${sleepMs / 1000} s`,
  unit: 'items',
  sizes: values.full ? [...range(1, 16)] : [1, 4, 8, 15],
  methods: ['Parallel', 'Pool.map'],
  workers: 8,
  repetitions: 1,
  page: values.page,
});
console.log(String(comparison));
