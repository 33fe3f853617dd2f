/**
 * Squares by a plain loop and by a pool of 8, over lists that grow: when is it worth it? For so little work never, as the last line says.
 * `--page FILE` writes the chart; `--full` goes up to 10,000,000 numbers.
 */
import { parseArgs } from 'node:util';
import { compare, range } from 'allcores';

const { values } = parseArgs({ options: { full: { type: 'boolean' }, page: { type: 'string' } } });

const square = (x: number): number => x ** 2;

const comparison = await compare(square, range(values.full ? 10_000_000 : 100_000), {
  title: 'Squares of numbers',
  unit: 'numbers',
  methods: ['loop', 'Pool.map', 'new Pool'],
  workers: 8,
  repetitions: values.full ? 3 : 2,
  page: values.page,
});
console.log(String(comparison));
