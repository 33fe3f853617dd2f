/**
 * The text that rebuilds a function: `(captured…) => [make the function, set late captures…]`, placed so that V8 reports
 * the lines and columns of the original file.
 */
import { isClass } from './class-shape.ts';
import { contentHash } from './content-hash.ts';
import { mapComment } from './debug-map.ts';
import { applyEdits, type Edit, keepingLines, shiftsOf } from './edits.ts';
import type { Analysis } from './free-variables.ts';
import type { Code, Codes, Draft, FunctionNode } from './graph.ts';
import type { FunctionRecord } from './pack-functions.ts';
import { isModuleScope, type ScriptFunction } from './scopes.ts';
import type { Script } from './scripts.ts';
import { debuggerMayAttach, filenameFor, sourceMapOf } from './source-positions.ts';

const codeCache = new WeakMap<object, { readonly key: string; readonly code: Code; readonly hash: string }>();

/** The codes of all functions, by hash; fills each function's node in. */
export function codesOf(records: readonly FunctionRecord[]): Codes {
  const codes: Record<string, Code> = {};
  for (const record of records) {
    const { hash, code } = codeOf(record);
    codes[hash] = code;
    const node = record.node as Draft<FunctionNode>;
    node.code = hash;
    const given = record.captures.filter((capture) => !capture.uninitialised);
    node.captures = [...given.filter((one) => !one.late), ...given.filter((one) => one.late)].map((capture) => capture.value);
  }
  return codes;
}

/** The text depends on which captures are late and which are cells, so these make the cache's key. */
function codeOf(record: FunctionRecord): { readonly code: Code; readonly hash: string } {
  const state = record.captures.map((one) => `${one.name}${one.late ? '<' : ''}${one.cell ? '$' : ''}${one.uninitialised ? '?' : ''}`);
  const key = `${state.join()}${record.ownNameIsVariable}${record.fn.name}${debuggerMayAttach()}`;
  const cached = codeCache.get(record.fn);
  if (cached?.key === key && !isClass(record.fn)) return cached;
  const code = writeCode(record);
  const content = [code.text, code.filename, code.line, code.column, code.name].join('\0');
  const fresh = { key, code, hash: contentHash(content) };
  codeCache.set(record.fn, fresh);
  return fresh;
}

function writeCode(record: FunctionRecord): Code {
  const { analysis, facts, script, captures, shape } = record;
  const given = captures.filter((capture) => !capture.uninitialised);
  const parameters = given.filter((capture) => !capture.late).map((capture) => capture.name);
  const late = given.filter((capture) => capture.late).map((capture) => capture.name);
  const uninitialised = captures.filter((capture) => capture.uninitialised).map((capture) => capture.name);
  const [open, close] = analysis.kind === 'method' ? ['({', '})'] : ['(', ')'];
  const before =
    `(function(${parameters}){${isStrict(record) ? '"use strict";' : ''}${late.length > 0 ? `let ${late};` : ''}` +
    `${shape?.writesPrivates ? 'let $leak;' : ''}return[function(){return${open}`;
  const after =
    `${close}}${late.map((name) => `,function($v){${name}=$v}`).join('')}${shape?.writesPrivates ? ',()=>$leak' : ''}];` +
    // Declared after the return, so that reading them is an error here, too.
    `${uninitialised.length > 0 ? `let ${uninitialised};` : ''}})`;
  // V8's position is `origin` characters into the text.
  const head = analysis.text.slice(0, analysis.origin);
  const newlines = head.split('\n').length - 1;
  const line = facts.line - newlines;
  // Where the first line's start is above V8's position, the column of the script itself tells.
  const column = newlines > 0 ? 0 : facts.column - analysis.origin;
  const edits = editsOf(record).map((edit) => keepingLines(analysis.text, edit));
  const isMapped = debuggerMayAttach() && sourceMapOf(script) !== null;
  return {
    text:
      before +
      applyEdits(analysis.text, edits) +
      after +
      (isMapped ? mapComment(analysis.text, edits, before, { script, line, column }) : ''),
    filename: filenameFor(script, shiftsOf(analysis.text, edits, line, column)),
    line,
    column: column - before.length,
    kind: analysis.kind,
    late: late.length,
    name: typeof record.fn.name === 'string' ? record.fn.name : '',
    privates: shape ? [...shape.privateFields, ...shape.privateStatics] : [],
  };
}

