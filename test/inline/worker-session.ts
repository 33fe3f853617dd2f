/** A worker thread as a debugger that is attached to its program reaches it: messages inside messages. */
import { SourceMap } from 'node:module';
import type { Devtools, DevtoolsEvent } from './devtools.ts';

interface Attached {
  readonly sessionId: string;
  readonly workerInfo: { readonly title: string };
}

interface FromWorker {
  readonly sessionId: string;
  readonly message: string;
}

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly sourceMapURL: string;
}

interface Paused {
  readonly reason: string;
  readonly data?: { readonly scriptId?: string };
  readonly callFrames: readonly {
    readonly callFrameId: string;
    readonly functionName: string;
    readonly url: string;
    readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
  }[];
}

export interface WorkerStop {
  readonly functionName: string;
  /** From 1, in the file that the user wrote. */
  readonly line: number;
  evaluate(expression: string): Promise<unknown>;
}

export class WorkerSession {
  readonly #devtools: Devtools;
  readonly #sessionId: string;
  readonly #maps = new Map<string, { readonly map: SourceMap; readonly script: Script }>();
  #posted = 0;

  /** The next of our workers that starts; it waits for `run`. A loader's own thread may be there, too. */
  static async next(devtools: Devtools): Promise<WorkerSession> {
    const { sessionId } = await devtools.event<Attached>('NodeWorker.attachedToWorker', ({ workerInfo }) =>
      / allcores t\d+$/.test(workerInfo.title),
    );
    const session = new WorkerSession(devtools, sessionId);
    await session.#post('Runtime.enable');
    await session.#post('Debugger.enable');
    return session;
  }

  private constructor(devtools: Devtools, sessionId: string) {
    this.#devtools = devtools;
    this.#sessionId = sessionId;
  }

  run(): Promise<unknown> {
    return this.#post('Runtime.runIfWaitingForDebugger');
  }

  /** Does not wait for the answer: the program may end before the worker gives one. */
  /** Goes on without a debugger. Node may end with a signal (in 1 of some 15 runs) when one is attached to a worker at its exit. */
  async leave(): Promise<void> {
    await this.#devtools.post('NodeWorker.detach', { sessionId: this.#sessionId });
  }

  async resume(): Promise<void> {
    await this.#send('Debugger.resume', {});
  }

  /** A breakpoint in whatever script has this URL, now or later. `line`: from 1. */
  breakAt(url: string, line: number): Promise<unknown> {
    return this.#post('Debugger.setBreakpointByUrl', { url, lineNumber: line - 1 });
  }

  /** Stops before scripts that have a source map, as an editor does to set its breakpoints there. */
  stopAtMappedScripts(): Promise<unknown> {
    return this.#post('Debugger.setInstrumentationBreakpoint', { instrumentation: 'beforeScriptWithSourceMapExecution' });
  }

  /** Lets the scripts come, until a breakpoint is set at this line of one's source. */
  async breakInMapped(source: string, line: number): Promise<void> {
    for (;;) {
      const { data } = await this.#event<Paused>('Debugger.paused');
      const script = await this.#event<Script>('Debugger.scriptParsed', ({ scriptId }) => scriptId === data?.scriptId);
      const map = new SourceMap(JSON.parse(Buffer.from(script.sourceMapURL.replace(/^.*?base64,/, ''), 'base64').toString()));
      this.#maps.set(script.scriptId, { map, script });
      const { scriptSource } = await this.#post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId: script.scriptId });
      const place = map.payload.sources.includes(source) ? generatedPlace(map, scriptSource, source, line) : undefined;
      if (place) {
        const [lineNumber, column] = place;
        const location = {
          scriptId: script.scriptId,
          lineNumber: lineNumber + script.startLine,
          columnNumber: column + (lineNumber === 0 ? script.startColumn : 0),
        };
        await this.#post('Debugger.setBreakpoint', { location });
      }
      await this.resume();
      if (place) return;
    }
  }

  async stopped(): Promise<WorkerStop> {
    const { callFrames } = await this.#event<Paused>('Debugger.paused');
    const [frame] = callFrames;
    if (!frame) throw new Error('stopped nowhere');
    const { scriptId, lineNumber, columnNumber } = frame.location;
    const mapped = this.#maps.get(scriptId);
    const startLine = mapped?.script.startLine ?? 0;
    const inText = [lineNumber - startLine, columnNumber - (lineNumber === startLine ? (mapped?.script.startColumn ?? 0) : 0)] as const;
    const found = mapped?.map.findEntry(...inText);
    return {
      functionName: frame.functionName,
      line: (found && 'originalLine' in found ? found.originalLine : lineNumber) + 1,
      evaluate: async (expression) => {
        const params = { callFrameId: frame.callFrameId, expression, returnByValue: true };
        return (await this.#post<{ result: { value: unknown } }>('Debugger.evaluateOnCallFrame', params)).result.value;
      },
    };
  }

  async #post<Result>(method: string, params: object = {}): Promise<Result> {
    const id = await this.#send(method, params);
    const { message } = await this.#message((heard) => heard.id === id);
    const { result, error } = JSON.parse(message) as { result: Result; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async #send(method: string, params: object): Promise<number> {
    const id = ++this.#posted;
    const message = JSON.stringify({ id, method, params });
    await this.#devtools.post('NodeWorker.sendMessageToWorker', { sessionId: this.#sessionId, message });
    return id;
  }

  async #event<Params>(method: string, accepts: (params: Params) => boolean = () => true): Promise<Params> {
    const { message } = await this.#message((heard) => heard.method === method && accepts(heard.params as Params));
    return (JSON.parse(message) as DevtoolsEvent<Params>).params;
  }

  #message(accepts: (heard: { id?: number; method?: string; params?: unknown }) => boolean): Promise<FromWorker> {
    return this.#devtools.event<FromWorker>(
      'NodeWorker.receivedMessageFromWorker',
      ({ sessionId, message }) => sessionId === this.#sessionId && accepts(JSON.parse(message)),
    );
  }
}

/** Where the first code of a line of the user's is, from the start of the text. */
function generatedPlace(map: SourceMap, generated: string, source: string, line: number): readonly [number, number] | undefined {
  for (const [lineNumber, text] of generated.split('\n').entries()) {
    for (let column = 0; column < text.length; column++) {
      const entry = map.findEntry(lineNumber, column);
      if ('originalLine' in entry && entry.originalSource === source && entry.originalLine === line - 1) return [lineNumber, column];
    }
  }
  return undefined;
}
