/** What the names that a function captures stand for, and how each of them travels. */
import { isBuiltin } from 'node:module';
import util from 'node:util';
import { context } from '../context.ts';
import { isChanged, isSharedMemory, noteChanges } from './captured-changes.ts';
import { IMPORT, IMPORT_META } from './code-text.ts';
import type { FreeVariable } from './free-variables.ts';
import type { Capture, Key, ModuleNode, Ref } from './graph.ts';
import { OPEN } from './graph.ts';
import { intrinsicName, pristineGlobals } from './intrinsics.ts';
import { requireCache } from './known-values.ts';
import { importBinding } from './module-exports.ts';
import type { Captured, FunctionRecord } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import { memberOf } from './pack-objects.ts';
import { reasons, refuse, step, type Trail } from './refusals.ts';
import { isModuleScope, isWithScope, lookUp, UNINITIALISED, variable } from './scopes.ts';
import { asFileUrl } from './scripts.ts';

const unused: FreeVariable = {
  references: [],
  written: false,
  changed: false,
  assignedThrough: false,
  changedParts: new Set(),
  members: null,
  paths: new Set(),
};

/** Fills the record's captures in, and notes warnings. */
export function packCaptures(packer: Packer, record: FunctionRecord, trail: Trail | null): void {
  const { analysis, fn, shape, script, captures } = record;
  const own = (name: string, value: Capture) => captures.push({ ...plainCapture(name), value });
  if (shape?.hasHeritage) own('$super', packer.ref(Object.getPrototypeOf(fn), { up: trail, key: 'extends', owner: record }));
  if (shape?.hasPrivates) own('$restoring', { make: 'restoring' });
  if (analysis.metas.length > 0) own(IMPORT_META, { make: 'importMeta', url: asFileUrl(script.url) });
  if (analysis.imports.length > 0) own(IMPORT, { make: 'import', url: asFileUrl(script.url) });
  // The text of a class that has been rebuilt names these itself.
  const given = new Set(captures.map(({ name }) => name));
  for (const [name, uses] of analysis.free) if (!given.has(name)) packCapture(packer, record, name, uses, trail);
  if (record.ownNameIsVariable && 'id' in analysis.node && analysis.node.id)
    packCapture(packer, record, analysis.node.id.name, unused, trail);
  noteChanges(packer, record);
}

function plainCapture(name: string): Captured {
  return {
    name,
    value: 0,
    scope: undefined,
    written: false,
    changed: false,
    byName: false,
    isGiven: false,
    uninitialised: false,
    late: false,
    cell: false,
  };
}

function packCapture(packer: Packer, record: FunctionRecord, name: string, uses: FreeVariable, trail: Trail | null): void {
  // `with` may say something else each time.
  if (record.facts.scopes.some(isWithScope)) packer.mayDiffer = true;
  const { scope, value, isFound, isGiven = false } = valueFor(packer, record, name, trail);
  if (!isFound) {
    if (!pristineGlobals.has(name) && !packer.probe.canRead)
      packer.missing.push({ name, by: record.name, order: packer.started.indexOf(record), canBeGiven: packer.given.holdsFor(record.fn) });
    // A global that does not exist yet may exist at the next call.
    if (!pristineGlobals.has(name)) packer.mayDiffer = true;
    return;
  }
  // A function with properties that the task changes, such as a count of its own calls.
  if (uses.changed && typeof value === 'function') packer.mayDiffer = true;
  const capture: Captured = { ...plainCapture(name), scope, written: uses.written, changed: isChanged(value, uses), isGiven };
  if (value === UNINITIALISED) {
    packer.mayDiffer = true;
    record.captures.push({ ...capture, uninitialised: true });
    return;
  }
  if (uses.changed && packer.carrier === 'bytes' && isSharedMemory(value))
    refuse({ up: trail, key: name, owner: record }, reasons.writesSharedMemory);
  const made = makeCapture(record, name, value);
  if (made !== undefined) {
    record.captures.push({ ...capture, value: made });
    return;
  }
  const at: Trail = { up: trail, key: name, owner: record };
  // What is kept from an earlier packing is no import.
  const mayBeImported = scope && isModuleScope(scope) && value !== context && !record.facts.isKept;
  const module = mayBeImported ? moduleCapture(packer, record, name, value) : undefined;
  if (module) {
    const members = util.types.isModuleNamespaceObject(value) && uses.members ? [...uses.members].sort() : undefined;
    record.captures.push({ ...capture, byName: true, value: packer.addModule(module, value, members) });
    return;
  }
  if (packer.isDeep && typeof value === 'function') {
    // Set when everything exists, so a long chain of functions needs no deep stack here nor there.
    const late: Captured = { ...capture, late: true };
    record.captures.push(late);
    packer.later(() => {
      late.value = packer.ref(value, at);
    });
    return;
  }
  const members = uses.members && isNamespaceLike(name, value) && !packer.nameOf(value) ? uses.members : null;
  const ref = members ? packMembers(packer, value as object, members, at) : packer.ref(value, at);
  const byName = members !== null || packer.isNamed(ref);
  record.captures.push({ ...capture, byName, value: ref });
}