export const IMPORT_META = 'import_meta';
export const IMPORT = '_impor';

/** Names of the same length as what they replace, so that the columns behind them stay. */
function editsOf(record: FunctionRecord): Edit[] {
  const { analysis, captures, shape } = record;
  const edits: Edit[] = [];
  for (const [start, end] of analysis.metas) edits.push({ start, end, text: IMPORT_META });
  for (const [start, end] of analysis.imports) edits.push({ start, end, text: IMPORT });
  for (const { name, cell } of captures) {
    if (!cell) continue;
    for (const { start, end, shorthand, call } of analysis.free.get(name)?.references ?? []) {
      edits.push({ start, end, text: shorthand ? `${name}:${name}.$` : call ? `(0,${name}.$)` : `${name}.$` });
    }
  }
  if (analysis.method) edits.push(...methodKeyEdits(analysis));
  if (record.ownNameIsVariable && 'id' in analysis.node && analysis.node.id) {
    const { start, end } = analysis.node.id;
    edits.push({ start: start - analysis.shift, end: end - analysis.shift, text: ' '.repeat(end - start) });
  }
  if (!shape) return edits;
  // What a class leaves behind, such as its static blocks, is not edited besides.
  const isLeft = ({ start, end }: Edit) => shape.edits.some((edit) => edit.end > edit.start && edit.start <= start && end <= edit.end);
  return [...shape.edits, ...edits.filter((edit) => !isLeft(edit))];
}

/** A method alone needs neither its computed key, whose variables may be gone, nor its private name. */
function methodKeyEdits({ method, text, shift }: Analysis): Edit[] {
  if (!method) return [];
  const start = method.key.start - shift;
  if (method.key.type === 'PrivateIdentifier') return [{ start, end: start + 1, text: '_' }];
  if (!method.computed) return [];
  const from = text.lastIndexOf('[', start);
  const to = text.indexOf(']', method.key.end - shift) + 1;
  return [{ start: from, end: to, text: '_'.padEnd(to - from) }];
}

function isStrict({ analysis, facts, script, fn }: FunctionRecord): boolean {
  if (isInModule(facts) || isModule(script)) return true;
  if (analysis.kind === 'class') return true;
  // Only a strict plain function throws here.
  if (analysis.kind === 'function' && !/Async|Generator/.test(Object.prototype.toString.call(fn))) return throwsForCaller(fn);
  return startsStrict(script);
}

function isInModule(facts: ScriptFunction): boolean {
  return facts.scopes.some(isModuleScope);
}

/** What came from a module has left its scope behind, and is strict nevertheless. */
function isModule({ url, source }: Script): boolean {
  return /\.mjs($|[?#])/.test(url) || (!/\.cjs($|[?#])/.test(url) && /^(import\b\s*['"{*\w]|export\b)/m.test(source));
}

const strictPrologue = /^(\s|\/\/.*\n|\/\*[\s\S]*?\*\/|#!.*\n)*['"]use strict/;

/** A text of ours, as `writeCode` begins it. */
const strictFactory = /^\(function\([^)]*\)\{"use strict";(let [^;]*;)*return\[function\(\)\{return\(/;

function startsStrict(script: Script): boolean {
  return strictPrologue.test(script.source) || strictFactory.test(script.source);
}

function throwsForCaller(fn: object): boolean {
  try {
    void (fn as { caller?: unknown }).caller;
    return false;
  } catch {
    return true;
  }
}
