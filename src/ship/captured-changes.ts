/** What a function assigns or changes of what it captures: the worker's copy changes, the caller's does not. */

import util from 'node:util';
import { perWorkerEntry } from '../per-worker.ts';
import type { CapturedChange } from '../shipped.ts';
import type { FreeVariable } from './free-variables.ts';
import type { FunctionRecord } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import type { Script } from './scripts.ts';

const { types } = util;

/** Tells the packer of the changes of a function whose captures are known. */
export function noteChanges(packer: Packer, record: FunctionRecord): void {
  const { analysis, captures } = record;
  for (const { name, written, changed, byName } of captures) {
    if (!written && !changed) continue;
    packer.mayDiffer = true;
    noteChange(packer, record, name, written ? 'assigned' : 'changed', byName);
  }
  if (analysis.kind === 'arrow' && analysis.lexicalThis && analysis.thisUse.changed) noteChange(packer, record, 'this', 'changed', false);
}

function noteChange(
  packer: Packer,
  { name: by, place, script, analysis }: FunctionRecord,
  variable: string,
  how: CapturedChange['how'],
  byName: boolean,
): void {
  // What an installed package does with its own variables is not the caller's business.
  if (script.url.includes('/node_modules/')) return;
  const isSeenElsewhere = () => variable === 'this' || isNamedElsewhere(variable, script, analysis.text);
  const change: CapturedChange = { variable, how, by, place: place(), byName, isSeenElsewhere };
  packer.changes.push(change);
  const effect = packer.runsHere ? "in a worker only the worker's copy would change" : "the worker's copy changes, yours does not";
  packer.warnings.push({ code: 'ALLCORES_CAPTURE', text: `\`${variable}\` is ${how} by \`${by}\` (${change.place}); ${effect}` });
}

/** Whether using a captured value like this changes it. Shared memory is changed for all. */
export function isChanged(value: unknown, { changed, assignedThrough, changedParts }: FreeVariable): boolean {
  // What perWorker gives is meant to be changed where it is.
  if (!changed || isSharedMemory(value) || isPerWorker(value)) return false;
  // A class has its static members; a count that a function keeps of itself is between it and its callers.
  if (typeof value === 'function') return assignedThrough && /^class\b/.test(Function.prototype.toString.call(value));
  if (typeof value !== 'object' || value === null) return false;
  return assignedThrough || [...changedParts].some((path) => hasState(partOf(value, path)));
}

/** A method such as `add` changes a collection or an instance; in a plain object it is some function. */
function hasState(value: unknown): boolean {
  if (value === undefined) return true; // out of sight: behind a getter, or not there yet
  if (typeof value !== 'object' || value === null || isSharedMemory(value) || types.isModuleNamespaceObject(value)) return false;
  if (types.isProxy(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The prototype of a plain object has none itself, in every realm.
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** What stands at `.rows.first`, as far as it can be read without running anything. */
function partOf(value: object, path: string): unknown {
  let part: unknown = value;
  for (const key of path.split('.').slice(1)) {
    if (typeof part !== 'object' || part === null || types.isProxy(part)) return undefined;
    part = Object.getOwnPropertyDescriptor(part, key)?.value;
  }
  return part;
}

export function isSharedMemory(value: unknown): boolean {
  return types.isSharedArrayBuffer(ArrayBuffer.isView(value) ? value.buffer : value);
}

/** Whether anything in the file beside this function and the declaration names the variable. In doubt, yes. */
function isNamedElsewhere(variable: string, { source }: Script, text: string): boolean {
  const at = source.indexOf(text);
  if (at < 0) return true;
  const rest = `${source.slice(0, at)} ${source.slice(at + text.length)}`;
  const name = variable.replaceAll('$', '\\$&');
  const uses = rest.match(new RegExp(`(?<![\\p{ID_Continue}$])${name}(?![\\p{ID_Continue}$])`, 'gu')) ?? [];
  return uses.length > 1 || new RegExp(`\\bexport\\s[^;=(]*(?<![\\p{ID_Continue}$])${name}(?![\\p{ID_Continue}$])`, 'u').test(rest);
}

function isPerWorker(value: unknown): boolean {
  return typeof value === 'object' && value !== null && perWorkerEntry(value) !== undefined;
}