interface Found {
  readonly scope?: Captured['scope'];
  readonly value: unknown;
  readonly isFound: boolean;
  readonly isGiven?: boolean;
}

/** What is given goes before what the scopes hold. */
function valueFor(packer: Packer, record: FunctionRecord, name: string, trail: Trail | null): Found {
  const seen = valueCaptured(record, name);
  if (!packer.given.has(record.fn, name)) return seen;
  const value = packer.given.get(name);
  const isSeen = seen.isFound
    ? Object.is(seen.value, value)
    : (globalThis as Record<string, unknown>)[name] === value && name in globalThis;
  if (packer.runsHere && packer.probe.canRead && !isSeen) refuse({ up: trail, key: name, owner: record }, reasons.givenElse);
  return { value, isFound: true, isGiven: true };
}

/** A captured name's value: from the scopes, or a global that the program itself has added. */
function valueCaptured(record: FunctionRecord, name: string): Found {
  const found = lookUp(record.facts.scopes, name);
  if (found) return { ...found, isFound: true };
  if (pristineGlobals.has(name) || !(name in globalThis)) return { value: undefined, isFound: false };
  const value = (globalThis as Record<string, unknown>)[name];
  return { value, isFound: intrinsicName(value) === undefined };
}

/** Things that each side makes for itself. */
function makeCapture({ script }: FunctionRecord, name: string, value: unknown): Capture | undefined {
  const url = asFileUrl(script.url);
  if (name === '__vite_ssr_dynamic_import__') return { make: 'import', url, root: process.cwd() };
  if (name === '__vite_ssr_import_meta__') return { make: 'importMeta', url };
  if (typeof value !== 'function') return undefined;
  if (/^cov_\w+$/.test(name)) return { make: 'sink' }; // istanbul's counters
  const isRequire = 'resolve' in value && 'cache' in value && value.cache === requireCache;
  return isRequire ? { make: 'require', url } : undefined;
}

/**
 * An imported thing travels by the name of its import, if the worker can import it. Primitives are as small as their name, and exact;
 * but those of Node's own modules tell of the thread itself, such as threadId.
 */
function moduleCapture(packer: Packer, { script }: FunctionRecord, name: string, value: unknown): ModuleNode | undefined {
  const isPrimitive = value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');
  if (!isPrimitive && packer.travelsByValue(value)) return undefined;
  const binding = importBinding(script, name);
  if (!binding || (isPrimitive && !isBuiltin(binding.specifier)) || !packer.reach.import(binding.specifier, script.url)) return undefined;
  const { specifier, name: exported, attributes } = binding;
  return { type: 'module', specifier, parent: script.url, name: exported, ...(attributes && { attributes }) };
}

/** A symbol of another module travels as that module's export, when a function that is shipped imports it: a copy would be another symbol. */
export function importedSymbol(packer: Packer, symbol: symbol): ModuleNode | undefined {
  for (const record of packer.started) {
    const facts = record.facts.isKept ? packer.probe.facts(record.fn) : record.facts;
    const scope = facts.type === 'script' ? facts.scopes.find(isModuleScope) : undefined;
    if (!scope) continue;
    for (const name of Object.getOwnPropertyNames(scope.variables)) {
      if (variable(scope, name) === symbol) return moduleCapture(packer, record, name, symbol);
    }
  }
  return undefined;
}

/** Is this a module object, or what compilers put in place of one: `__vi_import_0__`, `import_x`, `x_1`? */
function isNamespaceLike(name: string, value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (util.types.isModuleNamespaceObject(value) || /^__vi(te_ssr)?_import_\d+__$|^import_/.test(name)) return true;
  return '__esModule' in value || (/_\d+$/.test(name) && 'default' in value);
}

/** Of a module object, only the members that the function names. */
function packMembers(packer: Packer, namespace: object, members: ReadonlySet<string>, at: Trail): Ref {
  const plain: (Key | Ref)[] = [];
  for (const member of members) {
    if (member in namespace) plain.push(member, packer.ref(memberOf(namespace, member, at), step(at, `.${member}`)));
  }
  return packer.add({ type: 'object', shape: { prototype: null, plain, special: [], integrity: OPEN } });
}
