/** However a program ends, nothing of it stays: no process, no temporary file, and the cursor is back. */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { Tmux, withoutTmux } from '../observers/tmux.ts';
import { leftOf, Program, processesOf } from './program.ts';

const nothing = { processes: [], files: [] };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

function start(way: string, backend: string): Program {
  const program = new Program(way, backend);
  open.push(() => program.remove());
  return program;
}

describe.skipIf(process.platform !== 'linux').each(WORKER_BACKENDS)('on %s nothing is left', (backend) => {
  const size = backend === 'processes' ? 3 : 1;

  for (const [way, code, text] of [
    ['exit', 3, undefined],
    ['throws', 1, 'RangeError: nobody catches this'],
    ['rejects', 1, 'RangeError: nobody catches this'],
  ] as const) {
    test(`where the host ${way} while workers are in an endless loop`, async () => {
      const program = start(way, backend);
      expect(await program.end()).toEqual({ code, signal: null, ...nothing });
      expect(program.stdout).toBe('ready\n');
      if (text) expect(program.stderr).toContain(text);
      else expect(program.stderr).toBe('');
    });
  }

  for (const way of ['finishes', 'closes']) {
    test(`where the host just ${way}`, async () => {
      const program = start(way, backend);
      expect(await program.end()).toEqual({ code: 0, signal: null, ...nothing });
      expect([program.stdout, program.stderr]).toEqual(['[1,4,9]\nready\n', '']);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`after ${signal} to the whole group, workers in an endless loop`, async () => {
      const program = start('signal', backend);
      await program.ready();
      expect(program.processes).toHaveLength(size);
      program.signalGroup(signal);
      expect(await program.end()).toEqual({ code: null, signal, ...nothing });
      expect(program.stderr).toBe('');
    });
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`after ${signal} to the host alone, workers in an endless loop`, async () => {
      const program = start('signal', backend);
      await program.ready();
      expect(program.processes).toHaveLength(size);
      program.signal(signal);
      expect(await program.end()).toEqual({ code: null, signal, ...nothing });
    });
  }

  test('where the host handles Ctrl-C itself: workers do not hear it, and its results arrive', async () => {
    const program = start('handles', backend);
    await program.ready();
    program.signalGroup('SIGINT');
    expect(await program.end()).toEqual({ code: 0, signal: null, ...nothing });
    expect([program.stdout, program.stderr]).toEqual(['ready\n[1,2]\n', '']);
  });

  test('and no signal has a handler of ours, with a bar and without', async () => {
    const program = start('listens', backend);
    expect(await program.end()).toEqual({ code: 0, signal: null, ...nothing });
    expect(program.stdout).toBe('no listener of ours\nready\n');
  });
});

const skipped = withoutTmux !== undefined && !process.env.CI;

describe.skipIf(skipped).each(WORKER_BACKENDS)(`on %s with a bar in a real terminal${skipped ? ` (${withoutTmux})` : ''}`, (backend) => {
  const job = fileURLToPath(new URL('../observers/job.mjs', import.meta.url));
  const HALFWAY = (lines: readonly string[]) => lines.some((line) => line.includes(' 40 % '));

  function terminalWith(which: string) {
    const marker = randomUUID();
    const terminal = new Tmux(80);
    open.push(() => terminal.close());
    terminal.run(
      `ALLCORES_TEST_PROGRAM=${marker} ALLCORES_BACKEND=${backend} '${process.execPath}' '${job}' ${which} '${terminal.goFile}'`,
    );
    return { terminal, marker };
  }

  test('Ctrl-C: the cursor is seen below it, and no process is left', async () => {
    const { terminal, marker } = terminalWith('one');
    await terminal.until(HALFWAY);
    expect(processesOf(marker).length).toBeGreaterThan(0);
    terminal.press('C-c');
    const lines = await terminal.untilPrompt();
    expect(lines.slice(1)).toEqual(['^C', '$']);
    expect(terminal.cursor).toBe('2,2 visible');
    expect(await leftOf(marker)).toEqual([]);
    terminal.run('echo "status $was"');
    expect(await terminal.untilPrompt()).toEqual(['status 130', '$']);
  });

  test('process.exit: the bar is gone, the cursor is seen, and no process is left', async () => {
    const { terminal, marker } = terminalWith('exits');
    await terminal.until(HALFWAY);
    terminal.go();
    await terminal.until((lines) => lines.at(-1) === '$' && !HALFWAY(lines));
    expect(terminal.cursor).toMatch(/ visible$/);
    expect(await leftOf(marker)).toEqual([]);
  });
});
