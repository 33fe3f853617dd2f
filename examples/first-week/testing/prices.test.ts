/** How to test code that uses allcores: with spies in line, and once on real threads. Run it with `npx vitest run`. */
import { whereFailed } from 'allcores';
import { afterEach, expect, test, vi } from 'vitest';
import { type Order, pricesOf } from './prices.ts';
import { rates } from './rates.ts';

const orders: Order[] = [
  { item: 'tea', cents: 500, currency: 'USD' },
  { item: 'bread', cents: 4000, currency: 'SEK' },
];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('in line the very functions run here, so spies see the calls and may answer them', async () => {
  vi.stubEnv('ALLCORES_BACKEND', 'inline');
  const rateOf = vi.spyOn(rates, 'of').mockReturnValue(2);
  expect(await pricesOf(orders)).toEqual([250, 2000]);
  expect(rateOf.mock.calls).toEqual([['USD'], ['SEK']]);
});

test('on real threads the results are the same as from the real functions', async () => {
  expect(await pricesOf(orders)).toEqual([400, 400]);
});

test('an error of a task is the error itself, and says which order it was', async () => {
  const error = await pricesOf([...orders, { item: 'salt', cents: 1, currency: 'XYZ' }]).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(RangeError);
  expect(whereFailed(error)?.index).toBe(2);
});
