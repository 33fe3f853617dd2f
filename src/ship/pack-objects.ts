/** Objects of every kind, by their own properties and what is special about the kind. */
import util from 'node:util';
import { packHandle, packTagged } from './builtin-classes.ts';
import { classOfPrivates, classShape, isClass } from './class-shape.ts';
import {
  type Draft,
  FROZEN,
  type GraphNode,
  type Key,
  NOT_EXTENSIBLE,
  OPEN,
  type Ref,
  SEALED,
  type Shape,
  type SpecialProperty,
} from './graph.ts';
import { isForeign } from './identity.ts';
import { intrinsicName, isIntrinsic } from './intrinsics.ts';
import { requireCache } from './known-values.ts';
import { isFunctionOfNode } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';
import { packView } from './pack-views.ts';
import { reasons, refuse, staysHere, step, type Trail } from './refusals.ts';

const { types } = util;
const noShape: Shape = { prototype: null, plain: [], special: [], integrity: OPEN };

export function packObject(packer: Packer, object: object, ref: Ref, trail: Trail | null): GraphNode {
  if (types.isProxy(object)) {
    return packer.unfinished(ref, trail, () => {
      const [target, handler] = packer.probe.proxyParts(object);
      return { type: 'proxy', target: packer.ref(target, step(trail, '[target]')), handler: packer.ref(handler, step(trail, '[handler]')) };
    });
  }
  if (types.isModuleNamespaceObject(object)) return packNamespace(packer, object, trail);
  const kind = packKind(packer, object, ref, trail);
  const owner = mayBeRestored.has(kind.type) && hasOwnClass(object) ? classOfPrivates(object) : undefined;
  const node = (owner ? packRestorable(packer, object, kind, owner, ref, trail) : kind) as Draft<GraphNode>;
  if ('shape' in node && node.type !== 'function') {
    const isError = node.type === 'error' || (node.type === 'instance' && node.content?.type === 'error');
    packer.later(() => {
      node.shape = isError ? errorShape(packer, object, trail) : shapeOf(packer, object, trail, implied[node.type] ?? []);
    });
  }
  return node as GraphNode;
}

/** Own properties that the kind itself brings along. */
const implied: Readonly<Record<string, readonly string[]>> = { array: ['length'], regexp: ['lastIndex'] };

const errorKinds = ['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'];

function packKind(packer: Packer, object: object, ref: Ref, trail: Trail | null): GraphNode {
  const stays = staysHere.get(object);
  if (stays) refuse(trail, stays);
  if (Array.isArray(object)) return { type: 'array', length: object.length, shape: noShape };
  if (types.isMap(object)) return { type: 'map', entries: packEntries(packer, object, trail), shape: noShape };
  if (types.isSet(object)) return { type: 'set', items: packItems(packer, object, trail), shape: noShape };
  if (types.isDate(object)) return { type: 'date', time: Number(object), shape: noShape };
  if (types.isRegExp(object)) {
    return { type: 'regexp', source: object.source, flags: object.flags, lastIndex: object.lastIndex, shape: noShape };
  }
  // Before native errors: from Node 22 on it is one of them, with its state in places that only its constructor reaches.
  if (object instanceof DOMException) return { type: 'domException', name: object.name, message: object.message, stack: object.stack };
  if (types.isNativeError(object)) {
    const base = errorKinds.find((kind) => inherits(object, `${kind}.prototype`)) ?? 'Error';
    return { type: 'error', base, stack: typeof object.stack === 'string' ? object.stack : undefined, shape: noShape };
  }
  if (types.isBoxedPrimitive(object))
    return { type: 'boxed', value: packer.ref(object.valueOf(), step(trail, '.valueOf()')), shape: noShape };
  if (types.isSharedArrayBuffer(object))
    return packer.carrier === 'bytes' ? refuse(trail, reasons.sharedMemory) : { type: 'plain', value: object };
  if (types.isArrayBufferView(object)) return packView(packer, object, trail);
  if (types.isWeakMap(object)) {
    const entries: [Ref, Ref][] = [];
    packer.weak.push({ collection: object, entries, trail });
    return { type: 'weakMap', entries, shape: noShape };
  }
  if (types.isWeakSet(object)) {
    const items: Ref[] = [];
    packer.weak.push({ collection: object, items, trail });
    return { type: 'weakSet', items, shape: noShape };
  }
  return packTagged(packer, object, trail) ?? packInstance(packer, object, ref, trail);
}

function packInstance(packer: Packer, object: object, ref: Ref, trail: Trail | null): GraphNode {
  const classValue = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  if (typeof classValue === 'function' && classValue.prototype === object) {
    return packer.unfinished(ref, trail, () => ({ type: 'prototypeOf', constructor: packer.ref(classValue, step(trail, '.constructor')) }));
  }
  refuseForeignState(object, trail);
  return packHandle(packer, object, trail) ?? { type: 'object', shape: noShape };
}

