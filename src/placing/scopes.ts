/** What a function's scopes say, which its text cannot: what its free names stand for. */
import type { Graph } from '../ship/graph.ts';
import type { ShippedFunction } from '../shipped.ts';
import { isSmallPrimitive } from './items.ts';

/** Of a function as it was read for its way to workers: nothing captured, so that its free names are globals; or primitives alone; or anything. */
export type Captured = 'nothing' | 'primitives' | 'anything';

/** `names`: how many its text has that are neither its own nor known. One that is not captured is a global of the program, which workers have not. */
export function capturedBy({ graph, stateless }: ShippedFunction, names: number): Captured {
  const { root, nodes } = graph as Graph;
  const fn = nodes[root];
  if (stateless === undefined || fn?.type !== 'function' || fn.captures.length !== names) return 'anything';
  const others = nodes.filter((_, index) => index !== root);
  if (others.length === 0) return 'nothing';
  return others.every((node) => node.type === 'plain' && isSmallPrimitive(node.value)) ? 'primitives' : 'anything';
}
