/** From a script id to the file and source text that V8 runs. Kept for the life of the process: scripts do not change. */
import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util from 'node:util';
import { filesFrom } from './import-graph.ts';
import { inspector } from './inspector-burst.ts';
import type { Probe, ScriptFunction } from './scopes.ts';
import { isModuleScope } from './scopes.ts';

export interface Script {
  /** As V8 has it: a file URL, a path, `node:…`, `[eval]` or empty. */
  readonly url: string;
  /** The text V8 runs; empty when there is none to be had, as for `node -e`. */
  readonly source: string;
  /** The file on disk is that text: nothing transformed it on loading. */
  readonly onDisk: boolean;
  readonly sourceMapUrl: string | undefined;
}

const urls = new Map<string, string>();
const scripts = new Map<string, Script>();
const noScript: Script = { url: '', source: '', onDisk: false, sourceMapUrl: undefined };

/** It may be any. Modules are strict. */
const unreadScript: Script = { ...noScript, source: '"use strict"' };

export function knownScripts(): Iterable<Script> {
  return scripts.values();
}

/** The script of a function whose text starts `origin` characters before V8's position. */
export function scriptOf(probe: Probe, facts: ScriptFunction, text: string, origin: number): Script {
  if (!probe.canRead) return unreadScript;
  const known = scripts.get(facts.scriptId);
  if (known) return known;
  const url = urlOf(probe, facts.scriptId) ?? urlByText(facts, text, origin);
  const script = (url !== undefined && withoutDebugger(url, facts, text, origin)) || withDebugger(probe, facts.scriptId);
  scripts.set(facts.scriptId, script);
  return script;
}

export function isFile(url: string): boolean {
  return /^(file:|\/|[A-Za-z]:[\\/])/.test(url);
}

/** A file URL for what V8 calls a script: ES modules have URLs, CommonJS modules have paths. */
export function asFileUrl(url: string): string {
  return url.startsWith('file:') || !isFile(url) ? url : pathToFileURL(url).href;
}

function withoutDebugger(url: string, facts: ScriptFunction, text: string, origin: number): Script | undefined {
  if (url.startsWith('node:')) return { ...noScript, url };
  if (!isFile(url)) {
    // `-e`, stdin and the REPL have no imports to look up, unless they are modules.
    return facts.scopes.some(isModuleScope) ? undefined : { ...noScript, url };
  }
  const disk = readDisk(url);
  if (disk === undefined) return evaluated(url, facts, text, origin);
  const at = offsetOf(disk, facts.line, facts.column) - origin;
  return at >= 0 && disk.startsWith(text, at) ? { url, source: disk, onDisk: true, sourceMapUrl: undefined } : undefined;
}

/** The one file that has this very text at this very place, among those that the program and the call stack lead to. */
function urlByText(facts: ScriptFunction, text: string, origin: number): string | undefined {
  if (!facts.scopes.some(isModuleScope)) return undefined;
  const main = process.argv[1] === undefined ? [] : [pathToFileURL(process.argv[1]).href];
  const candidates = [...filesFrom([...filesOnStack(), ...main].filter((url) => url.startsWith('file:')))];
  const matches = candidates.filter((url) => withoutDebugger(url, facts, text, origin));
  return matches.length === 1 ? matches[0] : undefined;
}

/** The program of `node --input-type=module -e`, which is no file: asking the Debugger takes longer than starting a worker. */
function evaluated(url: string, { line, column }: ScriptFunction, text: string, origin: number): Script | undefined {
  const source = (process as { _eval?: unknown })._eval;
  if (typeof source !== 'string' || !url.endsWith('/[eval1]')) return undefined;
  const at = offsetOf(source, line, column) - origin;
  return at >= 0 && source.startsWith(text, at) ? { url, source, onDisk: false, sourceMapUrl: undefined } : undefined;
}

