/** Progress without a terminal: plain lines and functions; what the option may be; and the surroundings as they really are. */
import { describe, expect, test, vi } from 'vitest';
import { isProgressOption, type Progress, progressObserver } from '../../src/observers/progress.ts';
import { print, processTerminal } from '../../src/observers/terminal.ts';
import { FakeJob, FakeTerminal } from './fake-terminal.ts';

const log = () => new FakeTerminal({ redraws: false, stdoutIsTTY: false });

describe('plain lines', () => {
  test('tell of each further tenth, and of the whole at the end', async () => {
    const terminal = log();
    const job = new FakeJob(terminal, true, { size: 1000 });
    await job.work(5, 100, 20_000);
    job.end();
    const lines = terminal.stderr.text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('crunch: 100/1,000 (10 %), 50/s, 2 s, 18 s left');
    expect(lines[3]).toBe('crunch: 400/1,000 (40 %), 50/s, 8 s, 12 s left');
    expect(lines.at(-1)).toBe('crunch: 1,000/1,000 (100 %), 50/s, 20 s');
    expect(terminal.stderr.text).not.toContain('\x1b');
    expect(terminal.stdout.text).toBe('');
    expect(terminal.leftBehind).toEqual([]);
  });

  test('are at most one a second, and a short call has its last line alone', async () => {
    const terminal = log();
    const short = new FakeJob(terminal, true, { size: 100 });
    await short.work(10, 100, 900);
    short.end();
    expect(terminal.stderr.text.match(/\n/g)).toHaveLength(1);
    const long = new FakeJob(terminal, true, { size: 100 });
    await long.work(4, 100, 2500);
    expect(terminal.stderr.text.match(/\n/g)).toHaveLength(1 + 2);
    long.end();
    expect(terminal.leftBehind).toEqual([]);
  });

  test('skip tenths that come at once', () => {
    const terminal = log();
    const job = new FakeJob(terminal, true, { size: 10 });
    terminal.now += 1000;
    job.done(7);
    job.done(3);
    job.end();
    expect(terminal.stderr.text).toMatch(/^crunch: 7\/10 \(70 %\), .*\ncrunch: 10\/10 \(100 %\), 10\/s, 1 s\n$/);
  });

  test('come after 30 seconds without one, also where the total is unknown', async () => {
    const slow = log();
    const job = new FakeJob(slow, true, { size: 1000 });
    await job.work(1, 1000, 75_000);
    expect(slow.stderr.text.match(/\d+\/1,000/g)).toEqual(['29/1,000', '59/1,000']);

    const unknown = log();
    const reading = new FakeJob(unknown, { label: 'read' });
    await reading.work(10, 100, 65_000);
    reading.end();
    expect(unknown.stderr.text).toBe('read: 2,990 done, 100/s, 30 s\nread: 5,990 done, 100/s, 1:00\nread: 6,500 done, 100/s, 1:05\n');
    expect(unknown.leftBehind).toEqual([]);
  });

  test('say how many failed, and where it stopped', () => {
    const terminal = log();
    const job = new FakeJob(terminal, true, { size: 100 });
    terminal.now += 2000;
    job.done(5);
    job.failed();
    job.end({ error: new Error('no') });
    expect(terminal.stderr.text).toBe('crunch: stopped at 6/100 (6 %), 1 failed, 3.0/s, 2 s\n');
    expect(terminal.leftBehind).toEqual([]);
  });

  test('one line for an empty input', () => {
    const terminal = log();
    new FakeJob(terminal, true, { size: 0 }).end();
    expect(terminal.stderr.text).toBe('crunch: 0/0 (100 %), 0 s\n');
  });
});

