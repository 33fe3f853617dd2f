/** Instances of built-in classes: those whose whole state can be read, those that structured clone carries, and those that stay. */
import type { GraphNode } from './graph.ts';
import { pristineGlobals } from './intrinsics.ts';
import { isFunctionOfNode } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import { builtinInstance, onlyToThreads, refuse, type Trail } from './refusals.ts';

/** Built-in classes whose whole state can be read, and those that structured clone knows. */
export function packTagged(packer: Packer, object: object, trail: Trail | null): GraphNode | undefined {
  const tag = Object.prototype.toString.call(object).slice('[object '.length, -1);
  switch (tag) {
    case 'URL':
    case 'URLSearchParams':
      return object instanceof globalThis[tag] ? { type: 'made', kind: tag, args: [String(object)] } : undefined;
    case 'Blob':
    case 'File':
    case 'KeyObject':
    case 'CryptoKey':
    case 'WebAssembly.Module':
      return packCloneable(packer, object, tag, trail);
  }
  // The constructors of these two have a tag of their own only on their prototypes.
  if (object instanceof TextEncoder) return { type: 'made', kind: 'TextEncoder', args: [] };
  if (object instanceof TextDecoder) {
    return { type: 'made', kind: 'TextDecoder', args: [object.encoding, { fatal: object.fatal, ignoreBOM: object.ignoreBOM }] };
  }
  const intl = /^Intl\.(\w+)$/.exec(tag);
  if (intl?.[1] === undefined || !('resolvedOptions' in object) || typeof object.resolvedOptions !== 'function') return undefined;
  return { type: 'intl', kind: intl[1], options: object.resolvedOptions() };
}

/** What structured clone knows, and bytes do not. */
function packCloneable({ carrier }: Packer, object: object, kind: string, trail: Trail | null): GraphNode {
  return carrier === 'bytes' ? refuse(trail, onlyToThreads(kind)) : { type: 'plain', value: object };
}

/** Classes of Node's that structured clone knows, and that have no tag. */
const cloneable: ReadonlySet<unknown> = new Set(['BlockList', 'SocketAddress', 'X509Certificate']);

/** Undefined for an object that is none: all of its state can be copied. */
export function packHandle(packer: Packer, object: object, trail: Trail | null): GraphNode | undefined {
  const label = builtinClassOf(packer, object);
  if (label === undefined) return undefined;
  const kind: unknown = Object.getPrototypeOf(object)?.constructor?.name;
  return cloneable.has(kind) ? packCloneable(packer, object, String(kind), trail) : refuse(trail, builtinInstance(label, object));
}

/** Classes that user classes extend freely: their state is all in properties. */
const harmless = /^(Object|Array|Error|\w*Error|Function|Map|Set|Promise|RegExp|Date|Iterator|\w+Array|%.*)(\.prototype)?$/;

/** `net.Socket`, when an object is one or inherits from one; undefined when all of its state can be copied. */
function builtinClassOf(packer: Packer, object: object): string | undefined {
  for (let at: object | null = Object.getPrototypeOf(object); at; at = Object.getPrototypeOf(at)) {
    const name = packer.nameOf(at);
    if (!name) {
      const classValue = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof classValue === 'function' && classValue.prototype === at && isBuiltIn(packer, classValue))
        return classValue.name || 'native handle';
    } else if (name.type === 'intrinsic') return harmless.test(name.name) ? undefined : name.name.replace(/\.prototype$/, '');
    else if (name.type === 'builtin') {
      if (name.module === 'node:events' && /^(EventEmitter|prototype|)$/.test(name.path[0] ?? '')) return undefined;
      return [name.module.slice('node:'.length), ...name.path.slice(0, 1)].join('.');
    } // else a library's own prototype, which may itself extend a built-in
  }
  return undefined;
}

const builtIn = new WeakMap<object, boolean>();

/** A class of V8's or Node's own, which may have no name that a program can reach it by. */
function isBuiltIn(packer: Packer, classValue: object): boolean {
  let answer = builtIn.get(classValue);
  if (answer === undefined) {
    answer =
      /\[native code\]\s*\}$/.test(Function.prototype.toString.call(classValue)) ||
      isGlobalClass(classValue) ||
      isFunctionOfNode(packer, classValue);
    builtIn.set(classValue, answer);
  }
  return answer;
}

/** A function inside Node that no module exports. */
export function isFunctionInside(packer: Packer, value: unknown): boolean {
  return typeof value === 'function' && !packer.nameOf(value) && isFunctionOfNode(packer, value);
}

/** The prototype of errors that Node makes. */
export function isErrorPrototypeInside(packer: Packer, prototype: object): boolean {
  if (isFunctionInside(packer, Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value)) return true;
  // Where scopes cannot be read, Node's own mark tells, and its methods could not travel.
  return !packer.probe.canRead && Object.getOwnPropertySymbols(prototype).some(({ description }) => description === 'kIsNodeError');
}

/** `Response`, `AbortSignal`, …: Node's own, although only their files, which cannot always be asked for, would say so. */
function isGlobalClass(classValue: object): boolean {
  const { name } = classValue as { name?: unknown };
  return typeof name === 'string' && pristineGlobals.has(name) && (globalThis as Record<string, unknown>)[name] === classValue;
}
