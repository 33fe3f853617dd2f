/** Plain data as it is at the call: it goes to workers later, some of which may not have started yet. */
import { types } from 'node:util';
import type { Graph, GraphNode } from './graph.ts';

const clone = structuredClone;

/** The same graph with copies of its plain data. What cannot be cloned stays, and is refused where it is sent. */
export function snapshot<G extends Graph>(graph: G): G {
  const places = graph.nodes.flatMap((node, index) => (isMutable(node) ? [index] : []));
  if (places.length === 0) return graph;
  const nodes = [...graph.nodes];
  try {
    // All at once, so that what they share they go on sharing.
    const copies = clone(places.map((index) => (nodes[index] as PlainNode).value));
    for (const [nth, index] of places.entries()) nodes[index] = { type: 'plain', value: copies[nth] };
  } catch {
    return graph;
  }
  return { ...graph, nodes };
}

type PlainNode = GraphNode & { readonly type: 'plain' };

function isMutable(node: GraphNode): node is PlainNode {
  return node.type === 'plain' && typeof node.value === 'object' && node.value !== null && !types.isSharedArrayBuffer(node.value);
}
