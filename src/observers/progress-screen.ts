/** The block of bars at the bottom of a terminal: one for all calls, drawn together, out of the way of whatever else is printed. */
import type { Progress } from './progress-tally.ts';
import { barLines, type Line } from './progress-text.ts';
import { type OutputStream, print, type Redraw, type Stop, type Terminal } from './terminal.ts';
import { hookWrites, type WriteHook } from './write-hook.ts';

/** Ten pictures a second: more than that nobody reads. */
const FRAME_MS = 100;
const ERASE_LINE_AND_GO_UP = '\x1b[2K\x1b[1A';

/** One bar, as the block sees it. */
export interface Bar {
  /** What it shows now; undefined as long as it is too young to be shown. */
  look(): Progress | undefined;
  /** Nothing can be drawn on this terminal after all. */
  giveUp(): void;
}

/** What is in place as long as the block is: the drawing, a way to write past our own hooks, and what takes hooks and listeners away. */
interface Stage {
  readonly redraw: Redraw;
  readonly write: (text: string) => void;
  readonly leave: Stop;
}

const screens = new WeakMap<OutputStream, Screen>();

/** The one block on this terminal, whichever call asks. */
export function screenOn(terminal: Terminal): Screen {
  const screen = screens.get(terminal.stderr) ?? new Screen(terminal);
  screens.set(terminal.stderr, screen);
  return screen;
}

export class Screen {
  readonly #terminal: Terminal;
  readonly #bars = new Set<Bar>();
  #stopTicking: Stop | undefined;
  #loading = false;
  #createRedraw: ((stream: OutputStream) => Redraw) | undefined;
  #stage: Stage | undefined;
  /** The lines on the terminal now. */
  #drawn: readonly Line[] = [];
  /** Somebody's line has no end yet: a block below it would tear it apart, so it waits. */
  #lineIsOpen = false;
  #stopWaiting: Stop | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows a bar below those that are there. Gives what takes it away. */
  add(bar: Bar): Stop {
    this.#bars.add(bar);
    this.#stopTicking ??= this.#terminal.every(FRAME_MS, () => this.#tick());
    return () => {
      if (!this.#bars.delete(bar)) return;
      if (this.#bars.size === 0) this.#close();
      else if (this.#stage) this.#draw();
    };
  }

  get #columns(): number {
    // Some terminals without a size say 0.
    return this.#terminal.stderr.columns || 80;
  }

  get #rows(): number {
    return this.#terminal.stderr.rows || 24;
  }

  #tick(): void {
    if (this.#createRedraw) return this.#draw();
    if (this.#loading) return;
    this.#loading = true;
    this.#terminal.loadRedraw().then(
      (create) => {
        this.#loading = false;
        this.#createRedraw = create;
        if (this.#bars.size > 0) this.#draw();
      },
      () => {
        this.#loading = false;
        const bars = [...this.#bars];
        this.#bars.clear();
        this.#close();
        for (const bar of bars) bar.giveUp();
      },
    );
  }

  #draw(): void {
    if (this.#lineIsOpen && this.#stage) return;
    const looks = [...this.#bars].flatMap((bar) => bar.look() ?? []);
    if (looks.length === 0) return this.#leave();
    this.#stage ??= this.#enter();
    // The block ends with an empty line, where the cursor stands.
    const fit = Math.max(1, this.#rows - 1);
    const lines = barLines(looks, this.#columns, this.#terminal.colours).slice(0, fit);
    this.#eraseWrapped();
    this.#drawn = lines;
    this.#stage.redraw(lines.map(({ text }) => text).join('\n'));
  }

  /** Takes the block off the terminal; the cursor is where it began. */
  #hide(): void {
    if (this.#drawn.length === 0 || !this.#stage) return;
    this.#eraseWrapped();
    this.#drawn = [];
    this.#stage.redraw.clear();
  }

  /**
   * A terminal that became narrower has broken our lines in two or more, and log-update knows only of as many as it drew. The rows more than
   * that are erased here, from below; what is left is as high as it expects.
   */
  #eraseWrapped(): void {
    const more = this.#drawn.reduce((sum, { width }) => sum + Math.max(0, Math.ceil(width / this.#columns) - 1), 0);
    if (more === 0 || !this.#stage) return;
    this.#stage.write(ERASE_LINE_AND_GO_UP.repeat(more));
    this.#drawn = [];
    this.#stage.redraw.clear();
  }

  #enter(): Stage {
    const { stdout, stderr, events } = this.#terminal;
    const hooks = {
      before: () => this.#hide(),
      after: (endsLine: boolean | undefined) => {
        if (endsLine !== undefined) this.#lineIsOpen = !endsLine;
        this.#drawSoon();
      },
    };
    const onStderr = hookWrites(stderr, hooks);
    // In a pipe or a file, what goes to stdout never meets the block.
    const onStdout: WriteHook | undefined = stdout !== stderr && stdout.isTTY === true ? hookWrites(stdout, hooks) : undefined;
    const write = (text: string) => print(stderr, onStderr.write, text);
    const redraw = this.#createRedraw!(this.#past(write));
    const resized = () => this.#draw();
    // Node prints warnings without the stream, after this listener.
    const warned = () => {
      this.#hide();
      this.#drawSoon();
    };
    const exiting = () => this.#leave();
    stderr.on('resize', resized);
    events.prependListener('warning', warned);
    events.on('exit', exiting);
    // Somebody's line may be open already, and nobody can tell: as many spaces as there are columns go to the next line if it is, and
    // nowhere if it is not. The same trick as zsh's before a prompt.
    write(`${' '.repeat(this.#columns)}\r\x1b[2K`);
    this.#lineIsOpen = false;
    const leave = () => {
      onStdout?.restore();
      onStderr.restore();
      stderr.off('resize', resized);
      events.off('warning', warned);
      events.off('exit', exiting);
    };
    return { redraw, write, leave };
  }

  /** The terminal for log-update: its size, and a way past our own hooks. */
  #past(write: (text: string) => void): OutputStream {
    const [columns, rows] = [() => this.#columns, () => this.#rows];
    return {
      isTTY: true,
      get columns() {
        return columns();
      },
      get rows() {
        return rows();
      },
      write(text: string) {
        write(text);
        return true;
      },
    } as OutputStream;
  }

  /** After output the block comes back once what printed has ended, however often it printed. */
  #drawSoon(): void {
    this.#stopWaiting ??= this.#terminal.soon(() => {
      this.#stopWaiting = undefined;
      this.#draw();
    });
  }

  /** Takes everything away that was put in place to draw. */
  #leave(): void {
    this.#hide();
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.#stage?.leave();
    this.#stage = undefined;
  }

  #close(): void {
    this.#leave();
    this.#stopTicking?.();
    this.#stopTicking = undefined;
  }
}
