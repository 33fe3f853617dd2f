/** How large what travels is: a quick sum for each packing, and by path where that is worth a walk over all of it. */
import util from 'node:util';
import type { GraphNode, Ref, Shape } from './graph.ts';
import { bytesOfPrimitive } from './plain-data.ts';

const { types } = util;
const BYTES_OF_NODE = 40;
const BYTES_OF_ENTRY = 8;
const BYTES_OF_OBJECT = 4;

/** The nodes themselves; what is in plain data has been counted when it was looked at. */
export function bytesOfNodes(nodes: readonly GraphNode[]): number {
  let bytes = 0;
  for (const node of nodes) bytes += ownBytes(node);
  return bytes;
}

function ownBytes(node: GraphNode): number {
  if (node.type === 'plain') return bytesOfPrimitive(node.value);
  let bytes = BYTES_OF_NODE;
  if ('shape' in node && node.shape) bytes += node.shape.plain.length * BYTES_OF_ENTRY;
  if (node.type === 'map') bytes += node.entries.length * BYTES_OF_ENTRY;
  if (node.type === 'set') bytes += node.items.length * BYTES_OF_ENTRY;
  return bytes;
}

/** A node of the graph, or a value inside plain data. */
type Place = { readonly node: GraphNode } | { readonly value: unknown };

export interface Measured {
  readonly bytes: number;
  /** The way to the one member that makes most of it, such as `.table`. */
  readonly path: string;
  /** Whether that is binary data, which shared memory could hold. */
  readonly isBinary: boolean;
}

const DEEPEST = 5;
const MEMBERS_AT_MOST = 200;
/** A member that makes so much of it stands for it. */
const MOST = 0.5;

/** Measures parts of one graph. Sizes are close to what `v8.serialize` writes; what is shared counts where it is met first. */
export class Measure {
  readonly #nodes: readonly GraphNode[];
  readonly #seen = new Set<unknown>();
  /** How many items of a list are looked at; the others are taken to be like them. */
  readonly #itemsRead: number;

  constructor(nodes: readonly GraphNode[], itemsRead = Number.POSITIVE_INFINITY) {
    this.#nodes = nodes;
    this.#itemsRead = itemsRead;
  }

  part(ref: Ref): Measured {
    let place: Place = { node: this.#nodes[ref] as GraphNode };
    const bytes = this.#bytesOf(place, this.#seen);
    let path = '';
    for (let depth = 0; depth < DEEPEST && bytes > 0; depth += 1) {
      const big: [string, Place] | undefined = this.#membersOf(place).find(([, member]) => this.#bytesOf(member, new Set()) > MOST * bytes);
      if (!big) break;
      path += big[0];
      place = big[1];
    }
    return { bytes, path, isBinary: isBinary(place) };
  }

  /** Long lists have no members that would tell anything. */
  #membersOf(place: Place): [key: string, member: Place][] {
    if ('value' in place) return membersOfValue(place.value);
    const { node } = place;
    if (node.type === 'plain') return membersOfValue(node.value);
    const at = (ref: Ref): Place => ({ node: this.#nodes[ref] as GraphNode });
    if (node.type === 'cell') return [['', at(node.value)]];
    const plain = 'shape' in node && node.shape && node.shape.plain.length <= 2 * MEMBERS_AT_MOST ? node.shape.plain : [];
    return plain.flatMap((key, index) =>
      index % 2 === 0 && typeof key === 'string'
        ? [[node.type === 'array' ? `[${key}]` : `.${key}`, at(plain[index + 1] as Ref)] as [string, Place]]
        : [],
    );
  }

  /** All that it leads to, but what functions capture: that is theirs. */
  #bytesOf(place: Place, seen: Set<unknown>): number {
    if ('value' in place) return bytesOfValue(place.value, seen, this.#itemsRead);
    let bytes = 0;
    const waiting = [place.node];
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      bytes += node.type === 'plain' ? bytesOfValue(node.value, seen, this.#itemsRead) : ownBytes(node);
      for (const ref of refsOf(node)) waiting.push(this.#nodes[ref] as GraphNode);
    }
    return bytes;
  }
}

function refsOf(node: GraphNode): readonly Ref[] {
  const own = 'shape' in node && node.shape ? refsOfShape(node.shape) : [];
  switch (node.type) {
    case 'map':
      return [...own, ...node.entries];
    case 'set':
      return [...own, ...node.items];
    case 'view':
      return [node.buffer];
    case 'cell':
    case 'boxed':
      return [node.value];
    case 'proxy':
      return [node.target, node.handler];
    case 'bound':
      return [node.self, ...node.args];
    case 'weakMap':
      return node.entries.map(([, value]) => value);
    case 'instance':
      return [...own, ...node.privates.map(([, value]) => value), ...(node.content ? refsOf(node.content) : [])];
    case 'function':
      return [...own, ...node.statics.map(([, value]) => value), ...[node.self, node.args].filter((ref) => ref !== null)];
    default:
      return own;
  }
}

function refsOfShape({ plain, special }: Shape): Ref[] {
  const refs: Ref[] = [];
  for (let index = 1; index < plain.length; index += 2) refs.push(plain[index] as Ref);
  for (const property of special) if ('value' in property) refs.push(property.value);
  return refs;
}

function membersOfValue(value: unknown): [key: string, member: Place][] {
  if (typeof value !== 'object' || value === null || types.isAnyArrayBuffer(value)) return [];
  if (Array.isArray(value))
    return value.length > MEMBERS_AT_MOST ? [] : value.map((item, index) => [`[${index}]`, { value: item as unknown }]);
  const keys = Object.keys(value);
  return keys.length > MEMBERS_AT_MOST ? [] : keys.map((key) => [`.${key}`, { value: (value as Record<string, unknown>)[key] }]);
}

/** Plain data has no accessors, so reading it runs nothing. */
function bytesOfValue(start: unknown, seen: Set<unknown>, itemsRead: number): number {
  let bytes = 0;
  const waiting: unknown[] = [start];
  const add = (value: unknown) => {
    if (typeof value === 'object' && value !== null) waiting.push(value);
    else bytes += bytesOfPrimitive(value);
  };
  if (typeof start !== 'object' || start === null) return bytesOfPrimitive(start);
  while (waiting.length > 0) {
    const value = waiting.pop() as object;
    if (seen.has(value)) continue;
    seen.add(value);
    bytes += BYTES_OF_OBJECT;
    if (Array.isArray(value)) {
      if (value.length <= itemsRead) for (const item of value) add(item);
      else bytes += bytesOfSample(value, seen, itemsRead);
    } else if (types.isArrayBuffer(value)) bytes += value.byteLength;
    else if (types.isMap(value)) {
      for (const [key, item] of value) {
        add(key);
        add(item);
      }
    } else if (types.isSet(value)) for (const item of value) add(item);
    else if (!types.isSharedArrayBuffer(value)) {
      for (const key of Object.keys(value)) {
        bytes += key.length + 2;
        add((value as Record<string, unknown>)[key]);
      }
    }
  }
  return bytes;
}

function bytesOfSample(list: readonly unknown[], seen: Set<unknown>, itemsRead: number): number {
  const stride = list.length / itemsRead;
  let bytes = 0;
  for (let nth = 0; nth < itemsRead; nth += 1) bytes += bytesOfValue(list[Math.floor(nth * stride)], seen, itemsRead);
  return bytes * stride;
}

function isBinary(place: Place): boolean {
  if ('value' in place) return types.isArrayBuffer(place.value);
  const { node } = place;
  return node.type === 'view' || (node.type === 'plain' && types.isArrayBuffer(node.value));
}
