/** A bar and everything else that is printed meanwhile: both stay intact. */
import { Console } from 'node:console';
import { describe, expect, test } from 'vitest';
import { FakeJob, type FakeOptions, FakeTerminal } from './fake-terminal.ts';

const BAR = expect.stringMatching(/^crunch [━╾─]+ +\d+ % .*\/1,000/);

async function drawn(options?: FakeOptions): Promise<{ terminal: FakeTerminal; job: FakeJob; console: Console }> {
  const terminal = new FakeTerminal(options);
  const job = new FakeJob(terminal, true, { size: 1000 });
  await terminal.pass(300);
  const streams = { stdout: terminal.stdout, stderr: terminal.stderr } as unknown as ConstructorParameters<typeof Console>[0];
  return { terminal, job, console: new Console(streams) };
}

describe('whole lines', () => {
  test('stand above the bar, which is back when what prints has ended', async () => {
    const { terminal, job, console } = await drawn();
    console.log('one');
    console.error('two\nthree');
    expect(terminal.screen.lines).toEqual(['one', 'two', 'three']);
    terminal.turn();
    expect(terminal.screen.lines).toEqual(['one', 'two', 'three', BAR]);
    await terminal.pass(500);
    console.log('four');
    await terminal.pass(0);
    expect(terminal.screen.lines).toEqual(['one', 'two', 'three', 'four', BAR]);
    job.end();
    expect(terminal.screen.lines).toEqual(['one', 'two', 'three', 'four']);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('ten thousand of them cost one redraw', async () => {
    const { terminal, console } = await drawn();
    terminal.stderr.calls.length = 0;
    for (let i = 0; i < 10_000; i++) console.log(i);
    terminal.turn();
    expect(terminal.stderr.calls.length).toBe(2);
    expect(terminal.screen.lines).toHaveLength(10_001);
  });

  test('with colours, in bytes, in any encoding', async () => {
    const { terminal } = await drawn();
    terminal.stdout.write('\x1b[31mred\x1b[39m\n\x1b[0m');
    terminal.stdout.write(Buffer.from('bytes ü\n'));
    terminal.stdout.write('68c3bc0a', 'hex');
    terminal.stdout.write('');
    terminal.turn();
    expect(terminal.screen.lines).toEqual(['red', 'bytes ü', 'hü', BAR]);
    expect(terminal.stdout.calls.slice(-2)).toEqual([['68c3bc0a', 'hex'], ['']]);
  });

  test('give what the stream gives, and call back', async () => {
    const { terminal } = await drawn();
    let called = 0;
    expect(terminal.stdout.write('a\n', 'utf8', () => called++)).toBe(true);
    expect(terminal.stdout.write('b\n', () => called++)).toBe(true);
    expect(called).toBe(2);
  });

  test('a write that throws throws, and the bar is back', async () => {
    const { terminal, job } = await drawn();
    expect(() => terminal.stdout.write(undefined as unknown as string)).toThrow(TypeError);
    terminal.turn();
    expect(terminal.screen.lines).toEqual([BAR]);
    job.end();
    expect(terminal.leftBehind).toEqual([]);
  });

  test("Node's warnings, which do not pass through the stream", async () => {
    const terminal = new FakeTerminal();
    // Node's own listener, which prints, is there from the beginning.
    terminal.events.on('warning', (text: string) => terminal.screen.write(text));
    new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(300);
    terminal.events.emit('warning', 'Warning: mind\nthe gap\n');
    terminal.turn();
    expect(terminal.screen.lines).toEqual(['Warning: mind', 'the gap', BAR]);
  });

  test('of stdout in a pipe leave the bar alone', async () => {
    const { terminal, console } = await drawn({ stdoutIsTTY: false });
    const before = terminal.stderr.text;
    console.log('data');
    expect(Object.hasOwn(terminal.stdout, 'write')).toBe(false);
    expect(terminal.stdout.text).toBe('data\n');
    terminal.turn();
    expect(terminal.stderr.text).toBe(before);
  });
});

describe('lines that are not complete', () => {
  test('the bar waits for their end', async () => {
    const { terminal, job } = await drawn();
    terminal.stdout.write('half a line');
    await terminal.pass(1000);
    expect(terminal.screen.lines).toEqual(['half a line']);
    // Codes alone do not end it, on whichever stream.
    terminal.stderr.write('\x1b[0m');
    await terminal.pass(1000);
    terminal.stdout.write(', the other half\nand more');
    await terminal.pass(1000);
    expect(terminal.screen.lines).toEqual(['half a line, the other half', 'and more']);
    terminal.stderr.write('\n');
    await terminal.pass(0);
    expect(terminal.screen.lines).toEqual(['half a line, the other half', 'and more', BAR]);
    job.end();
    expect(terminal.screen.lines).toEqual(['half a line, the other half', 'and more']);
  });

  test('one that is open at the end can be continued', async () => {
    const { terminal, job } = await drawn();
    terminal.stdout.write('computing ... ');
    await terminal.pass(200);
    job.end();
    terminal.stdout.write('done\n');
    expect(terminal.screen.lines).toEqual(['computing ... done']);
    expect(terminal.leftBehind).toEqual([]);
  });

  test('one that was open before the bar came stays, and the bar is below it', async () => {
    for (const begun of ['x', 'Working ... ', 'y'.repeat(79), 'z'.repeat(80), 'w'.repeat(100)]) {
      const terminal = new FakeTerminal();
      terminal.stdout.write(begun);
      const job = new FakeJob(terminal, true, { size: 1000 });
      await terminal.pass(500);
      const left = begun.length > 80 ? ['w'.repeat(80), 'w'.repeat(20)] : [begun.trimEnd()];
      expect(terminal.screen.lines).toEqual([...left, BAR]);
      job.end();
      expect(terminal.screen.lines).toEqual(left);
    }
  });
});

describe('somebody else who patches', () => {
  test('before us: is put back as it was', async () => {
    const terminal = new FakeTerminal();
    const original = terminal.stdout.write;
    const theirs = function (this: unknown, ...args: Parameters<typeof original>) {
      return Reflect.apply(original, this, args);
    };
    terminal.stdout.write = theirs;
    const job = new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(200);
    expect(terminal.stdout.write).not.toBe(theirs);
    job.end();
    expect(terminal.stdout.write).toBe(theirs);
  });

  test('on top of us: stays, and ours lets everything through', async () => {
    const { terminal, job } = await drawn();
    const ours = terminal.stdout.write;
    const heard: unknown[] = [];
    terminal.stdout.write = (chunk, ...rest) => {
      heard.push(chunk);
      return ours.call(terminal.stdout, chunk, ...rest);
    };
    const theirs = terminal.stdout.write;
    job.end();
    expect(terminal.stdout.write).toBe(theirs);
    terminal.stdout.write('after\n');
    expect(heard).toEqual(['after\n']);
    expect(terminal.screen.lines).toEqual(['after']);
    expect(terminal.leftBehind).toEqual(['write']);

    // And the next bar still comes and goes.
    const next = new FakeJob(terminal, true, { size: 1000 });
    await terminal.pass(200);
    terminal.stdout.write('between\n');
    terminal.turn();
    expect(terminal.screen.lines).toEqual(['after', 'between', BAR]);
    next.end();
    expect(terminal.stdout.write).toBe(theirs);
    expect(terminal.screen.lines).toEqual(['after', 'between']);
  });
});
