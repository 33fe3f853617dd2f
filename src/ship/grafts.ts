/**
 * Things that have names and travel by value all the same, because they are configured here and not there. What they are made of is
 * large (lodash: 1,400 nodes), so a packing is kept for as long as their state stays as it is.
 */
import type { Codes, Draft, Graph, GraphNode, ModuleState } from './graph.ts';
import type { NamedThing, StateDifference } from './named-states.ts';
import { packGraph } from './pack-graph.ts';
import type { Carrier } from './pack-request.ts';

/** Where the parts of a graft stand in another graph. */
export type GraftNode = Draft<GraphNode & { type: 'graft' }>;

export interface GraftedThing {
  readonly value: object;
  readonly state: ModuleState;
  readonly difference: StateDifference;
  readonly node: GraftNode;
}

interface Kept {
  readonly key: string;
  readonly values: readonly object[];
  readonly graph: Graph;
  readonly codes: Codes;
  readonly keep: readonly unknown[];
}

const KEPT = 8;
let kept: Kept[] = [];

/** Packs them as one, so that they share what they share here, and fills their nodes in. */
export function packGrafts(things: readonly GraftedThing[], job: string, carrier: Carrier): Pick<Kept, 'codes' | 'keep'> {
  const values = [...new Set(things.map(({ value }) => value))];
  const key = JSON.stringify([carrier, things.map(({ state }) => state)]);
  const known = kept.find((one) => one.key === key && one.values.length === values.length && values.every((v, i) => one.values[i] === v));
  const packed = known ?? packValues(key, values, things, carrier);
  kept = [packed, ...kept.filter((one) => one !== packed)].slice(0, KEPT);
  const graph = { ...packed.graph, job, makes: job };
  for (const { node, value } of things) {
    node.graph = graph;
    node.part = values.indexOf(value);
  }
  return packed;
}

function packValues(key: string, values: readonly object[], things: readonly GraftedThing[], carrier: Carrier): Kept {
  const byValue = new Map(things.map(({ value, difference }) => [value, difference]));
  const { graph, codes, keep } = packGraph(values, { label: 'imported', job: 'graft', carrier, byValue });
  return { key, values, graph, codes, keep };
}

export function graftOf(thing: NamedThing, difference: StateDifference): GraftedThing {
  return { value: thing.value, state: thing.state, difference, node: emptyGraft() };
}

/** To be filled in when all things of a packing are known. */
export function emptyGraft(): GraftNode {
  return { type: 'graft', graph: { root: 0, nodes: [] }, part: 0 };
}
