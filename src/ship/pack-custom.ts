/** Values of registered types: they travel in the form that `toPlain` gives. */
import { isAskedAbout, isOf } from '../register-type.ts';
import type { CustomType } from '../transport.ts';
import type { CustomNode, Draft, GraphNode, Ref, TypeEntry } from './graph.ts';
import { refsOf } from './node-refs.ts';
import type { Packer } from './pack-graph.ts';
import { reasons, refuse, refuseType, step, type Trail } from './refusals.ts';

/** The node of a value that a registered type has; undefined for any other. */
export function packCustom(packer: Packer, value: object, ref: Ref, trail: Trail | null): GraphNode | undefined {
  const type = typeOf(packer, value, trail);
  if (!type) return undefined;
  const { tag } = type;
  const node: Draft<CustomNode> = { type: 'custom', tag, plain: ref };
  packer.customs.set(ref, trail);
  const plain = guarded(trail, tag, 'toPlain', () => type.toPlain(value as never));
  packer.later(() => {
    node.plain = packer.ref(plain, step(trail, '.toPlain()'));
  });
  return node;
}

function typeOf({ types }: Packer, value: object, trail: Trail | null): CustomType | undefined {
  if (types.length === 0 || !isAskedAbout(value)) return undefined;
  return types.find((type) => guarded(trail, type.tag, 'test', () => isOf(type, value)));
}

function guarded<T>(trail: Trail | null, tag: string, name: 'test' | 'toPlain', act: () => T): T {
  try {
    return act();
  } catch (error) {
    return refuseType(trail, tag, name, error);
  }
}

/** The types themselves: their functions travel like any others. */
export function packTypes(packer: Packer): TypeEntry[] {
  if (!packer.probe.canRead) packer.given.addTypes(packer.types);
  return packer.types.map(({ tag, type, test, toPlain, fromPlain }) => {
    const ref = (name: string, part: unknown) => packer.ref(part, { up: null, key: `registerType(${JSON.stringify(tag)}).${name}` });
    return {
      tag,
      type: type ? ref('type', type) : null,
      test: test ? ref('test', test) : null,
      toPlain: ref('toPlain', toPlain),
      fromPlain: ref('fromPlain', fromPlain),
    };
  });
}

/** A node on the way down, and how many of its references have been followed. */
interface Visit {
  readonly ref: Ref;
  readonly refs: readonly Ref[];
  next: number;
}

/**
 * The order in which `fromPlain` can make the values: what one is made of comes before it. A value that is made of itself is refused.
 * Tarjan's algorithm: nodes in a circle are found together, and after everything they lead to.
 */
export function orderCustoms(nodes: readonly GraphNode[], customs: ReadonlyMap<Ref, Trail | null>): Ref[] {
  const order: Ref[] = [];
  const numbers = new Map<Ref, number>();
  const lowest = new Map<Ref, number>();
  const open: Ref[] = [];
  const isOpen = new Set<Ref>();
  const way: Visit[] = [];
  const enter = (ref: Ref) => {
    numbers.set(ref, numbers.size);
    lowest.set(ref, numbers.get(ref)!);
    open.push(ref);
    isOpen.add(ref);
    way.push({ ref, refs: refsOf(nodes[ref]!), next: 0 });
  };
  const lower = (ref: Ref, number: number) => lowest.set(ref, Math.min(lowest.get(ref)!, number));
  for (const start of customs.keys()) {
    if (numbers.has(start)) continue;
    enter(start);
    for (let visit = way.at(-1); visit; visit = way.at(-1)) {
      const { ref, refs } = visit;
      const to = refs[visit.next++];
      if (to !== undefined) {
        if (!numbers.has(to)) enter(to);
        else if (isOpen.has(to)) lower(ref, numbers.get(to)!);
        continue;
      }
      way.pop();
      const above = way.at(-1);
      if (above) lower(above.ref, lowest.get(ref)!);
      if (lowest.get(ref) !== numbers.get(ref)) continue;
      const circle = open.splice(open.lastIndexOf(ref));
      for (const one of circle) isOpen.delete(one);
      const custom = circle.find((one) => customs.has(one));
      if (custom === undefined) continue;
      if (circle.length > 1 || refs.includes(ref)) refuse(customs.get(custom) ?? null, reasons.customCycle);
      order.push(custom);
    }
  }
  return order;
}
