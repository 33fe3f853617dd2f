/** Where the host of the native cases runs: one child for each mode plays them all, and tells how each has gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MARK } from './play.native.mjs';
import type { Place } from './remote.native.mjs';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What Node is started with. */
export const modes = {
  'on the main thread': [fixture('play-main.native.mjs')],
  'inside a worker thread': [fixture('play-in-worker.native.mjs')],
  'under --import tsx': ['--import', 'tsx', fixture('play-main.native.mjs')],
  'through the doors of the package': [fixture('play-doors.native.mjs')],
  'as vitest transforms them': ['node_modules/vitest/vitest.mjs', 'run', '--config', fixture('play-in-vitest.config.ts')],
} as const;

export type Mode = keyof typeof modes;

interface Report {
  readonly place: Place;
  readonly theme: string;
  readonly name: string;
  /** Null when the case has passed. */
  readonly error: string | null;
}

const keyOf = ({ place, theme, name }: Omit<Report, 'error'>) => `${place} ${theme} ${name}`;

export class Playing {
  readonly #child: ChildProcess;
  readonly #reports = new Map<string, Report>();
  readonly #waiting = new Map<string, (error: string | null) => void>();
  #output = '';
  #ended = false;

  constructor(mode: Mode) {
    const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
    this.#child = spawn(process.execPath, modes[mode], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const lines = createInterface({ input: this.#child.stdout! });
    lines.on('line', (line) => {
      if (line.startsWith(MARK)) this.#settle(JSON.parse(line.slice(MARK.length)) as Report);
      else this.#output += `${line}\n`;
    });
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#output += data;
    });
    this.#child.once('close', () => {
      this.#ended = true;
      for (const resolve of this.#waiting.values()) resolve(this.#missing());
    });
  }

  #settle(report: Report): void {
    const key = keyOf(report);
    this.#reports.set(key, report);
    this.#waiting.get(key)?.(report.error);
    this.#waiting.delete(key);
  }

  #missing(): string {
    return `the program has ended without this case:\n${this.#output.slice(-2000)}`;
  }

  /** What went wrong with a case, or null, as soon as it has been played. */
  outcome(place: Place, theme: string, name: string): Promise<string | null> {
    const key = keyOf({ place, theme, name });
    const report = this.#reports.get(key);
    if (report) return Promise.resolve(report.error);
    return new Promise((resolve) => {
      if (this.#ended) resolve(this.#missing());
      else this.#waiting.set(key, resolve);
    });
  }

  end(): void {
    this.#child.kill();
  }
}
