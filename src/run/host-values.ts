/** What plain cloning cannot carry, packed and rebuilt on the host: instances, errors and functions inside data. Loaded at the first of them. */
import { showStacksBy } from '../ship/arriving-stacks.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import type { Carrier } from '../ship/pack-request.ts';
import { makeOwnInstancesBy } from '../ship/restoring.ts';
import { ownInstances, packValue, type ShippedFunction as ShipsFunction, userStack } from '../ship/ship.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { ValueCodec } from '../shipped.ts';

makeOwnInstancesBy(ownInstances);
showStacksBy(userStack);

type Pack = ValueCodec['pack'];
type Unpack = ValueCodec['unpack'];

export function packHere(carrier: Carrier, ...[value, label, within]: Parameters<Pack>): ReturnType<Pack> {
  return packValue(value, label, { within: within as ShipsFunction | undefined, carrier });
}

export function rebuildHere(...[{ graph, codes }, each]: Parameters<Unpack>): ReturnType<Unpack> {
  learnCodes(codes as Codes);
  const preparing = prepare(graph as Graph);
  return preparing ? preparing.then(() => rebuild(graph as Graph, each)) : rebuild(graph as Graph, each);
}
