/** What is made of the times: medians, the break-even, the sentence, the table. */
import { describe, expect, test } from 'vitest';
import { defaultSizes } from '../../src/compare/compare-options.ts';
import { count, duration, times } from '../../src/compare/figures.ts';
import { summarize } from '../../src/compare/statistics.ts';
import { sample } from './sample.ts';

const sizes = [10, 100, 1000, 10_000];

describe('the runs of one method', () => {
  test('are summed up by their median, which one disturbed run does not move', () => {
    expect(summarize([3, 1, 200, 2, 2.5])).toEqual({ medianMs: 2.5, minMs: 1, maxMs: 200 });
    expect(summarize([4, 1, 2, 3])).toEqual({ medianMs: 2.5, minMs: 1, maxMs: 4 });
    expect(summarize([7])).toEqual({ medianMs: 7, minMs: 7, maxMs: 7 });
  });
});

describe('figures', () => {
  test('stand in the unit that suits, three digits long', () => {
    expect([0.00085, 0.00172, 0.0334, 12.34, 665, 1000, 16_976].map(duration)).toEqual([
      '850 ns',
      '1.72 µs',
      '33.4 µs',
      '12.3 ms',
      '665 ms',
      '1.00 s',
      '17.0 s',
    ]);
    expect([1.94, 12.34, 5321, 0.5, 0.0023].map(times)).toEqual(['1.94x', '12.3x', '5,300x', '0.50x', '0.0023x']);
    expect(count(1_000_000)).toBe('1,000,000');
  });
});

describe('sizes that nobody named', () => {
  test('are powers of ten and the length', () => {
    expect(defaultSizes(1)).toEqual([1]);
    expect(defaultSizes(9)).toEqual([1, 9]);
    expect(defaultSizes(1000)).toEqual([1, 10, 100, 1000]);
    expect(defaultSizes(2500)).toEqual([1, 10, 100, 1000, 2500]);
  });
});

describe('the break-even', () => {
  test('is the smallest measured size from which on the best method stays ahead', () => {
    const { breakEven, breakEvenBy, verdict } = sample({
      sizes,
      times: { loop: [0.1, 1, 10, 100], 'Pool.map': [2, 2, 6, 50], 'new Pool': [200, 200, 200, 90] },
    });
    expect(breakEven).toBe(1000);
    expect({ ...breakEvenBy }).toEqual({ 'Pool.map': 1000, 'new Pool': 10_000 });
    expect(verdict).toBe(
      'Below 1,000 numbers the loop is the right tool; from 1,000 on it is worth it, and at best Pool.map is 2.00x as fast, with 10,000.',
    );
  });

  test('is not where a method was ahead once and fell back', () => {
    const { breakEven, breakEvenBy, verdict } = sample({ sizes, times: { loop: [1, 10, 10, 100], 'Pool.map': [2, 5, 11, 300] } });
    expect([breakEven, breakEvenBy['Pool.map']]).toEqual([undefined, undefined]);
    expect(verdict).toBe(
      'Pool.map was 2.00x as fast as the loop with 100 numbers, but not with more of them: there is no size from which on it is worth it.',
    );
  });

  test('takes the best method of each size, which need not be the same one', () => {
    const { breakEven, breakEvenBy } = sample({ sizes, times: { loop: [10, 10, 10, 10], a: [11, 5, 11, 11], b: [11, 11, 5, 5] } });
    expect(breakEven).toBe(100);
    expect({ ...breakEvenBy }).toEqual({ a: undefined, b: 1000 });
  });

  test('does not come from a difference that two runs of the same have', () => {
    expect(sample({ sizes, times: { loop: [10, 10, 10, 10], a: [9.8, 9.7, 9.6, 9.6] } }).breakEven).toBe(undefined);
  });

  test('is the first size where it was worth it at once', () => {
    const { breakEven, verdict } = sample({ sizes: [2, 9], unit: 'items', times: { loop: [400, 1800], 'Pool.map': [200, 410] } });
    expect(breakEven).toBe(2);
    expect(verdict).toBe('Worth it at every size that was measured; at best Pool.map is 4.39x as fast, with 9 items.');
  });

  test('is honest where the loop wins everywhere, and says what one item costs', () => {
    const { breakEven, verdict } = sample({ sizes: [1000], times: { loop: [0.034], 'Pool.map': [0.199] } });
    expect(breakEven).toBe(undefined);
    expect(verdict).toBe(
      'The loop is the right tool here: nothing was clearly faster at any size, and with 1,000 numbers one costs the loop 34.0 ns and Pool.map 199 ns.',
    );
  });

  test('needs a loop and something beside it', () => {
    const alone = sample({ sizes: [1], times: { loop: [1] } });
    expect([alone.breakEven, alone.verdict]).toEqual([undefined, 'Only the loop was measured.']);
    const without = sample({ sizes: [1], times: { map: [1] } });
    expect([without.breakEven, without.breakEvenBy.map, without.rows[0]!.speedUp]).toEqual([undefined, undefined, undefined]);
    expect(without.verdict).toBe('One method alone was measured, so there is nothing to compare it with.');
    const two = (times: number[]) => sample({ sizes: [1, 2], times: { map: [1, 2], Parallel: times } }).verdict;
    expect(two([1.02, 2.1])).toBe('They take about the same time: at most 1.05x apart, with 2 numbers.');
    expect(two([1.02, 3])).toBe('map and Parallel are at most 1.50x apart, with 2 numbers, where map is faster.');
  });
});

