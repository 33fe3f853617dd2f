/** Positions as the user knows them: back through the source maps of tsx, vitest and bundlers. */
import { createHash } from 'node:crypto';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { basename } from 'node:path';
import { type Shift, unshifted } from './edits.ts';
import { inspector } from './inspector-burst.ts';
import type { ScriptFunction } from './scopes.ts';
import { asFileUrl, isFile, knownScripts, type Script } from './scripts.ts';

const maps = new WeakMap<Script, SourceMap | null>();

export function sourceMapOf(script: Script): SourceMap | null {
  let map = maps.get(script);
  if (map === undefined) {
    map = readSourceMap(script);
    maps.set(script, map);
  }
  return map;
}

function readSourceMap(script: Script): SourceMap | null {
  // Under --enable-source-maps Node has read those beside the files, too.
  const known = process.sourceMapsEnabled && isFile(script.url) ? findSourceMap(asFileUrl(script.url)) : undefined;
  if (known) return known;
  const url =
    script.sourceMapUrl ?? /\/\/[#@] sourceMappingURL=(data:\S+)\s*$/.exec(script.source.slice(script.source.lastIndexOf('\n//')))?.[1];
  const data = url === undefined ? null : /^data:[^,]*?(;base64)?,(.*)$/s.exec(url);
  if (!data?.[2]) return null;
  try {
    const json = data[1] ? Buffer.from(data[2], 'base64').toString() : decodeURIComponent(data[2]);
    return new SourceMap(JSON.parse(json) as SourceMapPayload);
  } catch {
    return null; // a broken map: positions of the generated text are better than none
  }
}

interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** The user's own position for one in V8's text, both parts from 0. */
export function originalPosition(script: Script, line: number, column: number): Position | undefined {
  const entry = sourceMapOf(script)?.findEntry(line, column);
  if (!entry || !('originalSource' in entry) || typeof entry.originalSource !== 'string') return undefined;
  const base = isFile(script.url) ? asFileUrl(script.url) : undefined;
  let file = entry.originalSource;
  try {
    file = new URL(entry.originalSource, base).href;
  } catch {
    // A name that is no URL (`webpack:…`, a virtual module) is shown as it is.
  }
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** `file.ts:12:14`, for messages. */
export function placeOf(script: Script, { line, column }: ScriptFunction): string {
  const at = originalPosition(script, line, column) ?? { file: script.url || 'unknown', line: line + 1, column: column + 1 };
  return `${basename(at.file.replace(/\?.*$/, ''))}:${at.line}:${at.column}`;
}

const MARK = 'shipped:';

/** How the columns of shipped codes have moved, by a hash of just that: equal codes have one name. */
const shiftsByHash = new Map<string, readonly Shift[]>();

/** Code that nobody debugs travels without what debuggers need. */
export function debuggerMayAttach(): boolean {
  return inspector?.url() !== undefined;
}

/**
 * The file name for a function's rebuilt code. Positions in a transformed text, or behind a change of ours, mean something to the sender only,
 * so they are marked and mapped when the stack comes back. Coverage would count rebuilt code against the original file, so there it is marked, too.
 * A debugger looks for the very file, and its breakpoints go by lines, which our changes keep.
 */
export function filenameFor(script: Script, shifts: readonly Shift[]): string {
  const isMoved = shifts.length > 0 && !debuggerMayAttach();
  const needsMapping = isMoved || sourceMapOf(script) !== null || process.env.NODE_V8_COVERAGE !== undefined;
  if (!needsMapping) return script.url || 'shipped';
  if (shifts.length === 0) return `${MARK}${script.url}`;
  const hash = createHash('sha1').update(JSON.stringify(shifts)).digest('base64url').slice(0, 12);
  shiftsByHash.set(hash, shifts);
  return `${MARK}${hash}:${script.url}`;
}

/** Maps positions of rebuilt code in a stack, or in any text, back to the user's own file, line and column. */
export function mapStack(stack: string): string {
  if (!stack.includes(MARK)) return stack;
  return stack.replace(
    /shipped:(?:([\w-]{12}):)?([^\s()]*?):(\d+):(\d+)/g,
    (marked, hash: string | undefined, url: string, lineText: string, columnText: string) => {
      const script = [...knownScripts()].find((known) => known.url === url);
      // Not of our making, such as a text of the user's.
      if (!script) return marked;
      const line = Number(lineText) - 1;
      const column = unshifted(shiftsByHash.get(hash ?? '') ?? [], line, Number(columnText) - 1);
      const at = originalPosition(script, line, column);
      return at ? `${at.file}:${at.line}:${at.column}` : `${url}:${line + 1}:${column + 1}`;
    },
  );
}

/** A stack without our worker's frames and what lies below them, in positions of the user's files. */
export function userStack(stack: string): string {
  const end = stack.search(/\n\s+at [^\n]*\[worker eval\]/);
  return mapStack(end < 0 ? stack : stack.slice(0, end));
}
