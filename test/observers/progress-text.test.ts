/** What a bar and a plain line say, and that a bar fits wherever it stands. */
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { displayWidth, fitted, oneLine } from '../../src/observers/display-width.ts';
import type { Progress } from '../../src/observers/progress-tally.ts';
import { barLines, plainLine } from '../../src/observers/progress-text.ts';

const halfway: Progress = {
  label: 'crunch',
  done: 400,
  failed: 0,
  total: 1000,
  elapsedMs: 8200,
  perSecond: 52.3,
  remainingMs: 11_500,
  ended: false,
};
const bar = (columns: number, changes: Partial<Progress> = {}) => barLines([{ ...halfway, ...changes }], columns, false)[0]!.text;

describe('a bar', () => {
  test('says everything at 120 columns, and is no longer than it must be', () => {
    expect(bar(120)).toBe('crunch ━━━━━━━━━━━━━━━━────────────────────────  40 %    400/1,000      52/s    8 s  12 s left');
    expect(bar(300)).toBe(bar(120));
  });

  test('says everything at 80 columns, with a shorter bar', () => {
    expect(bar(80)).toBe('crunch ━━━━━━━━━╾──────────────  40 %    400/1,000      52/s    8 s  12 s left');
  });

  test('drops elapsed, rate and remaining, in this order, where the bar would get too short', () => {
    expect(bar(60)).toBe('crunch ━━━━───────  40 %    400/1,000      52/s  12 s left');
    expect(bar(50)).toBe('crunch ━━━━───────  40 %    400/1,000  12 s left');
    expect(bar(40)).toBe('crunch ━━━━━────────  40 %    400/1,000');
  });

  test('keeps how far it is where nothing else fits', () => {
    expect(bar(30)).toBe('crunch  40 %    400/1,000');
    expect(bar(20)).toBe('40 % 400/1,000');
    expect(bar(8)).toBe('40 % 4…');
  });

  test('tells of failures only if there are some, and counts them as ended', () => {
    expect(bar(120, { failed: 3 })).toContain(' 40 %    403/1,000 ');
    expect(bar(120, { failed: 3 })).toMatch(/12 s left {3}3 failed$/);
    expect(bar(40, { failed: 3 })).toBe('crunch  40 %    403/1,000  3 failed');
  });

  test('has no bar and no end where the total is unknown or was wrong', () => {
    expect(bar(80, { total: undefined, remainingMs: undefined })).toBe('crunch ⠹ 400 done      52/s    8 s');
    expect(bar(80, { done: 1001, remainingMs: undefined })).toBe('crunch ⠹ 1,001 done      52/s    8 s');
  });

  test('knows nothing of the end before the first task', () => {
    const line = bar(80, { done: 0, perSecond: 0, remainingMs: undefined, elapsedMs: 400 });
    expect(line).toBe('crunch ────────────────────────   0 %      0/1,000              0 s');
  });

  test('is full only when everything has ended', () => {
    expect(bar(80, { done: 999 })).toContain(' 99 % ');
    expect(bar(80, { done: 1000 })).toContain('━ 100 % ');
    expect(bar(80, { done: 0, total: 0 })).toContain('━ 100 % ');
  });

  test('keeps its length while numbers grow', () => {
    const lengths = [0, 9, 99, 400, 1000].map(
      (done) => bar(80, { done, perSecond: done, elapsedMs: done * 10 }).match(/[━╾─]+/)![0].length,
    );
    expect(new Set(lengths).size).toBe(1);
  });

  test('several stand in columns', () => {
    const lines = barLines([halfway, { ...halfway, label: 'fetch pages', done: 7, total: 9 }], 80, false).map(({ text }) => text);
    expect(lines).toEqual([
      'crunch      ━━━━━━━╾───────────  40 %    400/1,000      52/s    8 s  12 s left',
      'fetch pages ━━━━━━━━━━━━━━╾────  77 %          7/9      52/s    8 s  12 s left',
    ]);
  });

  test('fits any width, whatever the label, and says how wide it is', () => {
    const labels = ['', 'crunch', '縮小する画像', '👩‍👩‍👧 family 🎉', 'é'.normalize('NFD').repeat(30), 'x'.repeat(200)];
    for (const label of labels)
      for (let columns = 1; columns <= 130; columns++)
        for (const changes of [
          {},
          { failed: 1234 },
          { total: undefined },
          { total: 1e12, perSecond: 1e7, remainingMs: 1e8, elapsedMs: 1e8 },
        ]) {
          const [line] = barLines([{ ...halfway, label, ...changes }], columns, columns % 2 === 0);
          const plain = stripVTControlCharacters(line!.text);
          expect(displayWidth(plain)).toBeLessThanOrEqual(Math.max(1, columns - 1));
          expect(line!.width).toBe(displayWidth(plain));
        }
  });

  test('has colours only where the terminal has', () => {
    expect(bar(80)).not.toContain('\x1b');
    const [line] = barLines([halfway], 80, true);
    expect(line!.text).toContain('\x1b[36m━');
    expect(stripVTControlCharacters(line!.text)).toBe(bar(80));
  });
});

