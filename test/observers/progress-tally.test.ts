/** The arithmetic of progress: counts, rates and remaining times, at times that a test chooses. */
import { describe, expect, test } from 'vitest';
import { Tally } from '../../src/observers/progress-tally.ts';

/** A job that started at 1000 and ends `count` tasks every `everyMs`, until `untilMs` have passed. */
function worked(count: number, everyMs: number, untilMs: number, total?: number): Tally {
  const tally = new Tally('crunch', 1000, total);
  for (let ms = everyMs; ms <= untilMs; ms += everyMs) tally.take({ type: 'tasksDone', jobId: 1, at: 1000 + ms, count });
  return tally;
}

describe('a tally', () => {
  test('counts what is done and what failed, and knows the time', () => {
    const tally = new Tally('crunch', 1000, 10);
    expect(tally.at(1000)).toEqual({
      label: 'crunch',
      done: 0,
      failed: 0,
      total: 10,
      elapsedMs: 0,
      perSecond: 0,
      remainingMs: undefined,
      ended: false,
    });
    expect(tally.take({ type: 'tasksDone', jobId: 1, at: 2000, count: 4 })).toBe(true);
    expect(tally.take({ type: 'taskFailed', jobId: 1, at: 2000, index: 4 })).toBe(true);
    expect(tally.take({ type: 'warning', jobId: 1, warning: { code: 'ALLCORES_CAPTURE', text: '' } })).toBe(false);
    const { perSecond, ...rest } = tally.at(2000);
    expect(rest).toEqual({ label: 'crunch', done: 4, failed: 1, total: 10, elapsedMs: 1000, remainingMs: rest.remainingMs, ended: false });
    expect(perSecond).toBeCloseTo(5.1, 1);
    expect(rest.remainingMs).toBeCloseTo(980, -1);
  });

  test('a steady pace is that pace, from the first second to the hundredth', () => {
    for (const seconds of [1, 5, 100]) {
      const { perSecond, remainingMs } = worked(5, 100, seconds * 1000, 10_000).at(1000 + seconds * 1000);
      expect(perSecond).toBeCloseTo(50, 5);
      expect(remainingMs).toBeCloseTo((10_000 - 50 * seconds) * 20, 3);
    }
  });

  test('the rate follows a change within seconds', () => {
    const tally = worked(10, 100, 60_000, 100_000);
    for (let ms = 60_100; ms <= 75_000; ms += 100) tally.take({ type: 'tasksDone', jobId: 1, at: 1000 + ms, count: 1 });
    expect(tally.at(76_000).perSecond).toBeLessThan(16);
    expect(tally.at(76_000).perSecond).toBeGreaterThan(10);
  });

  test('slow tasks have a steady rate too, and their remaining time goes down between them', () => {
    const tally = worked(1, 60_000, 20 * 60_000, 30);
    const lookedAt = (seconds: number) => tally.at(1000 + 20 * 60_000 + seconds * 1000);
    expect(60 * lookedAt(0).perSecond).toBeCloseTo(1, 5);
    expect(60 * lookedAt(59).perSecond).toBeCloseTo(1, 5);
    expect(lookedAt(0).remainingMs! - lookedAt(50).remainingMs!).toBeCloseTo(50_000, 3);
    // Nothing has come for ten minutes: it is slower than it was.
    expect(60 * lookedAt(600).perSecond).toBeLessThan(0.8);
    expect(lookedAt(600).remainingMs!).toBeGreaterThan(lookedAt(60).remainingMs!);
  });

  test('an unknown total has no end until it becomes known', () => {
    const tally = worked(1, 100, 1000);
    expect(tally.at(2000)).toMatchObject({ total: undefined, remainingMs: undefined });
    tally.take({ type: 'jobSized', jobId: 1, at: 2000, size: 20 });
    expect(tally.at(2000).total).toBe(20);
    expect(tally.at(2000).remainingMs).toBeCloseTo(1000, 3);
  });

  test('a total that was too small has no end either', () => {
    expect(worked(5, 100, 1000, 20).at(2000)).toMatchObject({ total: 20, done: 50, remainingMs: undefined });
  });

  test('nothing is left when all have ended, and at the end the rate is that of the whole call', () => {
    const tally = worked(5, 100, 2000, 100);
    expect(tally.at(3000).remainingMs).toBe(0);
    tally.take({ type: 'jobEnded', jobId: 1, at: 5000 });
    expect(tally.at(9000)).toMatchObject({ ended: true, elapsedMs: 4000, perSecond: 25, remainingMs: 0 });
  });

  test('is never infinite or no number, however odd the clock', () => {
    const tally = new Tally('crunch', 1000, 10);
    for (const at of [1000, 1000, 999, 1000.0001]) {
      tally.take({ type: 'tasksDone', jobId: 1, at, count: 1 });
      const { perSecond, remainingMs = 0, elapsedMs } = tally.at(at);
      for (const n of [perSecond, remainingMs, elapsedMs]) expect(n).toSatisfy((x: number) => Number.isFinite(x) && x >= 0);
    }
    tally.take({ type: 'jobEnded', jobId: 1, at: 1000 });
    expect(tally.at(1000).perSecond).toBe(0);
  });
});
