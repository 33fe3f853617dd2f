/** What a packing is asked for, and what it gives. */
import type { CapturedChange, LargeCaptures, ShipWarning } from '../shipped.ts';
import type { CustomType } from '../transport.ts';
import type { StateDifference } from './check-states.ts';
import type { GivenNames } from './given.ts';
import type { Codes, Graph } from './graph.ts';
import type { NamedThing, WorkerStates } from './named-states.ts';
import type { Packer } from './pack-graph.ts';

/** What is known of a packing before it begins. */
export interface PackRequest {
  /** Heads the path in refusals, as in `items[3]`; null for a function, which has a name of its own. */
  readonly label: string | null;
  /** The job whose worker receives it; null for results. */
  readonly job: string | null;
  /** Nobody receives it: the function itself runs on this thread, and is packed to be checked. */
  readonly runsHere?: boolean | undefined;
  /** More than that is refused. Default 1 GB. */
  readonly maxBytes?: number | undefined;
  /** Sees what was found, also when it was refused. */
  readonly inspect?: ((packer: Packer) => void) | undefined;
  /** How it travels: threads can share memory, bytes cannot. Default `memory`. */
  readonly carrier?: Carrier | undefined;
  /** What is known of the workers it goes to: what travels by name must be the same there. Absent where nobody compares. */
  readonly workers?: WorkerStates | undefined;
  /** Classes that the receiver has got already, with the function that the value is for. */
  readonly brought?: ReadonlySet<unknown> | undefined;
  /** Travel by their values although they have names, because of these differences. */
  readonly byValue?: ReadonlyMap<object, StateDifference> | undefined;
  /** The registered types to look for. Default: those of this thread. */
  readonly types?: readonly CustomType[] | undefined;
  /** Values for the names that functions use (see given.ts). */
  readonly given?: GivenNames | undefined;
}

/** `memory`: structured clone between threads. `bytes`: `v8.serialize`, to a process or another machine. */
export type Carrier = 'memory' | 'bytes';

export interface PackedGraph {
  readonly graph: Graph;
  readonly codes: Codes;
  readonly warnings: readonly ShipWarning[];
  readonly changes: readonly CapturedChange[];
  /** Whether the next call may find it different, or make it so: something captured is assigned, changed, or not there yet. */
  readonly mayDiffer: boolean;
  /** Whether something was left unread, which only what runs here may have. */
  readonly isPartial: boolean;
  readonly keep: readonly unknown[];
  /** What travels by name, with its state. */
  readonly named: readonly NamedThing[];
  readonly large: LargeCaptures | undefined;
  /** Where the function is, as in `file.ts:12:14`; undefined for what travels by its name. */
  readonly place: string | undefined;
  /** Whether it is one function whose text names nothing but what it declares. */
  readonly namesNothing: boolean;
  /** The registered types that were looked for. */
  readonly types: readonly CustomType[];
  /** How many of its nodes are there without those types. */
  readonly ownNodes: number;
}
