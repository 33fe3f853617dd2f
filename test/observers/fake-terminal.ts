/** A terminal in the hands of a test: its clock, its timers, its streams, and the screen they write to. */
import { EventEmitter } from 'node:events';
import { createLogUpdate } from 'log-update';
import type { Note } from '../../src/observer.ts';
import { type ProgressOption, progressObserver } from '../../src/observers/progress.ts';
import type { OutputStream, Stop, Terminal } from '../../src/observers/terminal.ts';
import { Emulator } from './emulator.ts';

/** A stream with `write` on its prototype, as Node's are. */
class FakeStream extends EventEmitter {
  readonly isTTY: boolean;
  /** Everything that was written. */
  text = '';
  readonly calls: unknown[][] = [];
  readonly #screen: Emulator;

  constructor(isTTY: boolean, screen: Emulator) {
    super();
    this.isTTY = isTTY;
    this.#screen = screen;
  }

  get columns(): number {
    return this.#screen.columns;
  }

  get rows(): number {
    return 24;
  }

  write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
    this.calls.push([chunk, ...rest]);
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) throw new TypeError('no text');
    const isText = typeof chunk === 'string' && rest[0] !== 'hex';
    const text = isText ? chunk : Buffer.from(chunk as string, 'hex').toString();
    this.text += text;
    if (this.isTTY) this.#screen.write(text);
    for (const done of rest) if (typeof done === 'function') done();
    return true;
  }
}

export interface FakeOptions {
  readonly columns?: number;
  readonly stdoutIsTTY?: boolean;
  readonly redraws?: boolean;
  readonly colours?: boolean;
  readonly loadFails?: boolean;
}

export class FakeTerminal implements Terminal {
  readonly screen: Emulator;
  readonly stdout: FakeStream & OutputStream;
  readonly stderr: FakeStream & OutputStream;
  readonly redraws: boolean;
  readonly colours: boolean;
  readonly events = new EventEmitter();
  now = 1000;
  readonly #timers = new Map<number, { at: number; every: number | undefined; act: () => void }>();
  readonly #soon = new Set<() => void>();
  readonly #loadFails: boolean;
  #nextTimer = 1;

  constructor({ columns = 80, stdoutIsTTY = true, redraws = true, colours = false, loadFails = false }: FakeOptions = {}) {
    this.screen = new Emulator(columns);
    this.stdout = new FakeStream(stdoutIsTTY, this.screen);
    this.stderr = new FakeStream(redraws, this.screen);
    this.redraws = redraws;
    this.colours = colours;
    this.#loadFails = loadFails;
  }

  every(ms: number, act: () => void): Stop {
    return this.#arm(ms, ms, act);
  }

  after(ms: number, act: () => void): Stop {
    return this.#arm(ms, undefined, act);
  }

  soon(act: () => void): Stop {
    this.#soon.add(act);
    return () => this.#soon.delete(act);
  }

  async loadRedraw(): ReturnType<Terminal['loadRedraw']> {
    if (this.#loadFails) throw new Error("Cannot find package 'log-update'");
    return (stream) => createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
  }

  /** Lets so much time pass. What was meant for soon has happened, and a module that was imported is there. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      this.turn();
      const [id, next] = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (id === undefined || !next || next.at > end) break;
      this.now = next.at;
      if (next.every === undefined) this.#timers.delete(id);
      else next.at += next.every;
      next.act();
      for (let i = 0; i < 5; i++) await undefined;
    }
    this.now = end;
    this.turn();
  }

  /** The event loop comes round. */
  turn(): void {
    for (const act of [...this.#soon]) {
      this.#soon.delete(act);
      act();
    }
  }

  /** As when a person drags the window. */
  resize(columns: number): void {
    this.screen.resize(columns);
    this.stderr.emit('resize');
    this.stdout.emit('resize');
  }

  /** What would outlive the calls: timers, listeners, patches. */
  get leftBehind(): string[] {
    const listening = [this.events, this.stdout, this.stderr].flatMap((emitter) => emitter.eventNames().map(String));
    const patched = [this.stdout, this.stderr].filter((stream) => Object.hasOwn(stream, 'write')).map(() => 'write');
    return [...listening, ...patched, ...[...this.#timers].map(() => 'timer'), ...[...this.#soon].map(() => 'immediate')];
  }

  #arm(ms: number, every: number | undefined, act: () => void): Stop {
    const id = this.#nextTimer++;
    this.#timers.set(id, { at: this.now + ms, every, act });
    return () => this.#timers.delete(id);
  }
}

/** One job on a fake terminal, told of as the conductor would. */
export class FakeJob {
  readonly failures: unknown[] = [];
  readonly #terminal: FakeTerminal;
  readonly #note: (note: Note) => void;

  constructor(
    terminal: FakeTerminal,
    option: Exclude<ProgressOption, false>,
    { name = 'crunch', size }: { name?: string; size?: number } = {},
  ) {
    const links = { now: () => terminal.now, fail: (error: unknown) => void this.failures.push(error) };
    const observer = progressObserver(option, links, terminal);
    this.#terminal = terminal;
    this.#note = (note) => observer.onNote!(note);
    this.#note({ type: 'jobStarted', jobId: 1, at: terminal.now, functionName: name, size });
  }

  sized(size: number): void {
    this.#note({ type: 'jobSized', jobId: 1, at: this.#terminal.now, size });
  }

  done(count: number): void {
    this.#note({ type: 'tasksDone', jobId: 1, at: this.#terminal.now, count });
  }

  failed(): void {
    this.#note({ type: 'taskFailed', jobId: 1, at: this.#terminal.now, index: 0 });
  }

  end(failure?: { readonly error: unknown }): void {
    this.#note({ type: 'jobEnded', jobId: 1, at: this.#terminal.now, failure });
  }

  /** Steady work: `count` tasks every `everyMs`, for so long. */
  async work(count: number, everyMs: number, ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += everyMs) {
      await this.#terminal.pass(everyMs);
      this.done(count);
    }
  }
}
