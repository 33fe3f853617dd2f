/** A real terminal with a shell in it, by way of tmux. Every wait is for a condition, with a deadline. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DEADLINE_MS = 15_000;
let terminals = 0;

/** Why there is no tmux here; undefined where there is one. */
export const withoutTmux: string | undefined =
  spawnSync('tmux', ['-V']).status === 0 ? undefined : 'tmux is not installed: apt-get install tmux';

export class Tmux {
  readonly #socket = `allcores-${process.pid}-${terminals++}`;
  readonly #folder = mkdtempSync(join(tmpdir(), 'allcores-tmux-'));

  constructor(columns: number) {
    const shell = 'exec env -i PATH="$PATH" HOME="$HOME" TERM="$TERM" LANG=C.UTF-8 PS1="$ " sh';
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', '20', shell);
  }

  /** A file that programs wait for. */
  get goFile(): string {
    return join(this.#folder, 'go');
  }

  go(): void {
    writeFileSync(this.goFile, '');
  }

  /** Types a command, which leaves no trace of its own on the screen. `$was` is how the one before ended. */
  run(command: string): void {
    this.#tmux('send-keys', '-l', `was=$?; clear; ${command}`);
    this.press('Enter');
  }

  press(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize(columns: number): void {
    this.#tmux('resize-window', '-x', String(columns));
  }

  /** What a person sees, without empty lines at the end. */
  get lines(): string[] {
    return this.#tmux('capture-pane', '-p').trimEnd().split('\n');
  }

  /** Column and row, and whether it can be seen. */
  get cursor(): string {
    return this.#tmux('display-message', '-p', '#{cursor_x},#{cursor_y} #{?cursor_flag,visible,hidden}').trim();
  }

  /** The lines, as soon as they are as wanted. */
  async until(wanted: (lines: readonly string[]) => boolean): Promise<string[]> {
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      const { lines } = this;
      if (wanted(lines)) return lines;
      if (performance.now() > end) throw new Error(`not within ${DEADLINE_MS} ms; the terminal shows:\n${lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** The lines when the shell is back. */
  async untilPrompt(): Promise<string[]> {
    return this.until((lines) => lines.at(-1) === '$' && lines.length > 1);
  }

  close(): void {
    spawnSync('tmux', ['-L', this.#socket, 'kill-server']);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...args: string[]): string {
    return execFileSync('tmux', ['-u', '-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}