const mayBeRestored: ReadonlySet<string> = new Set(['object', 'array', 'map', 'set', 'error']);
const usualPrototypes = new Set(['Object', 'Array', 'Map', 'Set', 'Date', 'Error', ...errorKinds].map((name) => `${name}.prototype`));

/** May its class have private members? A quick no for most objects. */
function hasOwnClass(object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === null || usualPrototypes.has(intrinsicName(prototype) ?? '')) return false;
  // A prototype object is no instance of its own class, only of the class above it; it travels as part of its class.
  const classValue = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return !(typeof classValue === 'function' && classValue.prototype === object);
}

/**
 * A class that came by name has nothing that could write its private members, nor has one below it. A worker gets the classes themselves; to the
 * host they would be others than its own, and `instanceof` would silently fail there.
 */
function canBeRestored(packer: Packer, owner: object, trail: Trail | null): boolean {
  for (let at = owner; !packer.restorable.has(at) && isClass(at) && classShape(at).hasPrivates; at = Object.getPrototypeOf(at)) {
    if (packer.isNamed(packer.ref(at, step(trail, '.constructor')))) return packer.sendsClasses ? packer.shipByValue(at) : false;
    packer.restorable.add(at);
  }
  return true;
}

/** An instance of a class with private members, which is restored without its constructor. */
function packRestorable(packer: Packer, object: object, kind: GraphNode, owner: object, ref: Ref, trail: Trail | null): GraphNode {
  if (isForeign(owner)) {
    // The host can set no private members of its own class. An error is still worth more with its class than without.
    return kind.type === 'error' ? kind : refuse(trail, reasons.foreignPrivates);
  }
  const content = kind.type === 'map' || kind.type === 'set' || kind.type === 'error' ? kind : null;
  return packer.unfinished(ref, trail, () => {
    const classRef = packer.ref(owner, step(trail, '.constructor'));
    if (!canBeRestored(packer, owner, trail)) return kind.type === 'error' ? kind : refuse(trail, reasons.foreignPrivates);
    const privates: [string, Ref][] = [];
    const values = packer.probe.privateFields(object);
    packer.later(() => {
      for (const [name, value] of values) privates.push([name, packer.ref(value, step(trail, `.${name}`))]);
    });
    return { type: 'instance', constructor: classRef, privates, content, shape: noShape };
  });
}

function refuseForeignState(object: object, trail: Trail | null): void {
  if (types.isPromise(object)) refuse(trail, reasons.promise);
  if (types.isGeneratorObject(object)) refuse(trail, reasons.runningGenerator);
  if (types.isExternal(object)) refuse(trail, reasons.nativeHandle);
  const tag = Object.prototype.toString.call(object);
  if (tag === '[object WeakRef]') refuse(trail, reasons.weakRef);
  if (tag === '[object FinalizationRegistry]') refuse(trail, reasons.finalizationRegistry);
  const file = Object.getOwnPropertyDescriptor(object, 'filename')?.value;
  if (typeof file === 'string' && requireCache[file] === object) refuse(trail, reasons.commonJsModule);
}

/** A module object as a value. One of Node's own modules has it everywhere; of a module that a worker cannot import, the members travel. */
function packNamespace(packer: Packer, namespace: object, trail: Trail | null): GraphNode {
  const specifier = builtinBehind(packer, namespace);
  if (specifier !== undefined) return { type: 'module', specifier, parent: '', name: '*' };
  const names = Object.keys(namespace);
  const plain: (Key | Ref)[] = [];
  packer.later(() => {
    for (const name of names) plain.push(name, packer.ref(memberOf(namespace, name, trail), step(trail, `.${name}`)));
  });
  return { type: 'object', shape: { prototype: packer.ref(null, null), plain, special: [], integrity: OPEN } };
}

/** Node's own module of which this is the module object: it has the exports and, as its default, the object that holds them. */
function builtinBehind(packer: Packer, namespace: object): string | undefined {
  const exports: unknown = Object.hasOwn(namespace, 'default') ? memberOf(namespace, 'default', null) : undefined;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const name = packer.nameOf(exports);
  const isBuiltin = name?.type === 'builtin' && name.path.length === 0;
  return isBuiltin && Object.keys(exports).every((key) => key in namespace) ? name.module : undefined;
}

export function memberOf(namespace: object, name: string, trail: Trail | null): unknown {
  try {
    return (namespace as Record<string, unknown>)[name];
  } catch {
    return refuse(trail, reasons.memberOfModule); // a binding in its dead zone
  }
}

