/** The host's end of what plain cloning cannot carry, by way of `ship/`. */
import type { ValueCodec } from '../shipped.ts';
import { packHere, rebuildHere } from './host-values.ts';

function codec(carrier: 'memory' | 'bytes'): ValueCodec {
  return { pack: (...value) => packHere(carrier, ...value), unpack: (packed, each) => rebuildHere(packed, each) };
}

export const hostCodec = codec('memory');
/** To other processes: nothing is shared. */
export const bytesCodec = codec('bytes');
