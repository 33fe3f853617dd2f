/** Which captures are set after their function exists, because what they hold needs the function first. */
import type { GraphNode, Ref } from './graph.ts';
import type { Captured, FunctionRecord } from './pack-functions.ts';

/** What a node cannot be made without; by way of which capture, if it is one that can be set later. */
interface Need {
  readonly ref: Ref;
  readonly capture: Captured | null;
}

/** Marks captures as late until no node needs itself. `customs` are values of registered types, which are there last. */
export function markLateCaptures(
  nodes: readonly GraphNode[],
  records: readonly FunctionRecord[],
  customs: ReadonlyMap<Ref, unknown>,
): void {
  for (const { captures } of records) {
    for (const capture of captures) if (typeof capture.value === 'number' && customs.has(capture.value)) capture.late = true;
  }
  const recordOf = new Map<GraphNode, FunctionRecord>(records.map((record) => [record.node, record]));
  const walk = new CycleWalk((ref) => needsOf(nodes[ref] as GraphNode, recordOf));
  while (!walk.isDone(nodes.length));
}

class CycleWalk {
  readonly #needsOf: (ref: Ref) => readonly Need[];
  /** From the node where the walk began to the one at hand. */
  readonly #path: Need[] = [];
  readonly #onPath = new Set<Ref>();
  #seen = new Set<Ref>();
  #again = false;

  constructor(needs: (ref: Ref) => readonly Need[]) {
    this.#needsOf = needs;
  }

  /** Says whether one walk over all nodes was enough. */
  isDone(count: number): boolean {
    this.#seen = new Set();
    this.#again = false;
    for (let ref = 0; ref < count; ref += 1) this.#visit({ ref, capture: null });
    return !this.#again;
  }

  #visit(need: Need): void {
    const { ref } = need;
    if (this.#onPath.has(ref)) this.#breakCycle(need);
    if (this.#seen.has(ref)) return;
    this.#seen.add(ref);
    this.#onPath.add(ref);
    this.#path.push(need);
    for (const next of this.#needsOf(ref)) this.#visit(next);
    this.#path.pop();
    this.#onPath.delete(ref);
  }

  #breakCycle(last: Need): void {
    if (last.capture) {
      last.capture.late = true;
      return;
    }
    // The nearest capture on the way gives way. What was seen since still leads back, so it takes another walk.
    const start = this.#path.findLastIndex(({ ref }) => ref === last.ref);
    const capture = this.#path.slice(start + 1).findLast((need) => need.capture)?.capture;
    if (!capture) return;
    capture.late = true;
    this.#again = true;
  }
}

function needsOf(node: GraphNode, recordOf: ReadonlyMap<GraphNode, FunctionRecord>): Need[] {
  switch (node.type) {
    case 'function': {
      const refs = [node.self, node.args, node.superOf].filter((ref) => ref !== null);
      return [...refs.map(plainNeed), ...(recordOf.get(node)?.captures ?? []).flatMap(captureNeed)];
    }
    case 'bound':
      return [node.target, node.self, ...node.args].map(plainNeed);
    case 'proxy':
      return [node.target, node.handler].map(plainNeed);
    case 'prototypeOf':
    case 'instance':
      return [plainNeed(node.constructor)];
    case 'member':
      return [plainNeed(node.of)];
    case 'boxed':
      return [plainNeed(node.value)];
    case 'view':
      return [plainNeed(node.buffer)];
    default:
      return []; // made empty, and filled when everything exists
  }
}

function plainNeed(ref: Ref): Need {
  return { ref, capture: null };
}

function captureNeed(capture: Captured): Need[] {
  if (capture.late || capture.uninitialised || typeof capture.value !== 'number') return [];
  // A class is made with its parent.
  return [{ ref: capture.value, capture: capture.name === '$super' ? null : capture }];
}
