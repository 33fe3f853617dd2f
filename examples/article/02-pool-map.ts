/** The same list on a pool of 8 workers. The function may stand anywhere, and no main guard is needed. */
import { Pool, range } from 'allcores';

const square = (x: number): number => x ** 2;

const pool = new Pool(8);
const squares = await pool.map(square, range(100_000));
await pool.close();

const sum = squares.reduce((a, b) => a + b, 0);
console.log(`${squares.length} squares, the last is ${squares.at(-1)}, their sum ${sum}`);
// -> 100000 squares, the last is 9999800001, their sum 333328333350000
