/** Ships the functions of a call, and tells once of captures so large that each worker's copy counts. */
import type { GivenNames } from '../ship/given.ts';
import { type Destination, type ShippedFunction, ship, shipParts } from '../ship/ship.ts';
import { inBytes } from '../show.ts';
import { now } from './clock.ts';

/** Where the functions of a call go. */
export interface ShippedTo {
  readonly workers: number;
  /** Whether the calling thread itself runs them. */
  readonly runsHere: boolean;
  /** Whether they go to other processes, which share no memory with this one. */
  readonly runsElsewhere?: boolean;
  /** What they capture may take so many bytes. */
  readonly maxShipBytes?: number | undefined;
  /** Whether a setup may have configured packages in the workers. */
  readonly hasSetup?: boolean;
  /** The option `with`. */
  readonly given?: GivenNames | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: doors check their functions' types; here any function will do.
export function shipTo(fn: (...args: any[]) => unknown, to: ShippedTo): ShippedFunction {
  return warned(() => ship(fn, destination(to)), to);
}

/** Parts that travel together, such as those of a reduction. */
export function shipPartsTo(parts: object, name: string, to: ShippedTo): ShippedFunction {
  return warned(() => shipParts(parts, name, destination(to)), to);
}

function destination({ runsHere, runsElsewhere, maxShipBytes: maxBytes, hasSetup = false, given }: ShippedTo): Destination {
  return { runsHere, carrier: runsElsewhere ? 'bytes' : 'memory', maxBytes, hasSetup, given };
}

function warned(act: () => ShippedFunction, to: ShippedTo): ShippedFunction {
  const from = now();
  const shipped = act();
  const { large } = shipped;
  if (large) {
    const { workers } = to;
    const text =
      `\`${shipped.name}\` (${large.place}) captures ${inBytes(large.bytes)}: ${large.text}. Each of ${workers} workers gets a copy, ` +
      `${inBytes(large.bytes * workers)} in all, and reading it took ${Math.round(now() - from)} ms on this thread. ${large.advice}`;
    process.emitWarning(text, { type: 'AllcoresWarning', code: 'ALLCORES_BIG_CAPTURES' });
  }
  return shipped;
}