describe('a function', () => {
  test('is called at the start, at most every 100 ms when something changed, and once at the end', async () => {
    const terminal = new FakeTerminal();
    const seen: Progress[] = [];
    const job = new FakeJob(terminal, (progress) => void seen.push(progress), { size: 1000 });
    expect(seen).toEqual([expect.objectContaining({ label: 'crunch', done: 0, failed: 0, total: 1000, elapsedMs: 0, ended: false })]);
    for (let i = 0; i < 100; i++) {
      await terminal.pass(10);
      job.done(1);
    }
    expect(seen.length).toBeLessThanOrEqual(11);
    expect(seen.length).toBeGreaterThanOrEqual(10);
    // Nothing changes, so nothing is told after the last change.
    await terminal.pass(10_000);
    const told = seen.length;
    expect(seen.at(-1)!.done).toBe(100);
    await terminal.pass(10_000);
    expect(seen).toHaveLength(told);
    job.failed();
    job.end();
    job.end();
    job.done(1);
    expect(seen.filter(({ ended }) => ended)).toEqual([expect.objectContaining({ done: 100, failed: 1, ended: true, remainingMs: 0 })]);
    expect(seen.at(-1)!.ended).toBe(true);
    expect(terminal.stderr.text + terminal.stdout.text).toBe('');
    expect(terminal.leftBehind).toEqual([]);
  });

  test('a last change just before the end is not told twice', async () => {
    const terminal = new FakeTerminal();
    const ended: boolean[] = [];
    const job = new FakeJob(terminal, (progress) => void ended.push(progress.ended), { size: 10 });
    job.done(10);
    job.end({ error: 1 });
    await terminal.pass(1000);
    expect(ended).toEqual([false, true]);
  });

  test('what it throws comes out of the note, or goes to fail where no note is', async () => {
    const terminal = new FakeTerminal();
    let throws = false;
    let ended = 0;
    const error = new RangeError('mine');
    const job = new FakeJob(
      terminal,
      (progress) => {
        if (progress.ended) ended += 1;
        if (throws) throw error;
      },
      { size: 10 },
    );
    throws = true;
    job.done(1);
    expect(job.failures).toEqual([]);
    await terminal.pass(100);
    expect(job.failures).toEqual([error]);
    await terminal.pass(100);
    expect(() => job.done(1)).toThrow(error);
    expect(() => job.end({ error })).toThrow(error);
    job.end({ error });
    expect(ended).toBe(1);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('one that throws at the start is told the end all the same', () => {
    const terminal = new FakeTerminal();
    const ended: boolean[] = [];
    const links = { now: () => terminal.now, fail: () => {} };
    const observer = progressObserver(
      (progress) => {
        ended.push(progress.ended);
        if (!progress.ended) throw new Error('at the start');
      },
      links,
      terminal,
    );
    const started = { type: 'jobStarted', jobId: 1, at: terminal.now, functionName: 'f', size: 1 } as const;
    expect(() => observer.onNote!(started)).toThrow('at the start');
    observer.onNote!({ type: 'jobEnded', jobId: 1, at: terminal.now, failure: { error: 1 } });
    expect(ended).toEqual([false, true]);
  });
});

describe('the option', () => {
  test('is a boolean, a function, or settings with known names of their own', () => {
    const good = [
      true,
      false,
      () => {},
      {},
      { label: 'x' },
      { total: 0 },
      { label: '', total: 12 },
      { label: undefined },
      Object.create(null),
    ];
    for (const value of good) expect(isProgressOption(value)).toBe(true);
    const bad = [
      undefined,
      null,
      1,
      'x',
      [],
      new Map(),
      { lable: 'x' },
      { label: 1 },
      { total: -1 },
      { total: 1.5 },
      { total: '10' },
      { total: Number.POSITIVE_INFINITY },
      Object.create({ label: 'inherited' }),
    ];
    for (const value of bad) expect(isProgressOption(value)).toBe(false);
  });
});

describe('the terminal of this process', () => {
  test('is none where CI is set, where TERM is dumb, and in a pipe', () => {
    const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
    const depth = Object.getOwnPropertyDescriptor(process.stderr, 'getColorDepth');
    try {
      Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
      Object.defineProperty(process.stderr, 'getColorDepth', { value: () => 8, configurable: true });
      const redraws = (CI: string | undefined, TERM: string) => {
        vi.stubEnv('CI', CI);
        vi.stubEnv('TERM', TERM);
        return processTerminal().redraws;
      };
      expect([redraws(undefined, 'xterm'), redraws('', 'xterm'), redraws('false', 'xterm')]).toEqual([true, true, true]);
      expect([redraws('true', 'xterm'), redraws('1', 'xterm'), redraws(undefined, 'dumb')]).toEqual([false, false, false]);
      Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true });
      expect(redraws(undefined, 'xterm')).toBe(false);
    } finally {
      vi.unstubAllEnvs();
      for (const [name, was] of [
        ['isTTY', isTTY],
        ['getColorDepth', depth],
      ] as const) {
        delete (process.stderr as unknown as Record<string, unknown>)[name];
        if (was) Object.defineProperty(process.stderr, name, was);
      }
    }
  });

  test("has timers that a program's fake timers do not stop, and that can be stopped", async () => {
    vi.useFakeTimers();
    try {
      const terminal = processTerminal();
      let stopped = 0;
      terminal.after(1, () => (stopped += 1))();
      terminal.every(1, () => (stopped += 1))();
      terminal.soon(() => (stopped += 1))();
      await new Promise<void>((resolve) => terminal.soon(resolve));
      await new Promise<void>((resolve) => terminal.after(1, resolve));
      await new Promise<void>((resolve) => {
        const stop = terminal.every(1, () => {
          stop();
          resolve();
        });
      });
      expect(stopped).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a stream that is broken does not fail the job', () => {
    const { stderr } = new FakeTerminal();
    const broken = new Error('EPIPE');
    print(
      stderr,
      (_chunk, done) => {
        (done as (error: Error) => void)(broken);
        return stderr.emit('error', broken);
      },
      'text',
    );
    expect(stderr.eventNames()).toEqual([]);
    print(
      stderr,
      () => {
        throw broken;
      },
      'text',
    );
  });
});
