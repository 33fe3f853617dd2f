/** What a worker has found configured otherwise travels by its value: the rest of the function stays as it was at the call. */
import { NotShippableError } from '../errors.ts';
import type { ShipWarning } from '../shipped.ts';
import { isEqual, nameKey, type StateDifference } from './check-states.ts';
import { graftOf, packGrafts } from './grafts.ts';
import type { Draft, GraphNode } from './graph.ts';
import type { NamedThing } from './named-states.ts';
import { NamedStates } from './named-states.ts';
import { Probe } from './scopes.ts';
import type { ShippedFunction } from './ship.ts';

/** Throws NotShippableError where the value cannot travel either. Gives what the caller should know, in words. */
export function repack(fn: ShippedFunction, differences: readonly StateDifference[]): ShipWarning[] {
  const { workers } = fn;
  if (!workers) return [];
  const warnings: ShipWarning[] = [];
  for (const difference of differences) {
    if (difference.afterSetup) {
      workers.trusted.add(difference.name);
      const thing = fn.named.find(({ node }) => nameKey(node) === difference.name);
      if (!thing) continue;
      const text = `${explain(thing, difference)} The setup of this pool is taken to have configured it as it should be.`;
      warnings.push({ code: 'ALLCORES_STATE', text });
    } else workers.differing.set(difference.name, difference);
  }
  const nodes: GraphNode[] = [...fn.graph.nodes];
  for (const { ref, node } of fn.named) if (workers.trusted.has(nameKey(node))) nodes[ref] = { ...node, state: undefined };
  const grafts = fn.named.flatMap((thing) => {
    const difference = workers.differing.get(nameKey(thing.node));
    if (!difference || isEqual(difference.state, thing.state)) return [];
    refuseChanged(fn, thing, difference);
    const graft = graftOf(thing, difference);
    nodes[thing.ref] = graft.node;
    return [graft];
  });
  const draft = fn as Draft<ShippedFunction>;
  if (grafts.length > 0) {
    const { codes, keep } = packGrafts(grafts, fn.id, fn.carrier);
    draft.codes = { ...fn.codes, ...codes };
    draft.keep = [...fn.keep, ...keep];
  }
  draft.graph = { ...fn.graph, nodes };
  draft.stateless = undefined;
  return warnings;
}

function refuseChanged(fn: ShippedFunction, thing: NamedThing, difference: StateDifference): void {
  if (isEqual(thing.state, stateNow(thing))) return;
  throw new NotShippableError(
    `Cannot ship \`${fn.name}\`: ${explain(thing, difference)} Meanwhile it has been configured once more, so what it was at the call is not known.`,
  );
}

function stateNow({ value, state: { members } }: NamedThing) {
  const probe = new Probe();
  try {
    return new NamedStates(probe, undefined).stateOf(value, members) ?? { file: undefined, members, seen: undefined, hidden: undefined };
  } finally {
    probe.burst.close();
  }
}

function explain({ value }: NamedThing, difference: StateDifference): string {
  const probe = new Probe();
  try {
    return new NamedStates(probe, undefined).explain(value, difference);
  } finally {
    probe.burst.close();
  }
}
