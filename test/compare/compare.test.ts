/** `compare` with real workers at tiny sizes, and what it refuses. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ComparisonRow, compare, comparisonPage, type Method, range, type UsageError } from '../../dist/index.js';
import { sample } from './sample.ts';

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: UsageError) => `${error.name} ${error.code}: ${error.message}`,
  );
// biome-ignore lint/suspicious/noExplicitAny: wrong uses are the subject here.
type Wrong = any;
const wrong: Wrong = compare;
const square = (x: number) => x ** 2;
const folder = mkdtempSync(join(tmpdir(), 'allcores-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a comparison', () => {
  test('has a row for each size and method, with every run', async () => {
    const heard: ComparisonRow[] = [];
    const comparison = await compare(square, range(30), {
      methods: ['loop', 'map', 'Pool.map', 'new Pool'],
      repetitions: 3,
      workers: 2,
      unit: 'numbers',
      onRow: (row) => heard.push(row),
    });
    expect(comparison).toMatchObject({ title: 'square', unit: 'numbers', workers: 2, repetitions: 3 });
    expect(comparison.machine).toMatchObject({ node: process.version, cores: expect.any(Number), cpu: expect.any(String) });
    expect(comparison.methods).toEqual(['loop', 'map', 'Pool.map', 'new Pool']);
    expect(comparison.rows.map(({ size, method }) => `${size} ${method}`)).toEqual(
      [1, 10, 30].flatMap((size) => comparison.methods.map((method) => `${size} ${method}`)),
    );
    expect(heard).toEqual(comparison.rows);
    for (const { size, method, runsMs, medianMs, minMs, maxMs, speedUp } of comparison.rows) {
      expect(runsMs).toHaveLength(3);
      expect([...runsMs].sort((a, b) => a - b)).toEqual([minMs, medianMs, maxMs]);
      const loop = comparison.rows.find((row) => row.size === size && row.method === 'loop')!;
      expect(speedUp).toBe(loop.medianMs / medianMs);
      if (method === 'new Pool') expect(medianMs).toBeGreaterThan(loop.medianMs);
    }
    // A square of 30 numbers is worth no thread on any machine.
    expect(comparison.breakEven).toBe(undefined);
    expect(comparison.verdict).toMatch('The loop is the right tool here');
  });

  test('takes arrays, typed arrays and ranges with a step, and asynchronous functions', async () => {
    const quick = { repetitions: 1, workers: 1, sizes: [3] } as const;
    const methods = ['loop', 'map', 'Pool.map'] as const;
    await compare((text: string) => ({ text, letters: [...text] }), ['a', 'bc', 'déf'], { ...quick, methods });
    await compare((x: number) => x / 3, Float32Array.of(1, 2, 3.5), { ...quick, methods });
    await compare((x: number) => x / 255, Uint8Array.of(1, 2, 255), { ...quick, methods });
    await compare((x: number) => -x, range(9, 3, -2), { ...quick, methods });
    await compare(async (x: number) => x + 1, [1, 2, 3], { ...quick, methods });
  });

  test('runs the loop as a person would: a function that gives no promises is not awaited, one that does runs one after the other', async () => {
    let running = 0;
    const together: number[] = [];
    const fn = (x: number): number | Promise<number> => {
      if (x < 2) return x;
      together.push(++running);
      return new Promise<number>((resolve) =>
        setImmediate(() => {
          running--;
          resolve(x);
        }),
      );
    };
    const method: Method<number, number | Promise<number>> = { name: 'mine', run: (_, items) => [...items] };
    await compare(fn, [0, 1, 2, 3, 4, 5], { methods: ['loop', method], sizes: [6], repetitions: 2 });
    expect(together).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test('takes other methods as objects, gives them plain arrays, and closes them, also after a failure', async () => {
    const got: string[] = [];
    const mine = (results: (items: readonly number[]) => number[]): Method<number, number> => ({
      name: 'mine',
      run: async (_, items) => {
        got.push(`${Array.isArray(items)} ${items.length}`);
        return results(items);
      },
      close: () => got.push('closed'),
    });
    const options = { sizes: [2], repetitions: 2 };
    await compare(square, range(2), { ...options, methods: ['loop', mine((xs) => xs.map((x) => x * x))] });
    expect(got).toEqual(['true 1', 'true 2', 'true 2', 'closed']);
    const failed = compare(square, range(2), { ...options, methods: ['loop', mine((xs) => xs.map((x) => x + 5))] });
    await expect(failed).rejects.toMatchObject({ name: 'UsageError', code: 'DIFFERENT_RESULTS' });
    expect(got.at(-1)).toBe('closed');
  });

  test('rotates the methods, so that each is first in its turn', async () => {
    const order: string[] = [];
    const named = (name: string): Method<number, number> => ({
      name,
      run: (fn, items) => {
        if (items.length > 1) order.push(name);
        return items.map(fn);
      },
    });
    await compare(square, [1, 2], { methods: [named('a'), named('b'), named('c')], sizes: [2], repetitions: 3 });
    expect(order.join('')).toBe('abcbcacab');
  });

  test('gives a slow method fewer repetitions and at least one', async () => {
    const slow: Method<number, number> = {
      name: 'slow',
      run: async (fn, items) => {
        await new Promise((resolve) => setTimeout(resolve, 60));
        return items.map(fn);
      },
    };
    const { rows } = await compare(square, [1, 2], { methods: ['loop', slow], sizes: [2], repetitions: 4, maxSeconds: 0.05 });
    expect(rows.map(({ method, runsMs }) => `${method} ${runsMs.length}`)).toEqual(['loop 4', 'slow 1']);
  });

  test('names method, size and index where a result is another', async () => {
    const method: Method<number, number> = { name: 'mine', run: (_, items) => items.map((x) => (x === 7 ? -1 : x * x)) };
    expect(await rejection(compare(square, range(20), { methods: ['loop', method], sizes: [5, 20] }))).toMatch(
      'UsageError DIFFERENT_RESULTS: compare: "mine" over 20 items gave another result than "loop" at index 7: -1 and not 49.',
    );
    const short: Method<number, number> = { name: 'short', run: () => [1] };
    expect(await rejection(compare(square, range(3), { methods: ['loop', short], sizes: [3] }))).toMatch(
      'compare: "short" over 3 items gave 1 results; it must give one for each item',
    );
    const none = { name: 'none', run: () => undefined };
    expect(await rejection(wrong(square, range(3), { methods: ['loop', none] }))).toMatch('compare: "none" over 1 items gave undefined');
    const deep: Method<number, object> = { name: 'deep', run: (_, items) => items.map((x) => ({ x: [x === 1 ? 9 : x] })) };
    expect(await rejection(compare((x: number) => ({ x: [x] }), [0, 1], { methods: ['loop', deep] as Wrong }))).toMatch('at index 1');
  });

  test("rejects with the function's own error and with the signal's own reason", async () => {
    const error = new RangeError('no');
    const fail = () => {
      throw error;
    };
    await expect(compare(fail, [1])).rejects.toBe(error);
    await expect(compare(square, [1], { signal: AbortSignal.abort(error) })).rejects.toBe(error);
    const controller = new AbortController();
    const stopped = compare(square, range(10), { methods: ['loop'], signal: controller.signal, onRow: () => controller.abort(error) });
    await expect(stopped).rejects.toBe(error);
  });

  test('writes its page', async () => {
    const page = join(folder, 'page.html');
    await compare(square, range(3), { methods: ['loop'], repetitions: 1, page, title: 'Squares of three' });
    expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<title>Squares of three<\/title>/);
  });
});

describe('what compare refuses', () => {
  test.each([
    [{ sizes: [] }, 'option "sizes" is an array of 0; it must be an array or range of whole numbers from 1, at least one'],
    [{ sizes: [0] }, 'option "sizes" is an array of 1; it must be an array or range of whole numbers from 1'],
    [{ sizes: [2, 1000] }, 'option "sizes" asks for 1,000 items at sizes[1], but there are only 3'],
    [{ methods: 'loop' }, 'option "methods" is "loop"; it must be an array'],
    [{ methods: ['joblib'] }, `option "methods[0]" is "joblib"; it must be one of 'loop', 'map', 'Pool.map'`],
    [{ methods: ['constructor'] }, 'option "methods[0]" is "constructor"'],
    [{ methods: ['loop', {}] }, 'option "methods[1]" is an object; it must be one of'],
    [{ methods: [null] }, 'option "methods[0]" is null'],
    [{ methods: ['loop', 'loop'] }, 'option "methods" names "loop" twice'],
    [
      { methods: [{ name: 'a\nb', run() {} }] },
      'option "methods[0]" has the name "a\\nb"; it must be a string of 1 to 40 characters on one line',
    ],
    [{ methods: [{ name: 'loop', run() {} }] }, 'option "methods[0]" has the name "loop", which is the plain loop\'s'],
    [{ repetitions: 0 }, 'option "repetitions" is 0; it must be a whole number from 1'],
    [{ workers: 1.5 }, 'option "workers" is 1.5; it must be a whole number from 1 to 1024'],
    [{ title: '' }, 'option "title" is ""; it must be a string that is not empty'],
    [{ unit: 5 }, 'option "unit" is 5'],
    [{ maxSeconds: 0 }, 'option "maxSeconds" is 0; it must be a number of seconds above 0'],
    [{ signal: {} }, 'option "signal" is an object; it must be an AbortSignal'],
    [{ page: true }, 'option "page" is true; it must be the path of a file to write'],
    [{ page: join(folder, 'none', 'x.html') }, 'cannot be written to'],
    [{ onRow: 1 }, 'option "onRow" is 1; it must be a function'],
    [7, 'the options are 7; they must be an object such as { sizes: [10, 1000] }'],
  ])('%o', async (options, message) => {
    const refused = await rejection(wrong(square, [1, 2, 3], options));
    expect(refused).toMatch('UsageError BAD_OPTION: compare: ');
    expect(refused).toContain(message);
  });

  test.each([
    ['n_jobs', 'it is called "workers" here'],
    ['runs', 'it is called "repetitions" here'],
    ['html', 'it is called "page" here'],
    ['Sizes', 'it is called "sizes" here'],
    ['chunkSize', 'Options here: sizes, methods, repetitions'],
    ['constructor', 'Options here: sizes'],
  ])('unknown option %s', async (name, message) => {
    const refused = await rejection(wrong(square, [1], { [name]: 2 }));
    expect(refused).toMatch(`UsageError UNKNOWN_OPTION: compare: unknown option "${name}"`);
    expect(refused).toMatch(message);
  });

  test('an inherited option', async () => {
    expect(await rejection(wrong(square, [1], Object.create({ workers: 2 })))).toMatch('option "workers" is inherited');
  });

  test('wrong arguments', async () => {
    expect(await rejection(wrong([1], square))).toMatch('UsageError BAD_ARGUMENT: compare: the arguments are swapped');
    expect(await rejection(wrong(undefined, [1]))).toMatch('compare: the function is undefined');
    expect(await rejection(wrong(square, new Set([1])))).toMatch(
      'compare: the items are a Set; they must be an array, a typed array or range(n)',
    );
    expect(await rejection(wrong(square, []))).toMatch('compare: the items are empty');
  });

  test('a page of nothing, and of what is no comparison', async () => {
    const page: Wrong = comparisonPage;
    expect(await rejection(page([]))).toMatch('UsageError BAD_ARGUMENT: comparisonPage: the comparisons are an array of 0');
    expect(await rejection(page([{ title: 'x' }]))).toMatch('comparisons[0] is an object; it must be what compare gave, or its JSON');
    const good = sample({ sizes: [1], times: { loop: [1] } });
    expect(await rejection(page([good], { titel: 'x' }))).toMatch(
      'UNKNOWN_OPTION: comparisonPage: unknown option "titel". Options here: title, intro',
    );
    expect(existsSync(folder)).toBe(true);
  });
});
