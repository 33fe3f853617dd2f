/**
 * The same comparison for a function that takes its time, over a few items. `--page FILE` writes the chart; `--full` takes 2 s per item and
 * all lengths from 1 to 9.
 */
import { parseArgs } from 'node:util';
import { compare, range } from 'allcores';

const { values } = parseArgs({ options: { full: { type: 'boolean' }, page: { type: 'string' } } });
const sleepMs = values.full ? 2000 : 200;

/** Blocks its thread, as a computation would, but needs no core: eight go at once on any machine. */
function slowSquare(x: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return x ** 2;
}

const comparison = await compare(slowSquare, range(9), {
  title: `A function of ${sleepMs / 1000} s`,
  unit: 'items',
  sizes: values.full ? [...range(1, 10)] : [1, 2, 4, 8, 9],
  methods: ['loop', 'new Pool'],
  workers: 8,
  repetitions: 1,
  page: values.page,
});
console.log(String(comparison));
