/** What the bench makes of figures: medians with intervals, and verdicts on bars. No figure here was measured. */
import { describe, expect, test } from 'vitest';
import { type Bar, judged } from '../../bench/bars.ts';
import { figuresOfOneRun } from '../../bench/figures-of-one-run.ts';
import { ratios, summarize } from '../../bench/statistics.ts';

const OURS = 'allcores';
/** The same figure in nine turns, or nine figures. */
const turns = (...figures: number[]) => (figures.length === 1 ? new Array<number>(9).fill(figures[0]!) : figures);
const measured = (figures: Readonly<Record<string, readonly number[]>>, more = {}) => ({
  unit: 'ms',
  baseline: 'loop',
  figures,
  absent: {},
  disturbed: false,
  ...more,
});
const verdict = (bar: Bar, figures: Readonly<Record<string, readonly number[]>>, more = {}) => judged(bar, measured(figures, more)).verdict;

describe('a summary', () => {
  test('has the median, and the interval that holds it with 95 %: of nine figures the second to the eighth', () => {
    const { median, low, high, confidence } = summarize([9, 1, 8, 2, 7, 3, 6, 4, 5]);
    expect([median, low, high]).toEqual([5, 2, 8]);
    expect(confidence).toBeCloseTo(0.961, 3);
  });

  test('of six figures takes them all, and of five is not sure enough', () => {
    expect(summarize([1, 2, 3, 4, 5, 6])).toMatchObject({ median: 3.5, low: 1, high: 6 });
    expect(summarize([1, 2, 3, 4, 5, 6]).confidence).toBeGreaterThan(0.95);
    expect(summarize([1, 2, 3, 4, 5]).confidence).toBeLessThan(0.95);
  });

  test('takes ratios turn by turn', () => {
    expect(ratios([2, 40, 6], [1, 20, 3])).toEqual([2, 2, 2]);
  });
});

describe('a bar', () => {
  test('of a figure is an upper limit, of a rate a lower one', () => {
    expect(verdict({ contender: OURS, of: 'figure', atMost: 6 }, { allcores: turns(5.9) })).toBe('pass');
    expect(verdict({ contender: OURS, of: 'figure', atMost: 6 }, { allcores: turns(6.1) })).toBe('fail');
    expect(verdict({ contender: OURS, of: 'rate', atLeast: 1.4 }, { allcores: turns(1.5) })).toBe('pass');
    expect(verdict({ contender: OURS, of: 'rate', atLeast: 1.4 }, { allcores: turns(1.3) })).toBe('fail');
  });

  test('of a ratio may allow something on top, which is what counts where the baseline is nearly nothing', () => {
    const bar: Bar = { contender: OURS, of: 'ratio', atMost: 1.1, plus: 0.3 };
    expect(verdict(bar, { allcores: turns(0.29), loop: turns(0.0001) })).toBe('pass');
    expect(verdict(bar, { allcores: turns(0.31), loop: turns(0.0001) })).toBe('fail');
    expect(verdict(bar, { allcores: turns(110.2), loop: turns(100) })).toBe('pass');
    expect(verdict(bar, { allcores: turns(111), loop: turns(100) })).toBe('fail');
    expect(judged(bar, measured({ allcores: turns(111), loop: turns(100) })).reached!.median).toBeCloseTo(1);
  });

  test('of a speed counts how many times as fast', () => {
    const bar: Bar = { contender: OURS, of: 'speed', atLeast: 2 };
    const slow = judged(bar, measured({ allcores: turns(60), loop: turns(90) }));
    expect(slow).toMatchObject({ verdict: 'fail', reached: { median: 1.5 }, bar: 'at least 2 times as fast as loop' });
    expect(slow.share!.median).toBeCloseTo(4 / 3);
    expect(verdict(bar, { allcores: turns(40), loop: turns(90) })).toBe('pass');
  });

  test('against several is against the quickest of those that were measured', () => {
    const bar: Bar = { contender: OURS, of: 'ratio', atMost: 1, to: ['slow', 'quick', 'elsewhere'] };
    const one = judged(bar, measured({ allcores: turns(5), loop: turns(1), slow: turns(9), quick: turns(4) }));
    expect(one).toMatchObject({ verdict: 'fail', bar: 'at most 1 x quick' });
  });

  test('is not measured when somebody is missing, and says why', () => {
    const bar: Bar = { contender: 'allcores, share()', of: 'speed', atLeast: 2 };
    const absent = { 'allcores, share()': 'not there yet' };
    expect(judged(bar, measured({ loop: turns(1) }, { absent }))).toMatchObject({ verdict: 'not measured', why: 'not there yet' });
    const against: Bar = { contender: OURS, of: 'speed', atLeast: 8, to: "Python's Pool" };
    expect(judged(against, measured({ allcores: turns(1), loop: turns(1) }))).toMatchObject({
      verdict: 'not measured',
      why: 'not part of this run',
    });
  });

  test('that is straddled widely says nothing; narrowly the median decides', () => {
    const bar: Bar = { contender: OURS, of: 'figure', atMost: 100 };
    expect(verdict(bar, { allcores: turns(80, 85, 90, 95, 99, 105, 110, 115, 120) })).toBe('noise too high');
    expect(verdict(bar, { allcores: turns(99, 99, 99, 99, 99.5, 100.5, 100.5, 100.5, 101) })).toBe('pass');
    expect(verdict(bar, { allcores: turns(99, 99.5, 99.5, 100.2, 100.5, 100.5, 100.5, 100.5, 101) })).toBe('fail');
  });

  test('that is missed while others were busy may be their fault; what passes then passes', () => {
    const bar: Bar = { contender: OURS, of: 'figure', atMost: 100 };
    expect(verdict(bar, { allcores: turns(150) }, { disturbed: true })).toBe('noise too high');
    expect(verdict(bar, { allcores: turns(50) }, { disturbed: true })).toBe('pass');
  });

  test('needs six turns', () => {
    expect(verdict({ contender: OURS, of: 'figure', atMost: 100 }, { allcores: [1, 1, 1, 1, 1] })).toBe('noise too high');
  });
});

test('several figures of one run: whoever is asked first runs it, in each turn anew', async () => {
  let runs = 0;
  const contenders = figuresOfOneRun({ p99: 'job, p99', max: 'job, max' }, async () => ({ p99: ++runs, max: 10 * runs }));
  const [p99, max] = [contenders['job, p99']!, contenders['job, max']!];
  expect([await p99(), await max(), await max(), await p99()]).toEqual([1, 10, 20, 2]);
  expect(runs).toBe(2);
});
