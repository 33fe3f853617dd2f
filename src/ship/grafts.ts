/**
 * Things that have names and travel by value all the same, because they are configured here and not there. What they are made of is
 * large (lodash: 1,400 nodes), so a packing is kept for as long as their state stays as it is.
 */
import { types } from 'node:util';
import { contentHash } from './content-hash.ts';
import type { Codes, Draft, Graph, GraphNode, ModuleState } from './graph.ts';
import { isCompound, ownProperty } from './module-state.ts';
import type { NamedThing, StateDifference } from './named-states.ts';
import { packGraph } from './pack-graph.ts';
import type { Carrier } from './pack-request.ts';
import { snapshot } from './snapshot.ts';

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
  const key = JSON.stringify([carrier, contentOf(values)]);
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
  return { key, values, graph: snapshot(graph), codes, keep };
}

const numbers = new WeakMap<object, number>();
let numbered = 0;
const OBJECTS_AT_MOST = 20_000;

/**
 * All that values lead to by own properties and entries, functions by their identity: equal as long as a packing of them still holds. What a
 * package keeps in variables of its own, and nowhere else, is as it was when it was packed.
 */
function contentOf(values: readonly object[]): string {
  const parts: unknown[] = [];
  const seen = new Set<unknown>(values);
  const add = (value: unknown) => {
    const isObject = isCompound(value);
    parts.push(isObject ? numberOf(value) : `${typeof value} ${String(value)}`);
    if (isObject && seen.size < OBJECTS_AT_MOST) seen.add(value);
  };
  // A Set hands out what is added while it is walked.
  for (const object of seen as Set<object>) {
    parts.push(numberOf(object));
    if (types.isProxy(object)) continue;
    for (const key of Reflect.ownKeys(object)) {
      const property = ownProperty(object, key);
      parts.push(String(key));
      for (const part of [property?.value, property?.get, property?.set]) if (part !== undefined) add(part);
    }
    if (types.isMap(object)) for (const entry of object) entry.forEach(add);
    if (types.isSet(object)) for (const item of object) add(item);
  }
  return contentHash(parts.join('\0'));
}

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  numbered += 1;
  numbers.set(object, numbered);
  return numbered;
}

export function graftOf(thing: NamedThing, difference: StateDifference): GraftedThing {
  return { value: thing.value, state: thing.state, difference, node: emptyGraft() };
}

/** To be filled in when all things of a packing are known. */
export function emptyGraft(): GraftNode {
  return { type: 'graft', graph: { root: 0, nodes: [] }, part: 0 };
}
