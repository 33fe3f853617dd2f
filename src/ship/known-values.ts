/** What the other side has already, so that it travels by name: the language's own objects, Node's modules, required modules. */
import module, { createRequire } from 'node:module';
import util from 'node:util';
import { context } from '../context.ts';
import type { NameNode } from './graph.ts';
import { rememberedName } from './identity.ts';
import { intrinsicName } from './intrinsics.ts';
import { isEntry, isTypeScript } from './reachable.ts';

/** The node for a value both sides have, or undefined. */
export function nameOf(value: object | symbol): NameNode | undefined {
  if (value === context) return { type: 'own', name: 'context' };
  const name = intrinsicName(value) ?? globalObjectName(value);
  if (name !== undefined) return { type: 'intrinsic', name };
  return rememberedName(value) ?? (typeof value === 'symbol' ? undefined : builtins.get(value)) ?? required.get(value);
}

/** Global objects that are slow to load are not in the table; one that was captured is loaded already. */
const lazyGlobals: Readonly<Record<string, string>> = {
  Performance: 'performance',
  Crypto: 'crypto',
  Navigator: 'navigator',
  Storage: 'localStorage',
};

function globalObjectName(value: object | symbol): string | undefined {
  if (typeof value !== 'object') return undefined;
  const name = lazyGlobals[Object.prototype.toString.call(value).slice('[object '.length, -1)];
  return name !== undefined && (globalThis as Record<string, unknown>)[name] === value ? `globalThis.${name}` : undefined;
}

const builtins = new Map<object, NameNode>();
const enteredBuiltins = new Set<string>();
let seenLoads = -1;

/** Takes notice of modules loaded since. Asked once per shipment, because no module is loaded in the middle of one. */
export function refreshKnownValues(): void {
  refreshBuiltins();
  refreshRequired();
}

/** Values exported by Node's loaded modules. Modules that are not loaded are not touched: nothing of theirs can be captured. */
function refreshBuiltins(): void {
  const loads = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
  if (loads.length !== seenLoads) {
    seenLoads = loads.length;
    const loaded = new Set(loads);
    for (const name of module.builtinModules) {
      const isLoaded =
        loaded.has(`NativeModule ${name}`) ||
        loaded.has(`NativeModule node:${name}`) ||
        loaded.has(`NativeModule ${name.replace(/^node:/, '')}`);
      if (name.startsWith('_') || enteredBuiltins.has(name) || !isLoaded) continue;
      enteredBuiltins.add(name);
      enterBuiltin(name);
    }
  }
}

function enterBuiltin(name: string): void {
  const exports = process.getBuiltinModule(name) as Record<string, unknown> | undefined;
  if (!exports) return;
  const id = `node:${name.replace(/^node:/, '')}`;
  const add = (value: unknown, ...path: string[]) => {
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (isObject && intrinsicName(value) === undefined && !builtins.has(value)) builtins.set(value, { type: 'builtin', module: id, path });
  };
  add(exports);
  for (const key of Object.keys(exports)) {
    const descriptor = Object.getOwnPropertyDescriptor(exports, key);
    if (!descriptor || !('value' in descriptor)) continue; // a getter may load what nobody asked for
    add(descriptor.value, key);
    if (typeof descriptor.value === 'function' && descriptor.value.prototype) add(descriptor.value.prototype, key, 'prototype');
    // `util.types`, `path.posix`, `fs.promises`
    if (typeof descriptor.value === 'object' && descriptor.value !== null) {
      for (const [member, { value }] of Object.entries(Object.getOwnPropertyDescriptors(descriptor.value))) {
        if (typeof value === 'function') add(value, key, member);
      }
    }
  }
}

/** A method of one of Node's own classes. Rarely captured, so looked for only when asked. */
export function builtinMethodName(fn: object): NameNode | undefined {
  for (const [owner, node] of [...builtins]) {
    if (node.type !== 'builtin') continue;
    for (const key of Object.getOwnPropertyNames(owner)) {
      if (Object.getOwnPropertyDescriptor(owner, key)?.value === fn) return { ...node, path: [...node.path, key] };
    }
  }
  return undefined;
}

export const requireCache = createRequire(`${process.cwd()}/`).cache;
const required = new Map<object | symbol, NameNode>();
const enteredFiles = new Set<string>();
let seenFiles = -1;

/** Values exported by loaded CommonJS modules that a worker can load, too. */
function refreshRequired(): void {
  const files = Object.keys(requireCache);
  if (files.length !== seenFiles) {
    seenFiles = files.length;
    for (const file of files) if (!enteredFiles.has(file)) enterRequired(file);
  }
}

/** The CommonJS file that exports a value, and all it exports. */
export function homeOf(value: object): { readonly file: string; readonly exports: unknown } | undefined {
  const node = required.get(value);
  return node?.type === 'required' ? { file: node.file, exports: requireCache[node.file]?.exports } : undefined;
}

function enterRequired(file: string): void {
  const loaded = requireCache[file];
  if (!loaded?.loaded) return;
  enteredFiles.add(file);
  if (loaded.id === '.' || isEntry(file) || isTypeScript(file)) return;
  const add = (value: unknown, ...path: string[]) => {
    const named = (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
    if (named && intrinsicName(value) === undefined && !required.has(value)) required.set(value, { type: 'required', file, path });
  };
  const exports: unknown = loaded.exports;
  add(exports);
  if (exports === null || (typeof exports !== 'object' && typeof exports !== 'function') || util.types.isProxy(exports)) return;
  // A module may export globalThis, as lodash does: what a program adds to that is no export.
  if (intrinsicName(exports) !== undefined) return;
  enterPrototype(exports, file, []);
  for (const key of Object.keys(exports)) {
    const value = exportedValue(exports, key);
    if (typeof value === 'function' || typeof value === 'symbol') add(value, key);
    enterPrototype(value, file, [key]);
  }
}

const requiredPrototypes = new Map<object, NameNode>();

/**
 * The prototype of an exported function, whose own class may be hidden in the module, as dayjs hides it. The name is good for the way home,
 * to where plugins may have added to it; on the way out the object itself takes along what they added.
 */
export function prototypeNameOf(value: object): NameNode | undefined {
  return requiredPrototypes.get(value);
}

function enterPrototype(value: unknown, file: string, path: readonly string[]): void {
  const prototype: unknown = typeof value === 'function' ? Object.getOwnPropertyDescriptor(value, 'prototype')?.value : undefined;
  if (typeof prototype !== 'object' || prototype === null || Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value === value)
    return;
  if (intrinsicName(prototype) === undefined) requiredPrototypes.set(prototype, { type: 'required', file, path: [...path, 'prototype'] });
}

/** Compiled ES modules export through getters, which are safe to read; other getters may do anything. */
function exportedValue(exports: object, key: string): unknown {
  const descriptor = Object.getOwnPropertyDescriptor(exports, key);
  if (!descriptor?.get) return descriptor?.value;
  if (!('__esModule' in exports)) return undefined;
  try {
    return descriptor.get.call(exports);
  } catch {
    return undefined; // a binding in its dead zone
  }
}
