/** The block of bars on a terminal: when it is drawn, what stays of everything else, and that nothing stays of it. */
import { describe, expect, test } from 'vitest';
import { FakeJob, FakeTerminal } from './fake-terminal.ts';

const BAR = /^crunch [━╾─]+ +\d+ % .*\/1,000/;

describe('one bar', () => {
  test('comes after 100 ms, is redrawn at most every 100 ms, and is gone at the end', async () => {
    const terminal = new FakeTerminal();
    const job = new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(99);
    expect(terminal.stderr.text).toBe('');
    await terminal.pass(1);
    expect(terminal.screen.lines).toEqual([expect.stringMatching(/^crunch ─+ {3}0 % {6}0\/1,000 {14}0 s$/)]);

    terminal.stderr.calls.length = 0;
    for (let i = 0; i < 400; i++) {
      job.done(1);
      await terminal.pass(2.5);
    }
    expect(terminal.stderr.calls.length).toBeLessThanOrEqual(10);
    expect(terminal.screen.lines).toEqual([expect.stringMatching(/^crunch ━+╾?─+ {2}40 % {4}400\/1,000 +36\d\/s +1 s +2 s left$/)]);

    job.end();
    expect(terminal.screen.lines).toEqual([]);
    expect(terminal.screen.cursor).toEqual({ x: 0, y: 0, shown: true });
    expect(terminal.leftBehind).toEqual([]);
  });

  test('a call that ends at once draws nothing', async () => {
    const terminal = new FakeTerminal();
    const job = new FakeJob(terminal, true, { size: 10 });
    await terminal.pass(60);
    job.done(10);
    job.end();
    await terminal.pass(1000);
    expect(terminal.stderr.text).toBe('');
    expect(terminal.leftBehind).toEqual([]);
  });

  test('goes on between notes', async () => {
    const terminal = new FakeTerminal();
    new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(3000);
    expect(terminal.screen.lines[0]).toMatch(/ 3 s$/);
  });

  test('is called as the caller says, or like the function, or map', async () => {
    const labels: [Parameters<typeof run>[0], string, string][] = [
      [true, 'resize', 'resize'],
      [true, 'anonymous function', 'map'],
      [true, 'evil\n\x1b[2Jname', 'evil name'],
      [{ label: 'my\tlabel\x07' }, 'resize', 'my label'],
      [{ label: '' }, 'resize', ''],
      [{}, '', 'map'],
    ];
    for (const [option, name, label] of labels) expect(await run(option, name)).toMatch(new RegExp(`^${label && `${label} `}─`));
    async function run(option: true | { label?: string }, name: string): Promise<string> {
      const terminal = new FakeTerminal();
      new FakeJob(terminal, option, { name, size: 10 });
      await terminal.pass(100);
      return terminal.screen.lines[0]!;
    }
  });

  test('takes the total from the caller until the call knows better', async () => {
    const terminal = new FakeTerminal();
    const job = new FakeJob(terminal, { total: 500 });
    job.done(100);
    await terminal.pass(100);
    expect(terminal.screen.lines[0]).toContain(' 20 %  100/500 ');
    job.sized(1000);
    await terminal.pass(100);
    expect(terminal.screen.lines[0]).toContain(' 10 %    100/1,000 ');
  });

  test('an unknown total has a spinner', async () => {
    const terminal = new FakeTerminal();
    const job = new FakeJob(terminal, true);
    await job.work(5, 100, 1000);
    const [first] = terminal.screen.lines;
    await terminal.pass(100);
    expect(terminal.screen.lines[0]).toMatch(/^crunch [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] 50 done +5\d\/s +1 s$/);
    expect(terminal.screen.lines[0]!.slice(0, 8)).not.toBe(first!.slice(0, 8));
  });

  test('is gone after a failure as well', async () => {
    const terminal = new FakeTerminal();
    const job = new FakeJob(terminal, true, { size: 1000 });
    await job.work(10, 100, 1000);
    job.failed();
    job.end({ error: new Error('no') });
    expect(terminal.screen.lines).toEqual([]);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('is gone when the process exits', async () => {
    const terminal = new FakeTerminal();
    new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(500);
    terminal.events.emit('exit', 1);
    expect(terminal.screen.lines).toEqual([]);
    expect(terminal.leftBehind).toEqual(['timer']);
  });

  test('follows the size of the window, in both directions, and leaves nothing of its old lines', async () => {
    const terminal = new FakeTerminal({ columns: 120 });
    const job = new FakeJob(terminal, true, { size: 1000 });
    terminal.stdout.write('above\n');
    await job.work(10, 100, 1000);
    for (const columns of [50, 30, 12, 90, 120]) {
      terminal.resize(columns);
      expect(terminal.screen.lines.slice(0, -1)).toEqual(['above']);
      expect(terminal.screen.lines[1]!.length).toBeLessThan(columns);
    }
    job.end();
    expect(terminal.screen.lines).toEqual(['above']);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('becomes plain lines where log-update cannot be imported', async () => {
    const terminal = new FakeTerminal({ loadFails: true });
    const job = new FakeJob(terminal, true, { size: 100 });
    await terminal.pass(100);
    await job.work(4, 100, 2400);
    job.end({ error: 1 });
    expect(terminal.stderr.text).toBe(
      'crunch: 32/100 (32 %), 36/s, 1 s, 2 s left\ncrunch: 72/100 (72 %), 38/s, 2 s, 1 s left\ncrunch: stopped at 96/100 (96 %), 38/s, 2 s\n',
    );
    expect(terminal.leftBehind).toEqual([]);
  });
});

describe('several bars', () => {
  test('stand in the order of their start, and each goes when its call ends', async () => {
    const terminal = new FakeTerminal();
    const first = new FakeJob(terminal, true, { name: 'first', size: 100 });
    const second = new FakeJob(terminal, true, { name: 'second', size: 100 });
    await terminal.pass(100);
    const third = new FakeJob(terminal, true, { name: 'third', size: 100 });
    await terminal.pass(100);
    const names = () => terminal.screen.lines.map((line) => line.split(' ')[0]);
    expect(names()).toEqual(['first', 'second', 'third']);
    second.end();
    expect(names()).toEqual(['first', 'third']);
    first.end();
    expect(names()).toEqual(['third']);
    third.end({ error: 1 });
    expect(terminal.screen.lines).toEqual([]);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('a young one does not flicker beside an old one', async () => {
    const terminal = new FakeTerminal();
    new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(190);
    const short = new FakeJob(terminal, true, { name: 'short', size: 10 });
    await terminal.pass(20);
    short.end();
    await terminal.pass(200);
    expect(terminal.stderr.text).not.toContain('short');
  });

  test('more than the terminal is high: those that fit', async () => {
    const terminal = new FakeTerminal();
    const jobs = Array.from({ length: 30 }, (_, i) => new FakeJob(terminal, true, { name: `job${i}`, size: 10 }));
    await terminal.pass(200);
    expect(terminal.screen.lines).toHaveLength(23);
    for (const job of jobs) job.end();
    expect(terminal.screen.lines).toEqual([]);
  });

  test('a bar comes back for the next call', async () => {
    const terminal = new FakeTerminal();
    for (let i = 0; i < 3; i++) {
      const job = new FakeJob(terminal, true, { size: 1000 });
      await job.work(10, 100, 500);
      expect(terminal.screen.lines).toEqual([expect.stringMatching(BAR)]);
      job.end();
      expect(terminal.screen.lines).toEqual([]);
      expect(terminal.leftBehind).toEqual([]);
    }
  });
});
