/** Objects of every kind, by their own properties and what is special about the kind. */
import util from 'node:util';
import { staysHere } from '../stays-here.ts';
import { isErrorPrototypeInside, isFunctionInside, packHandle, packTagged } from './builtin-classes.ts';
import { classMembers, classOfPrivates, classShape, isClass, layersOf } from './class-shape.ts';
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
import { isIntrinsic } from './intrinsics.ts';
import { requireCache } from './known-values.ts';
import type { Packer } from './pack-graph.ts';
import { packView } from './pack-views.ts';
import { NeedsNodes } from './plain-data.ts';
import { reasons, refuse, step, type Trail } from './refusals.ts';
import { type Constructor, hasPrivateAccess, readPrivates } from './restoring.ts';

const { types } = util;
const noShape: Shape = { prototype: null, plain: [], special: [], integrity: OPEN };

export function packObject(packer: Packer, object: object, trail: Trail | null): GraphNode {
  if (types.isProxy(object)) {
    if (!packer.probe.canRead) refuse(trail, reasons.unreadProxy);
    return packer.within(trail, () => {
      const [target, handler] = packer.probe.proxyParts(object);
      return { type: 'proxy', target: packer.ref(target, step(trail, '[target]')), handler: packer.ref(handler, step(trail, '[handler]')) };
    });
  }
  if (types.isModuleNamespaceObject(object)) return packNamespace(packer, object, trail);
  const kind = packKind(packer, object, trail);
  // What structured clone carries whole has private members of Node's own, if any.
  const owner = kind.type !== 'plain' && hasOwnClass(packer, object) ? classOfPrivates(object) : undefined;
  const node = (owner ? packRestorable(packer, object, kind, owner, trail) : kind) as Draft<GraphNode>;
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

function packKind(packer: Packer, object: object, trail: Trail | null): GraphNode {
  const stays = staysHere.get(object);
  if (stays) refuse(trail, reasons[stays]);
  if (Array.isArray(object)) return { type: 'array', length: object.length, shape: noShape };
  if (types.isMap(object)) return { type: 'map', entries: packEntries(packer, object, trail), shape: noShape };
  if (types.isSet(object)) return { type: 'set', items: packItems(packer, object, trail), shape: noShape };
  if (types.isDate(object)) return { type: 'date', time: Date.prototype.getTime.call(object), shape: noShape };
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
    return { type: 'boxed', value: packer.ref(unboxed(object), step(trail, '.valueOf()')), shape: noShape };
  if (types.isSharedArrayBuffer(object))
    return packer.carrier === 'bytes' ? refuse(trail, reasons.sharedMemory) : { type: 'plain', value: object };
  if (types.isArrayBuffer(object) && isIntrinsic(Object.getPrototypeOf(object), 'ArrayBuffer.prototype'))
    return { type: 'plain', value: object };
  if (types.isArrayBufferView(object)) return packView(packer, object, trail);
  // What is in plain data cannot be asked whether it is a key.
  if ((types.isWeakMap(object) || types.isWeakSet(object)) && !packer.plainData.isOff) throw new NeedsNodes();
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
  return packTagged(packer, object, trail) ?? packInstance(packer, object, trail);
}

/** A boxed primitive's value, whatever has been done to its methods. */
function unboxed(object: object): unknown {
  if (types.isNumberObject(object)) return Number.prototype.valueOf.call(object);
  if (types.isStringObject(object)) return String.prototype.valueOf.call(object);
  if (types.isBooleanObject(object)) return Boolean.prototype.valueOf.call(object);
  return types.isBigIntObject(object) ? BigInt.prototype.valueOf.call(object) : Symbol.prototype.valueOf.call(object);
}

function packInstance(packer: Packer, object: object, trail: Trail | null): GraphNode {
  const classValue = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  if (typeof classValue === 'function' && classValue.prototype === object) {
    return packer.within(trail, () => ({ type: 'prototypeOf', constructor: packer.ref(classValue, step(trail, '.constructor', object)) }));
  }
  refuseForeignState(object, trail);
  return packHandle(packer, object, trail) ?? { type: 'object', shape: noShape };
}

/** May its class have private members? A quick no for most objects. */
function hasOwnClass(packer: Packer, object: object): boolean {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === null || packer.nameOf(prototype)) return false;
  // A prototype object is no instance of its own class, only of the class above it; it travels as part of its class.
  const classValue = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return !(typeof classValue === 'function' && classValue.prototype === object);
}

