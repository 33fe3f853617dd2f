/** The host's end of what plain cloning cannot carry: instances, errors and functions inside data, by way of `ship/`. */
import { showStacksBy } from '../ship/arriving-stacks.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { makeOwnInstancesBy } from '../ship/restoring.ts';
import { ownInstances, packValue, type ShippedFunction as ShipsFunction, userStack } from '../ship/ship.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { ValueCodec } from '../shipped.ts';

makeOwnInstancesBy(ownInstances);
showStacksBy(userStack);

function codec(carrier: 'memory' | 'bytes'): ValueCodec {
  return {
    pack: (value, label, within) => packValue(value, label, { within: within as ShipsFunction | undefined, carrier }),
    unpack({ graph, codes }, each) {
      learnCodes(codes as Codes);
      const preparing = prepare(graph as Graph);
      return preparing ? preparing.then(() => rebuild(graph as Graph, each)) : rebuild(graph as Graph, each);
    },
  };
}

export const hostCodec = codec('memory');
/** To other processes: nothing is shared. */
export const bytesCodec = codec('bytes');
