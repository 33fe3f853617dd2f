/** A program in a session of its own, with a TMPDIR of its own, and what is left of it when it has ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('fixtures/program.mjs', import.meta.url));
/** How long processes may take to be gone when the program has ended: a watchdog asks now and then. */
const DEADLINE_MS = 10_000;
const MARKER = 'ALLCORES_TEST_PROGRAM';

/** What a process of Linux says of itself; undefined where it is gone, or dead and only waits for its parent to notice. */
function aliveIn(pid: string): { session: number; command: string; environment: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything: fields are counted from behind it.
    const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200);
    return { session: Number(session), command, environment: readFileSync(`/proc/${pid}/environ`, 'utf8') };
  } catch {
    return undefined;
  }
}

/** Processes that carry the marker in their environment, or belong to the session. */
export function processesOf(marker: string, session?: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const alive = aliveIn(pid);
      return alive && (alive.session === session || alive.environment.includes(marker)) ? [`${pid}: ${alive.command}`] : [];
    });
}

/** What is left after a while: as soon as nothing is, or what there is at the deadline. */
export async function leftOf(marker: string, session?: number): Promise<string[]> {
  for (const end = performance.now() + DEADLINE_MS; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const left = processesOf(marker, session);
    if (left.length === 0 || performance.now() > end) return left;
  }
}

export class Program {
  readonly #folder = mkdtempSync(join(tmpdir(), 'allcores-ends-'));
  readonly #marker = `${MARKER}=${randomUUID()}`;
  readonly #child: ChildProcess;
  readonly #ended: Promise<[code: number | null, signal: string | null]>;
  stdout = '';
  stderr = '';

  constructor(way: string, backend: string) {
    for (const name of ['tmp', 'marks']) mkdirSync(join(this.#folder, name));
    const [name, value] = this.#marker.split('=') as [string, string];
    const { NODE_OPTIONS: _, VITEST: __, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [file, way, join(this.#folder, 'marks')], {
      // A session and a group of its own.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, [name]: value, ALLCORES_BACKEND: backend, TMPDIR: join(this.#folder, 'tmp') },
    });
    this.#ended = once(this.#child, 'exit') as Promise<[number | null, string | null]>;
    this.#child.stderr!.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.#child.stdout!.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Resolves when the program says that its workers are busy. */
  async ready(): Promise<void> {
    while (!this.stdout.includes('ready')) {
      const ended = await Promise.race([once(this.#child.stdout!, 'data'), this.#ended.then(() => 'ended')]);
      if (ended === 'ended' && !this.stdout.includes('ready')) throw new Error(`it ended before: ${this.stdout}${this.stderr}`);
    }
  }

  /** How many processes it is made of now. */
  get processes(): string[] {
    return processesOf(this.#marker, this.pid);
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** As a terminal does for Ctrl-C, or a service manager. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** How it has ended, and what is left: processes and temporary files. */
  async end(): Promise<{ code: number | null; signal: string | null; processes: string[]; files: string[] }> {
    const [code, signal] = await this.#ended;
    const processes = await leftOf(this.#marker, this.pid);
    return { code, signal, processes, files: readdirSync(join(this.#folder, 'tmp')) };
  }

  /** Lets nothing of it live on, however the test went. */
  remove(): void {
    for (const left of this.processes) {
      try {
        process.kill(Number.parseInt(left, 10), 'SIGKILL');
      } catch {
        // It has gone meanwhile.
      }
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
