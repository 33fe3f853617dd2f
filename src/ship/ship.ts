/** The sender's front door: a function, or any value, with everything it captures. */
import type { CapturedChange } from '../shipped.ts';
import type { Codes, Graph, Packed } from './graph.ts';
import { type Carrier, type PackedGraph, packGraph } from './pack-graph.ts';

import { statelessKey } from './stateless.ts';

export { ownInstances } from './own-instances.ts';
export { mapStack, userStack } from './source-positions.ts';

/** A function on its way to workers. Kept by its job until the last result is in. */
export interface ShippedFunction {
  /** Unique per `ship` call in this process. */
  readonly id: string;
  /** For messages. */
  readonly name: string;
  /** The very function, which the inline backend runs. */
  readonly original: (...args: never[]) => unknown;
  readonly graph: Graph;
  readonly codes: Codes;
  /** Hash of the function's own code and place: equal for closures made by the same line. */
  readonly code: string;
  /** Equal for functions that cannot be told apart, which a worker need not rebuild. */
  readonly stateless: string | undefined;
  /** Whether its text says all there is to know of it, so that another function of the same text is the same. */
  readonly selfContained: boolean;
  /** What the caller should know, in words. */
  readonly warnings: readonly string[];
  /** Captured variables that the function assigns or changes: the worker's copy changes, the caller's does not. */
  readonly changes: readonly CapturedChange[];
  /** Classes that results refer to by their id: they live as long as this object. */
  readonly keep: readonly unknown[];
}

/** Where a function is on its way to. */
export interface Destination {
  /** The very function runs, on this thread. It is packed nevertheless, so that what is refused elsewhere is refused here. */
  readonly runsHere?: boolean;
  /** How it travels. Default `memory`, to threads. */
  readonly carrier?: Carrier;
}

let shipped = 0;

/** Functions that capture nothing are the same at every call: they are packed once. */
const withoutCaptures = new WeakMap<object, PackedGraph>();

/**
 * Packs a function with everything it captures, as of now. Throws a NotShippableError that names what cannot travel.
 * A small arrow function costs about 0.1 to 0.2 ms, half of it in V8's inspector; one that captures nothing costs that once.
 */
export function ship(fn: (...args: never[]) => unknown, { runsHere = false, carrier = 'memory' }: Destination = {}): ShippedFunction {
  shipped += 1;
  const id = `f${shipped}`;
  const kept = withoutCaptures.get(fn);
  const packed = kept && isBare(fn) ? kept : packGraph(fn, { label: null, job: id, runsHere, carrier });
  if (packed !== kept && capturesNothing(fn, packed)) withoutCaptures.set(fn, packed);
  return asShipped(id, fn.name, fn, packed, runsHere);
}

function asShipped(
  id: string,
  name: string,
  original: ShippedFunction['original'],
  packed: PackedGraph,
  runsHere: boolean,
): ShippedFunction {
  const { graph, codes, warnings, changes, keep } = packed;
  return {
    id,
    name: name || 'anonymous function',
    original,
    graph: { ...graph, job: id, makes: id },
    codes,
    code: codeOf(graph),
    // Where it runs here it is this very function that runs, not one like it.
    stateless: runsHere ? undefined : statelessKey(graph, packed.mayDiffer),
    selfContained: !runsHere && packed.namesNothing && capturesNothing(original, packed),
    warnings,
    changes,
    keep,
  };
}

/**
 * Packs an object of functions and values that travel together, such as the parts of a reduction. The worker gets the object, and the
 * function's name stands for it in messages.
 */
export function shipParts(parts: object, name: string, { runsHere = false, carrier = 'memory' }: Destination = {}): ShippedFunction {
  shipped += 1;
  const id = `f${shipped}`;
  const packed = packGraph(parts, { label: null, job: id, runsHere, carrier });
  return asShipped(id, name, parts as never, packed, runsHere);
}

/** Of the function itself; of parts that travel together, of the first function among them. */
function codeOf({ root, nodes }: Graph): string {
  const rootNode = nodes[root];
  const node = rootNode?.type === 'object' ? nodes.find(({ type }) => type === 'function') : rootNode;
  return node?.type === 'function' ? node.code : JSON.stringify(rootNode);
}

/** What travels by its name alone. */
const NAMES: ReadonlySet<string> = new Set(['module', 'required', 'builtin', 'intrinsic']);

function capturesNothing(fn: object, { graph, mayDiffer }: PackedGraph): boolean {
  if (mayDiffer) return false;
  if (graph.nodes.length === 1 && NAMES.has(graph.nodes[0]!.type)) return true;
  const [node] = graph.nodes;
  const code = node?.type === 'function' && graph.nodes.length === 1 && node.captures.length === 0 && node.identity === null;
  return code && node.shape === null && node.prototype === null && isBare(fn);
}

/** Nothing has been added to the function or its prototype object. */
export function isBare(fn: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value as object | undefined;
  const own = prototype === undefined ? 2 : 3;
  if (Object.getOwnPropertyNames(fn).filter((key) => key !== 'arguments' && key !== 'caller').length !== own) return false;
  return prototype === undefined || (Reflect.ownKeys(prototype).length === 1 && Object.getPrototypeOf(prototype) === Object.prototype);
}

/**
 * Packs any value. `label` heads the path in refusals, as in "items[3]".
 * With `within`, the instances among it find the very classes that this shipped function brought to its worker.
 */
export function packValue(value: unknown, label: string, within?: ShippedFunction, carrier: Carrier = 'memory'): Packed {
  const { graph, codes } = packGraph(value, { label, job: within?.id ?? null, carrier });
  return { graph, codes };
}
