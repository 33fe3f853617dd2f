/** The price of an Asian option by simulation: the same to the last digit on any number of workers. */
import { mapReduce, range } from 'allcores';

const option = { price: 100, strike: 105, rate: 0.02, volatility: 0.3, years: 1, days: 252 };

/**
 * Random numbers of one path, from its index: who runs it, and when, makes no difference. This is Mulberry32; its seeds are spread by a
 * multiplication, since paths 1 and 2 should have nothing in common.
 */
function randomOf(path: number): () => number {
  let state = Math.imul(path + 1, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What the option pays, in today's money, if the price walks along this path. */
function payoff(path: number): number {
  const { price, strike, rate, volatility, years, days } = option;
  const random = randomOf(path);
  const dt = years / days;
  const drift = (rate - volatility ** 2 / 2) * dt;
  let logPrice = Math.log(price);
  let sum = 0;
  for (let day = 0; day < days; day++) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    logPrice += drift + volatility * Math.sqrt(dt) * normal;
    sum += Math.exp(logPrice);
  }
  return Math.exp(-rate * years) * Math.max(0, sum / days - strike);
}

const paths = process.argv.includes('--full') ? 1_000_000 : 20_000;

const { sum, squares } = await mapReduce(range(paths), {
  initial: { sum: 0, squares: 0 },
  step: (total, path) => {
    const value = payoff(path);
    return { sum: total.sum + value, squares: total.squares + value ** 2 };
  },
  combine: (a, b) => ({ sum: a.sum + b.sum, squares: a.squares + b.squares }),
});

const mean = sum / paths;
const standardError = Math.sqrt((squares / paths - mean ** 2) / paths);
console.log(`${paths} paths: the option is worth ${mean.toFixed(4)}, give or take ${standardError.toFixed(4)}`);
// -> 20000 paths: the option is worth 5.1502, give or take 0.0710