function packEntries(packer: Packer, map: Map<unknown, unknown>, trail: Trail | null): Ref[] {
  const entries: Ref[] = [];
  packer.later(() => {
    let index = 0;
    for (const [key, value] of Map.prototype.entries.call(map)) {
      const label = typeof key === 'string' || typeof key === 'number' ? JSON.stringify(key) : `<key ${index}>`;
      entries.push(packer.ref(key, step(trail, `<key ${index}>`)), packer.ref(value, step(trail, `.get(${label})`)));
      index += 1;
    }
  });
  return entries;
}

function packItems(packer: Packer, set: Set<unknown>, trail: Trail | null): Ref[] {
  const items: Ref[] = [];
  packer.later(() => {
    for (const item of Set.prototype.values.call(set)) items.push(packer.ref(item, step(trail, `<item ${items.length}>`)));
  });
  return items;
}

export type WeakRecord =
  | { readonly collection: WeakMap<object, unknown>; readonly entries: [Ref, Ref][]; readonly trail: Trail | null }
  | { readonly collection: WeakSet<object>; readonly items: Ref[]; readonly trail: Trail | null };

/** A weak collection ships the entries whose keys are shipped anyway. Says whether there were new ones. */
export function weakEntries(packer: Packer): boolean {
  const before = packer.size;
  for (const record of packer.weak) {
    const entered = new Set('items' in record ? record.items : record.entries.map(([key]) => key));
    for (const [key, ref] of [...packer.seen()]) {
      const isKey = (typeof key === 'object' && key !== null) || typeof key === 'function';
      if (!isKey || entered.has(ref) || !record.collection.has(key)) continue;
      if ('items' in record) record.items.push(ref);
      else record.entries.push([ref, packer.ref(record.collection.get(key), step(record.trail, '<weak value>'))]);
    }
  }
  return packer.size !== before;
}

function inherits(object: object, intrinsic: string): boolean {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at)) if (isIntrinsic(at, intrinsic)) return true;
  return false;
}

function prototypeRef(packer: Packer, prototype: unknown, trail: Trail | null, usual: string): Ref | null {
  return isIntrinsic(prototype, usual) ? null : packer.ref(prototype, step(trail, '.__proto__'));
}

/** Node's own errors have classes and methods that no module exports; to the receiver they are an Error, TypeError, … with a code. */
function errorShape(packer: Packer, error: object, trail: Trail | null): Shape {
  const isInternal = (value: unknown) => typeof value === 'function' && !packer.nameOf(value) && isFunctionOfNode(packer, value);
  const internalKeys = Reflect.ownKeys(error).filter((key) => isInternal(Object.getOwnPropertyDescriptor(error, key)?.value));
  let prototype = Object.getPrototypeOf(error);
  while (prototype && isInternal(Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value))
    prototype = Object.getPrototypeOf(prototype);
  return { ...shapeOf(packer, error, trail, ['stack', ...internalKeys], prototype) };
}

/** An object's own properties but those in `without`. */
export function shapeOf(
  packer: Packer,
  object: object,
  trail: Trail | null,
  without: readonly (string | symbol)[] = [],
  prototype: unknown = Object.getPrototypeOf(object),
): Shape {
  const plain: (Key | Ref)[] = [];
  const special: SpecialProperty[] = [];
  for (const property of Reflect.ownKeys(object)) {
    if (without.includes(property)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(object, property) as PropertyDescriptor;
    const at = step(trail, pathOf(object, property), object);
    const key: Key = typeof property === 'symbol' ? { symbol: packer.ref(property, at) } : property;
    const flags = (descriptor.writable ? 1 : 0) | (descriptor.enumerable ? 2 : 0) | (descriptor.configurable ? 4 : 0);
    if (!('value' in descriptor)) {
      const get = descriptor.get ? packer.ref(descriptor.get, at) : null;
      special.push({ key, flags, get, set: descriptor.set ? packer.ref(descriptor.set, at) : null });
    } else if (flags === 7) plain.push(key, packer.ref(descriptor.value, at));
    else special.push({ key, flags, value: packer.ref(descriptor.value, at) });
  }
  const usual = Array.isArray(object) ? 'Array.prototype' : typeof object === 'function' ? 'Function.prototype' : 'Object.prototype';
  return { prototype: prototypeRef(packer, prototype, trail, usual), plain, special, integrity: integrityOf(object) };
}

function pathOf(object: object, property: string | symbol): string {
  if (typeof property === 'symbol') return `[${String(property)}]`;
  if (Array.isArray(object)) return `[${property}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(property) ? `.${property}` : `[${JSON.stringify(property)}]`;
}

function integrityOf(object: object): Shape['integrity'] {
  if (Object.isExtensible(object)) return OPEN;
  if (Object.isFrozen(object)) return FROZEN;
  return Object.isSealed(object) ? SEALED : NOT_EXTENSIBLE;
}
