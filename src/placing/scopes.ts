/** What a function's scopes say, which its text cannot: what its free names stand for. */
import type { Graph } from '../ship/graph.ts';
import type { ShippedFunction } from '../shipped.ts';
import { isSmallPrimitive } from './items.ts';

/** Of a function as it was read for its way to workers: nothing captured, so that its free names are globals; or primitives alone; or anything. */
export type Captured = 'nothing' | 'primitives' | 'anything';

export function capturedBy({ graph, stateless, name }: ShippedFunction): Captured {
  const { root, nodes } = graph as Graph;
  if (stateless === undefined || name === undefined || nodes[root]?.type !== 'function') return 'anything';
  const others = nodes.filter((_, index) => index !== root);
  if (others.length === 0) return 'nothing';
  return others.every((node) => node.type === 'plain' && isSmallPrimitive(node.value)) ? 'primitives' : 'anything';
}