describe('a plain line', () => {
  const line = (changes: Partial<Progress>, stopped = false) => plainLine({ ...halfway, ...changes }, stopped);

  test('says how far it is', () => {
    expect(line({})).toBe('crunch: 400/1,000 (40 %), 52/s, 8 s, 12 s left');
    expect(line({ failed: 2 })).toBe('crunch: 402/1,000 (40 %), 2 failed, 52/s, 8 s, 12 s left');
    expect(line({ total: undefined, remainingMs: undefined })).toBe('crunch: 400 done, 52/s, 8 s');
    expect(line({ label: '' })).toBe('400/1,000 (40 %), 52/s, 8 s, 12 s left');
  });

  test('ends with the totals', () => {
    expect(line({ done: 1000, ended: true, remainingMs: 0 })).toBe('crunch: 1,000/1,000 (100 %), 52/s, 8 s');
    expect(line({ ended: true, remainingMs: 0 }, true)).toBe('crunch: stopped at 400/1,000 (40 %), 52/s, 8 s');
  });

  test('turns slow rates round, and writes long times with colons', () => {
    const of = (perSecond: number) => line({ perSecond }).split(', ')[1];
    expect([0.001, 0.2, 0.5, 1, 5.25, 9.96, 99.5, 12_345, 123_456, 2_345_678].map(of)).toEqual([
      '16:40/item',
      '5.0 s/item',
      '2.0 s/item',
      '1.0/s',
      '5.3/s',
      '10/s',
      '100/s',
      '12,345/s',
      '123 k/s',
      '2.3 M/s',
    ]);
    const after = (elapsedMs: number) => line({ elapsedMs }).split(', ')[2];
    expect([0, 999, 59_999, 60_000, 3_599_999, 3_600_000, 90_061_000].map(after)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1:00',
      '59:59',
      '1:00:00',
      '25:01:01',
    ]);
  });
});

describe('labels', () => {
  test('are one line without anything that moves the cursor or turns the text', () => {
    expect(oneLine('\x1b[31mred\x1b[0m\nand\tmore\r\x07 \u202eesrever\u200b')).toBe('red and more esrever');
    expect(oneLine('\x1b]0;title\x07x\x9b2Jy')).not.toMatch(/\p{Cc}/u);
    expect(oneLine('👩‍👩‍👧')).toBe('👩‍👩‍👧');
  });

  test('are measured as terminals draw them', () => {
    const widths = { abc: 3, 縮小: 4, ｱｲ: 2, 'e\u0301': 1, '👩‍👩‍👧': 2, '🎉': 2, '🇫🇷': 2, '✓': 1, 한글: 4, ー: 2 };
    for (const [text, width] of Object.entries(widths)) expect(displayWidth(text), text).toBe(width);
    expect(fitted('縮小する', 5)).toBe('縮小…');
    expect(fitted('縮小する', 4)).toBe('縮…');
    expect(fitted('abc', 3)).toBe('abc');
    expect(fitted('abc', 0)).toBe('');
  });
});
