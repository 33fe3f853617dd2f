/** Bars on a real terminal: what a person sees while a program runs, and what is left afterwards. */
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Tmux, withoutTmux } from './tmux.ts';

const program = fileURLToPath(new URL('./job.mjs', import.meta.url));
const BAR = expect.stringMatching(/^crunch [━╾─]+ {2}40 % {4}400\/1,000 +[\d.,]+\/s +\d+ s {2}\d+ s left$/);

const open: Tmux[] = [];
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close();
});

/** A terminal in which the program runs. */
function terminalWith(which: string, { columns = 80, begin = '', behind = '' } = {}): Tmux {
  const terminal = new Tmux(columns);
  open.push(terminal);
  terminal.run(`'${process.execPath}' '${program}' ${which} '${terminal.goFile}' '${begin}' ${behind}`);
  return terminal;
}

const shows = (text: string) => (lines: readonly string[]) => lines.some((line) => line.includes(text));
const HALFWAY = shows(' 40 % ');
const GONE = ['the result', 'nothing left behind', '$'];

// In CI the tests run and fail where tmux is missing; at home they say what is missing.
const skipped = withoutTmux !== undefined && !process.env.CI;

describe.skipIf(skipped)(`a real terminal${skipped ? ` (${withoutTmux})` : ''}`, () => {
  test('at 120 columns: everything, and nothing of it afterwards', async () => {
    const terminal = terminalWith('one', { columns: 120 });
    const [line, ...more] = await terminal.until(HALFWAY);
    expect(line).toMatch(/^crunch ━{16}─{24} {2}40 % {4}400\/1,000 +[\d.,]+\/s +\d s {2}\d+ s left$/);
    expect(more).toEqual([]);
    expect(terminal.cursor).toBe('0,1 visible');
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(GONE);
    expect(terminal.cursor).toBe('2,2 visible');
  });

  test('at 40 columns: what matters, on one line', async () => {
    const terminal = terminalWith('one', { columns: 40 });
    expect(await terminal.until(HALFWAY)).toEqual(['crunch ━━━━━────────  40 %    400/1,000']);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(GONE);
  });

  test('an unknown total', async () => {
    const terminal = terminalWith('unknown');
    expect(await terminal.until(shows(' 400 done '))).toEqual([expect.stringMatching(/^read [⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] 400 done +[\d.,]+\/s +\d s$/)]);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(GONE);
  });

  test('two at once, below each other', async () => {
    const terminal = terminalWith('two');
    const lines = await terminal.until((shown) => shows('5,200/12,000')(shown) && shows('60/80')(shown));
    expect(lines).toEqual([expect.stringMatching(/^shrink images ━+╾?─+ {2}43 % /), expect.stringMatching(/^fetch {9}━+╾?─+ {2}75 % /)]);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(GONE);
  });

  test('an error in the middle', async () => {
    const terminal = terminalWith('fails');
    await terminal.until(HALFWAY);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(['caught: in the middle', 'nothing left behind', '$']);
    expect(terminal.cursor).toBe('2,2 visible');
  });

  test('lines of stdout and stderr and warnings of Node stand above the bar', async () => {
    const terminal = terminalWith('prints');
    const lines = await terminal.until((shown) => shows('mind the gap')(shown) && HALFWAY(shown));
    const printed = ['a line of stdout', 'two lines', 'of stderr', expect.stringContaining('mind the gap'), expect.any(String)];
    expect(lines).toEqual([...printed, BAR]);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual([...printed, ...GONE]);
  });

  test('a line that is begun and not ended stays whole', async () => {
    const terminal = terminalWith('halves', { begin: 'Working ... ' });
    await terminal.until((lines) => /^crunch/.test(lines[1]!));
    expect(terminal.lines[0]).toBe('Working ...');
    await terminal.until((lines) => lines[1] === 'half a line');
    expect(terminal.lines).toEqual(['Working ...', 'half a line']);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(['Working ...', 'half a line, the other half', ...GONE]);
  });

  test('a window that becomes narrower and wider', async () => {
    const terminal = terminalWith('one', { columns: 120 });
    await terminal.until(HALFWAY);
    for (const columns of [50, 40, 100]) {
      terminal.resize(columns);
      const only = (lines: readonly string[]) => HALFWAY(lines) && lines.length === 1 && lines[0]!.length < columns;
      await terminal.until(only);
    }
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(GONE);
  });

  test('Ctrl-C ends the program as it would without a bar; the line says how far it was, and the prompt is below it', async () => {
    const terminal = terminalWith('one');
    await terminal.until(HALFWAY);
    terminal.press('C-c');
    expect(await terminal.untilPrompt()).toEqual([BAR, '^C', '$']);
    expect(terminal.cursor).toBe('2,2 visible');
    terminal.run('echo "status $was"');
    expect(await terminal.untilPrompt()).toEqual(['status 130', '$']);
  });

  test('process.exit leaves nothing', async () => {
    const terminal = terminalWith('exits', { behind: '; echo "status $?"' });
    await terminal.until(HALFWAY);
    terminal.go();
    expect(await terminal.untilPrompt()).toEqual(['status 3', '$']);
  });

  test('an exception that nobody catches is printed whole, and the bar is gone', async () => {
    const terminal = terminalWith('throws', { columns: 120 });
    await terminal.until(HALFWAY);
    terminal.go();
    const lines = await terminal.untilPrompt();
    expect(lines.filter((line) => /^RangeError: nobody caught this$/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('crunch'))).toEqual([]);
  });

  test('a pipe gets plain lines, one for a tenth at the most', async () => {
    const terminal = terminalWith('one', { behind: '2>&1 | cat' });
    await terminal.until(shows('(40 %)'));
    terminal.go();
    const lines = await terminal.untilPrompt();
    const told = lines.slice(0, -GONE.length);
    // Tasks end in chunks, so a tenth may be passed over; none is told twice.
    const percents = told.map((line) => Number(/^crunch: [\d,]+\/1,000 \((\d+) %\), [\d.,]+\/s, \d+ s(?:, \d+ s left)?$/.exec(line)?.[1]));
    expect(percents).toContain(40);
    expect(percents.at(-1)).toBe(100);
    const tenths = percents.map((percent) => Math.floor(percent / 10));
    expect(tenths).toEqual([...new Set(tenths)].sort((x, y) => x - y));
    expect(lines.slice(-GONE.length)).toEqual(GONE);
  });
});
