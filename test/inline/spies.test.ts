/** Spies and captured variables under `inline`: the very function runs on the host, so tests see what it did. */
import { Socket } from 'node:net';
import { mock } from 'node:test';
import { afterEach, expect, test, vi } from 'vitest';
import { delayed, map, mapReduce, mapStream, Parallel, Pool, run } from '../../dist/index.js';

const inline = { backend: 'inline' } as const;
afterEach(() => {
  vi.restoreAllMocks();
  mock.reset();
});

test('vi.fn as the task is called with item and index by map, and with exactly its arguments by a Pool and by run', async () => {
  const spy = vi.fn((x: number, y?: number) => x * 2 + (y ?? 0));
  expect(await map([1, 2], spy, inline)).toEqual([2, 5]);
  expect(spy.mock.calls).toEqual([
    [1, 0],
    [2, 1],
  ]);
  spy.mockClear();
  await using pool = new Pool(inline);
  await pool.map(spy, [3]);
  await pool.starmap(spy, [[4, 5]]);
  await pool.apply(spy, [6]);
  await run(spy, [7, 8], inline);
  for await (const _ of mapStream([9], spy, inline));
  expect(spy.mock.calls).toEqual([[3], [4, 5], [6], [7, 8], [9, 0]]);
  expect(spy).toHaveReturnedWith(22);
});

test('each of several spies that Parallel calls gets its own arguments, and mapReduce calls spies as well', async () => {
  const [double, half] = [vi.fn((x: number) => x * 2), vi.fn((x: number) => x / 2)];
  expect(await Parallel({ nJobs: 1 })([delayed(double)(1), delayed(half)(2), delayed(double)(3)])).toEqual([2, 1, 6]);
  expect([double.mock.calls, half.mock.calls]).toEqual([[[1], [3]], [[2]]]);
  const add = vi.fn((a: number, b: number) => a + b);
  expect(await mapReduce([1, 2, 3], double, add, inline)).toBe(12);
  expect(double).toHaveBeenCalledTimes(5);
  expect(add).toHaveBeenCalledTimes(2);
});

test('a call in line inside a method that is spied on has its own place', async () => {
  const inner = { sum: async (xs: number[]) => (await map(xs, (x) => x + 1, inline)).reduce((a, b) => a + b) };
  const spy = vi.spyOn(inner, 'sum');
  const totals = await map(
    [[1, 2], [3]],
    async (xs) => {
      await null;
      return inner.sum(xs);
    },
    inline,
  );
  expect(totals).toEqual([5, 4]);
  expect(spy).toHaveBeenCalledTimes(2);
});

test('vi.spyOn sees the calls of a method that a task makes', async () => {
  const shop = { price: (x: number) => x + 1 };
  const spy = vi.spyOn(shop, 'price');
  expect(await map([1, 2], (x) => shop.price(x) * 2, inline)).toEqual([4, 6]);
  expect(spy.mock.calls).toEqual([[1], [2]]);
  spy.mockReturnValue(100);
  expect(await map([1], (x) => shop.price(x), inline)).toEqual([100]);
});

test('what a console spy heard in a task', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await map(['a', 'b'], (x) => console.log('item', x), inline);
  expect(log.mock.calls).toEqual([
    ['item', 'a'],
    ['item', 'b'],
  ]);
});

test('a captured array of the host is filled, and a warning says what a worker would do', async () => {
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
  const seen: number[] = [];
  await map([1, 2, 3], (x) => seen.push(x), inline);
  expect(seen).toEqual([1, 2, 3]);
  expect((await warned).message).toMatch(
    /^`seen` is changed by `anonymous function` \(spies\.test\.ts:\d+:\d+\); in a worker only the worker's copy would change$/,
  );
});

test('a spy that has recorded what no worker could have (promises, sockets) is called again', async () => {
  const spy = vi.fn(async (x: unknown) => x);
  await map([1], spy, inline);
  spy(new Socket());
  expect(await map([2], (x) => spy(x), inline)).toEqual([2]);
  expect(spy).toHaveBeenCalledTimes(3);
});

test("spies of node:test, and those made as Jest's and Sinon's are, work in the same way", async () => {
  const native = mock.fn(async (x: number) => x * 2);
  expect(await map([1, 2], native, inline)).toEqual([2, 4]);
  expect(await map([3], (x) => native(x), inline)).toEqual([6]);
  expect(native.mock.calls.map((call) => call.arguments)).toEqual([[1, 0], [2, 1], [3]]);
  const clock = { tick: (x: number) => x };
  mock.method(clock, 'tick');
  await map([1, 2], (x) => clock.tick(x), inline);
  expect((clock.tick as typeof clock.tick & { mock: { callCount(): number } }).mock.callCount()).toBe(2);

  // Jest keeps records in a WeakMap of its module, Sinon in properties of the spy.
  const records = new WeakMap<object, { calls: unknown[][] }>();
  const jestLike = Object.assign((...args: unknown[]) => records.get(jestLike)!.calls.push([Promise.resolve(args)]), {
    _isMockFunction: true,
    getMockImplementation: () => undefined,
  });
  records.set(jestLike, { calls: [] });
  Object.defineProperty(jestLike, 'mock', { get: () => records.get(jestLike) });
  const returned: Promise<unknown>[] = [];
  const sinonLike = Object.assign((x: number) => returned.push(Promise.resolve(x)), { isSinonProxy: true, returnValues: returned });
  for (const times of [1, 2]) {
    expect(await map([1], jestLike, inline)).toEqual([times]);
    expect(records.get(jestLike)!.calls).toHaveLength(times);
    expect(await map([1], (x) => sinonLike(x), inline)).toEqual([times]);
  }
});

test('what cannot travel is refused under inline as on threads, also behind a spy', async () => {
  const socket = new Socket();
  for (const options of [inline, { workers: 1 }]) {
    const refused = {
      name: 'NotShippableError',
      message: expect.stringMatching(/^Cannot ship `socket` \(captured by .*it is a net\.Socket/),
    };
    await expect(map([1], () => socket.destroyed, options)).rejects.toMatchObject(refused);
    await expect(
      map(
        [1],
        vi.fn(() => socket.destroyed),
        options,
      ),
    ).rejects.toMatchObject(refused);
    const client = { send: () => socket.destroyed };
    vi.spyOn(client, 'send').mockImplementation(() => socket.destroyed);
    await expect(map([1], () => client.send(), options)).rejects.toMatchObject(refused);
  }
});
