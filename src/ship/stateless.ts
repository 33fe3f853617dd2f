/**
 * Functions that keep no state of their own between calls: what they capture is primitive, comes by name, or is such a function again, and
 * nothing they capture is assigned. Rebuilding one for every job would give the same function, only cold: V8 would start to optimise anew.
 */
import type { Graph, GraphNode } from './graph.ts';

/** Larger graphs are not worth the comparison. */
const NODES_AT_MOST = 50;

/** Equal for functions that cannot be told apart; undefined for a function that may have state. */
export function statelessKey(graph: Graph, mayDiffer: boolean): string | undefined {
  if (mayDiffer || graph.nodes.length > NODES_AT_MOST || !graph.nodes.every(isStateless)) return undefined;
  return JSON.stringify([graph.root, graph.nodes, graph.types], (_key, value: unknown) => {
    // What JSON would leave out or take for something else.
    if (
      value === undefined ||
      Object.is(value, -0) ||
      (typeof value === 'number' && !Number.isFinite(value)) ||
      typeof value === 'bigint'
    ) {
      return { [typeof value]: Object.is(value, -0) ? '-0' : String(value) };
    }
    return value;
  });
}

function isStateless(node: GraphNode): boolean {
  switch (node.type) {
    case 'plain':
      return (typeof node.value !== 'object' || node.value === null) && typeof node.value !== 'function';
    case 'module':
    case 'own':
    case 'builtin':
    case 'required':
    case 'intrinsic':
      return true;
    case 'function':
      return (
        node.identity === null &&
        node.shape === null &&
        node.prototype === null &&
        node.statics.length === 0 &&
        node.self === null &&
        node.args === null
      );
    default:
      return false;
  }
}