function readDisk(url: string): string | undefined {
  try {
    return readFileSync(url.startsWith('file:') ? fileURLToPath(url) : url, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined; // a bundler's invented name, or a file deleted since
  }
}

/** Where a position, both parts from 0, is in a text; -1 when it has no such line. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let left = line; left > 0; left -= 1) {
    const end = text.indexOf('\n', start);
    if (end < 0) return -1;
    start = end + 1;
  }
  return start + column;
}

/** The URL of a script, without its source. */
export function urlOf(probe: Probe, scriptId: string): string | undefined {
  if (!urls.has(scriptId)) for (const [id, url] of scriptsOnStack()) urls.set(id, url);
  if (!urls.has(scriptId)) for (const [id, url] of scriptsByCoverage(probe)) urls.set(id, url);
  return urls.get(scriptId);
}

type NamedScript = readonly [id: string, url: string];
type GetCallSites = (frames: number, options: { sourceMap: boolean }) => { scriptId?: string; scriptName: string }[];

const FRAMES_AT_MOST = 200;

/** The function nearly always comes from a file on the call stack. */
function scriptsOnStack(): NamedScript[] {
  const getCallSites = (util as unknown as { getCallSites?: GetCallSites }).getCallSites;
  const sites = getCallSites?.(FRAMES_AT_MOST, { sourceMap: false }).filter((site) => site.scriptId !== undefined) ?? [];
  if (sites.length > 0) return sites.map((site) => [String(site.scriptId), site.scriptName]);
  // Node 20: a throw inside the inspector carries the frames below it.
  const session = new inspector!.Session();
  session.connect();
  let frames: readonly { scriptId: string; url: string }[] = [];
  try {
    session.post('Runtime.enable');
    session.post('Runtime.evaluate', { expression: 'throw 0', silent: true }, (_error, answer) => {
      frames = answer?.exceptionDetails?.stackTrace?.callFrames ?? [];
    });
  } finally {
    session.disconnect();
  }
  return frames.map((frame) => [frame.scriptId, frame.url]);
}

/**
 * All scripts of which something has run, in 2 ms and without the Debugger's lasting price. Ending a session that had the Profiler ends precise coverage
 * for everyone, so this is not done where coverage may be measured.
 */
function scriptsByCoverage(probe: Probe): NamedScript[] {
  if (process.env.NODE_V8_COVERAGE !== undefined || process.env.VITEST !== undefined) return [];
  try {
    probe.burst.post('Profiler.enable');
    const { result } = probe.burst.post<{ result: { scriptId: string; url: string }[] }>('Profiler.getBestEffortCoverage');
    return result.map((script) => [script.scriptId, script.url]);
  } catch {
    return []; // a runtime without a profiler: the Debugger knows as well
  }
}

interface ParsedScript {
  readonly params: { readonly scriptId: string; readonly url: string; readonly sourceMapURL?: string };
}

/** Enabling the Debugger announces every script there is. */
function withDebugger(probe: Probe, scriptId: string): Script {
  const { burst } = probe;
  burst.stopDebugging();
  let sourceMapUrl: string | undefined;
  const onParsed = ({ params }: ParsedScript) => {
    urls.set(params.scriptId, params.url);
    if (params.scriptId === scriptId) sourceMapUrl = params.sourceMapURL || undefined;
  };
  const { session } = burst;
  session.on('Debugger.scriptParsed', onParsed as never);
  try {
    burst.debug();
    const { scriptSource } = burst.post<{ scriptSource: string }>('Debugger.getScriptSource', { scriptId });
    return { url: urls.get(scriptId) ?? '', source: scriptSource, onDisk: false, sourceMapUrl };
  } catch {
    return noScript;
  } finally {
    session.off('Debugger.scriptParsed', onParsed as never);
  }
}

/**
 * Files with a frame on the stack, asynchronous callers included: they may be in the middle of their own evaluation.
 * Installed packages and this one are not: they are on the stack because they were called.
 */
export function filesOnStack(): ReadonlySet<string> {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES_AT_MOST;
    Error.prepareStackTrace = (_error, sites) => sites;
    const sites = new Error().stack as unknown as readonly NodeJS.CallSite[];
    const files = sites.flatMap((site) => site.getFileName() ?? []).map(asFileUrl);
    const own = files.find((file) => file.startsWith('file:'));
    const home = /^(.*\/)(?:ship\/scripts\.js|chunks\/allcores-[\w.-]+\.js)$/.exec(own ?? '')?.[1];
    return new Set(files.filter((file) => !file.includes('/node_modules/') && !(home && file.startsWith(home))));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}
