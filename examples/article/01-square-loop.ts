/** One function over a list, by a plain loop: what everything that follows is compared with. */
const square = (x: number): number => x ** 2;

const squares: number[] = [];
for (let x = 0; x < 100_000; x++) squares.push(square(x));

const sum = squares.reduce((a, b) => a + b, 0);
console.log(`${squares.length} squares, the last is ${squares.at(-1)}, their sum ${sum}`);
// -> 100000 squares, the last is 9999800001, their sum 333328333350000