describe('the table for the terminal', () => {
  const wide = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

  test('has one line for each size, one column for each method, and who was faster', () => {
    const comparison = sample({
      title: 'A function of 200 ms',
      sizes: [1, 5, 1000],
      times: { loop: [200, 1000, 200_000], 'Pool.map': [203, 404, [41_000, 40_000, 42_000]], map: [900, 900, 900_000] },
    });
    expect(String(comparison)).toBe(`A function of 200 ms
Node v20.20.2, 2 cores (AMD EPYC), 2 workers

  numbers     loop  Pool.map     map  faster
  ───────  ───────  ────────  ──────  ──────────────
        1   200 ms    203 ms  900 ms  as fast
        5  1.00 s     404 ms  900 ms  Pool.map 2.48x
    1,000   200 s    41.0 s   900 s   Pool.map 4.88x

  Below 5 numbers the loop is the right tool; from 5 on it is worth it, and at
  best Pool.map is 4.88x as fast, with 1,000.`);
  });

  test('is at most 80 columns wide, whatever the names and however many', () => {
    const names = Array.from({ length: 9 }, (_, i) => `a-library-with-a-very-long-name-${i}`);
    const text = String(
      sample({
        title: 'word '.repeat(40) + 'x'.repeat(200),
        sizes,
        times: { loop: [1, 2, 3, 4], ...Object.fromEntries(names.map((name) => [name, [1, 2, 3, 0.001]])) },
      }),
    );
    expect(wide(text)).toBeLessThanOrEqual(80);
    expect(text.match(/numbers/g)!.length).toBeGreaterThan(1);
    expect(text.match(/a-library/g)!.length).toBeGreaterThanOrEqual(9);
  });

  test('gives no commands to the terminal', () => {
    const text = String(sample({ title: 'a\u001b[31mb\nc', unit: 'x\ty', sizes: [1], times: { loop: [1], 'm\u001b]0;t\u0007': [2] } }));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(text.split('\n')[0]).toBe('a [31mb c');
  });

  test('leaves out who was faster where there is nothing to compare', () => {
    expect(String(sample({ sizes: [1], times: { map: [1] } }))).not.toMatch('faster');
  });
});

test('a comparison is plain data in JSON', () => {
  const comparison = sample({ sizes, times: { loop: [0.1, 1, 10, 100], 'Pool.map': [2, 2, 6, 50] } });
  const { toString: _, toJSON: __, ...data } = comparison;
  expect(JSON.parse(JSON.stringify(comparison))).toEqual(JSON.parse(JSON.stringify(data)));
  expect(Object.isFrozen(comparison)).toBe(true);
});
