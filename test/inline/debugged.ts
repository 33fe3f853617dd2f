/** A program under a debugger: started with an open port, stopped before its first line, with breakpoints by file and line as an editor sets them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Devtools } from './devtools.ts';
import { WorkerSession } from './worker-session.ts';

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Paused {
  readonly reason: string;
  readonly hitBreakpoints?: readonly string[];
  readonly callFrames: readonly { readonly callFrameId: string; readonly functionName: string; readonly location: Location }[];
}

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

export interface Stop {
  readonly functionName: string;
  /** From 1, in the file that the user wrote. */
  readonly line: number;
  evaluate(expression: string): Promise<unknown>;
}

export class Debugged {
  readonly #child: ChildProcess;
  readonly #devtools: Devtools;
  readonly #url: string;
  readonly #ended: Promise<number | NodeJS.Signals | null>;
  readonly #maps = new Map<string, SourceMap>();
  #stdout = '';
  #stderr: string;

  static async start(
    file: string,
    { flags = [], env = {} }: { flags?: readonly string[]; env?: Record<string, string> },
  ): Promise<Debugged> {
    const args = ['--inspect-brk=127.0.0.1:0', ...flags, file];
    const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    const address = await new Promise<string>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text) => {
        stderr += text;
        const found = /ws:\/\/\S+/.exec(stderr);
        if (found) resolve(found[0]);
      });
      child.once('exit', () => reject(new Error(`it ended before it could be debugged: ${stderr}`)));
    });
    child.stderr.removeAllListeners('data');
    return new Debugged(child, await Devtools.attach(address), pathToFileURL(file).href, stderr);
  }

  private constructor(child: ChildProcess, devtools: Devtools, url: string, stderr: string) {
    this.#child = child;
    this.#devtools = devtools;
    this.#url = url;
    this.#stderr = stderr;
    this.#ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
    child.stdout!.setEncoding('utf8').on('data', (text) => {
      this.#stdout += text;
    });
    child.stderr!.on('data', (text) => {
      this.#stderr += text;
      // Node waits for us at the end of the program.
      if (/Waiting for the debugger to disconnect/.test(this.#stderr)) devtools.detach();
    });
  }

  /** Runs up to the program's first line, with breakpoints at these lines of its file, from 1. */
  async begin(lines: readonly number[]): Promise<void> {
    await this.#devtools.post('Runtime.enable');
    await this.#devtools.post('Debugger.enable');
    const isTranslated = !this.#url.endsWith('js');
    // A translated file is stopped at its first statement, where its source map is known.
    for (const line of isTranslated ? [1] : lines)
      await this.#devtools.post('Debugger.setBreakpointByUrl', { url: this.#url, lineNumber: line - 1 });
    await this.#devtools.post('Runtime.runIfWaitingForDebugger');
    await this.#devtools.event<Paused>('Debugger.paused', ({ reason }) => reason === 'Break on start');
    if (!isTranslated) return;
    await this.resume();
    const { hitBreakpoints: [breakpointId] = [] } = await this.#devtools.event<Paused>('Debugger.paused');
    await this.#devtools.post('Debugger.removeBreakpoint', { breakpointId });
    await this.#breakInTranslated(await this.#devtools.event<Script>('Debugger.scriptParsed', ({ url }) => url === this.#url), lines);
  }

  async #breakInTranslated({ scriptId, sourceMapURL }: Script, lines: readonly number[]): Promise<void> {
    const { scriptSource } = await this.#devtools.post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId });
    const map = new SourceMap(JSON.parse(Buffer.from(sourceMapURL.replace(/^.*?base64,/, ''), 'base64').toString()));
    this.#maps.set(scriptId, map);
    for (const line of lines) {
      await this.#devtools.post('Debugger.setBreakpoint', { location: { scriptId, ...generatedPlace(map, scriptSource, line) } });
    }
  }

  /** From now on, workers wait for the debugger before they run. */
  async watchWorkers(): Promise<void> {
    await this.#devtools.post('NodeWorker.enable', { waitForDebuggerOnStart: true });
  }

  nextWorker(): Promise<WorkerSession> {
    return WorkerSession.next(this.#devtools);
  }

  resume(): Promise<unknown> {
    return this.#devtools.post('Debugger.resume');
  }

  stepOver(): Promise<unknown> {
    return this.#devtools.post('Debugger.stepOver');
  }

  /** The next time it stops, wherever that is. */
  async stopped(): Promise<Stop> {
    const { callFrames } = await this.#devtools.event<Paused>('Debugger.paused');
    const [frame] = callFrames;
    if (!frame) throw new Error('stopped nowhere');
    const { scriptId, lineNumber, columnNumber } = frame.location;
    const found = this.#maps.get(scriptId)?.findEntry(lineNumber, columnNumber);
    const line = found && 'originalLine' in found ? found.originalLine : lineNumber;
    return {
      functionName: frame.functionName,
      line: line + 1,
      evaluate: async (expression) => {
        const params = { callFrameId: frame.callFrameId, expression, returnByValue: true };
        return (await this.#devtools.post<{ result: { value: unknown } }>('Debugger.evaluateOnCallFrame', params)).result.value;
      },
    };
  }

  /** Its end, with the number of stops that nobody asked for. */
  async end(): Promise<{ status: number | NodeJS.Signals | null; stdout: string; warnings: string; unexpectedStops: number }> {
    const status = await this.#ended;
    const warnings = this.#stderr.replace(/^(Debugger (listening|attached|ending)|Waiting for the debugger|For help, see).*\n/gm, '');
    return { status, stdout: this.#stdout, warnings, unexpectedStops: this.#devtools.untaken('Debugger.paused') };
  }

  /** For a test that fails half-way. */
  kill(): void {
    this.#child.kill('SIGKILL');
    this.#devtools.detach();
  }
}

/** Where the first code of a line of the user's has gone. A translated script may be one long line. */
function generatedPlace(map: SourceMap, generated: string, line: number): { lineNumber: number; columnNumber: number } {
  for (const [lineNumber, text] of generated.split('\n').entries()) {
    for (let columnNumber = 0; columnNumber < text.length; columnNumber++) {
      const entry = map.findEntry(lineNumber, columnNumber);
      if ('originalLine' in entry && entry.originalLine === line - 1) return { lineNumber, columnNumber };
    }
  }
  throw new Error(`line ${line} has no code`);
}

/** A program of this folder, and the number of the line that its comment marks. */
export function fixture(name: string, mark = 'stop here'): { file: string; line: number } {
  const file = fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
  const at = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((text) => text.endsWith(`// ${mark}`));
  return { file, line: at + 1 };
}