/** Its parent's constructor makes it empty, and what it holds can be put in afterwards. */
function isRestorable(kind: GraphNode): kind is Extract<GraphNode, { type: 'object' | 'array' | 'map' | 'set' | 'date' | 'error' }> {
  return /^(object|array|map|set|date|error)$/.test(kind.type);
}

/**
 * A class that came to a worker by name has nothing there that could write its private members, nor has one below it, so the classes must come
 * themselves. A host gets back their names: it sets the members on an instance of its very own class.
 */
function bringClasses(packer: Packer, owner: object, trail: Trail | null): void {
  for (let at = owner; !packer.restorable.has(at) && isClass(at) && classShape(at).hasPrivates; at = Object.getPrototypeOf(at)) {
    if (packer.isNamed(packer.ref(at, step(trail, '.constructor')))) packer.shipByValue(at);
    packer.restorable.add(at);
  }
}

/** An instance of a class with private members, which is restored without its constructor: by a class that rests meanwhile, or own-instances.ts. */
function packRestorable(packer: Packer, object: object, kind: GraphNode, owner: object, trail: Trail | null): GraphNode {
  if (!isRestorable(kind)) refuse(trail, reasons.privatesBesideState);
  const content = kind.type === 'object' || kind.type === 'array' ? null : kind;
  return packer.within(trail, () => {
    const classRef = packer.ref(owner, step(trail, '.constructor', object));
    if (packer.sendsClasses) bringClasses(packer, owner, trail);
    if (!packer.probe.canRead && !hasPrivateAccess(owner)) return kind.type === 'error' ? kind : refuse(trail, reasons.unreadPrivates);
    const privates: [string, Ref][] = [];
    const values = privatesOf(packer, owner as Constructor, object);
    packer.later(() => {
      for (const [name, value] of values) privates.push([name, packer.ref(value, step(trail, `.${name}`))]);
    });
    return { type: 'instance', constructor: classRef, privates, content, shape: noShape };
  });
}

/** By functions made in their classes' scopes where there are such; the inspector takes a hundred times as long. */
function privatesOf(packer: Packer, owner: Constructor, object: object): [name: string, value: unknown][] {
  const layers = layersOf(owner).filter((layer) => classMembers(layer).fields.length > 0);
  return layers.every(hasPrivateAccess) ? readPrivates(layers, object) : packer.probe.privateFields(object);
}

/** What `[].values()`, `map.entries()`, `text.matchAll()` and their like give. Their prototypes themselves have the tag, too. */
function isNativeIterator(object: object): boolean {
  return /^\[object .+ Iterator\]$/.test(Object.prototype.toString.call(object)) && !Object.hasOwn(object, Symbol.toStringTag);
}

function refuseForeignState(object: object, trail: Trail | null): void {
  if (types.isPromise(object)) refuse(trail, reasons.promise);
  if (types.isGeneratorObject(object) || isNativeIterator(object)) refuse(trail, reasons.runningGenerator);
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
  if (!packer.probe.canRead) refuse(trail, reasons.unreadModule);
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

function inherits(object: object, intrinsic: string): boolean {
  for (let at: object | null = object; at; at = Object.getPrototypeOf(at)) if (isIntrinsic(at, intrinsic)) return true;
  return false;
}

function prototypeRef(packer: Packer, prototype: unknown, trail: Trail | null, usual: string): Ref | null {
  return isIntrinsic(prototype, usual) ? null : packer.ref(prototype, step(trail, '.__proto__'));
}

/** Node's own errors have classes and methods that no module exports; to the receiver they are an Error, TypeError, … with a code. */
function errorShape(packer: Packer, error: object, trail: Trail | null): Shape {
  const isInternal = (key: PropertyKey) => isFunctionInside(packer, Object.getOwnPropertyDescriptor(error, key)?.value);
  const internalKeys = Reflect.ownKeys(error).filter(isInternal);
  let prototype = Object.getPrototypeOf(error);
  while (prototype && isErrorPrototypeInside(packer, prototype)) prototype = Object.getPrototypeOf(prototype);
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
    } else if (flags === 7 && special.length === 0) plain.push(key, packer.ref(descriptor.value, at));
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
  // V8 takes a sealed function or empty array for a frozen one.
  const exception = Object.getOwnPropertyDescriptor(object, Array.isArray(object) ? 'length' : 'prototype');
  if (Object.isFrozen(object) && exception?.writable !== true) return FROZEN;
  return Object.isSealed(object) ? SEALED : NOT_EXTENSIBLE;
}
