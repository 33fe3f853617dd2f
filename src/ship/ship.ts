/** The sender's front door: a function, or any value, with everything it captures. */
import type { Codes, Graph, Packed } from './graph.ts';
import { type PackedGraph, packGraph } from './pack-graph.ts';

import { statelessKey } from './stateless.ts';

export { mapStack } from './source-positions.ts';

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
  /** Equal for functions that cannot be told apart, which a worker need not rebuild. */
  readonly stateless: string | undefined;
  /** Captured variables that the function changes: the worker's copy changes, the caller's does not. */
  readonly warnings: readonly string[];
  /** Classes that results refer to by their id: they live as long as this object. */
  readonly keep: readonly unknown[];
}

let shipped = 0;

/** Functions that capture nothing are the same at every call: they are packed once. */
const withoutCaptures = new WeakMap<object, PackedGraph>();

/**
 * Packs a function with everything it captures, as of now. Throws a NotShippableError that names what cannot travel.
 * A small arrow function costs about 0.1 to 0.2 ms, half of it in V8's inspector; one that captures nothing costs that once.
 */
export function ship(fn: (...args: never[]) => unknown): ShippedFunction {
  shipped += 1;
  const id = `f${shipped}`;
  const packed = withoutCaptures.get(fn) ?? packGraph(fn, null, id);
  if (capturesNothing(fn, packed)) withoutCaptures.set(fn, packed);
  const { graph, codes, warnings, keep } = packed;
  const stateless = statelessKey(graph, warnings);
  return {
    id,
    name: fn.name || 'anonymous function',
    original: fn,
    graph: { ...graph, job: id, makes: id },
    codes,
    stateless,
    warnings,
    keep,
  };
}

/** Only arrow functions: others have a prototype, which may change from call to call. */
function capturesNothing(fn: object, { graph }: PackedGraph): boolean {
  const [node] = graph.nodes;
  const code = node?.type === 'function' && graph.nodes.length === 1 && node.captures.length === 0;
  return code && !Object.hasOwn(fn, 'prototype') && Reflect.ownKeys(fn).length === 2;
}

/**
 * Packs any value. `label` heads the path in refusals, as in "items[3]".
 * With `within`, the instances among it find the very classes that this shipped function brought to its worker.
 */
export function packValue(value: unknown, label: string, within?: ShippedFunction): Packed {
  const { graph, codes } = packGraph(value, label, within?.id ?? null);
  return { graph, codes };
}
