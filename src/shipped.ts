/** CONTRACT of a function that travels: what `ship/` makes, what backends hand to their workers. */

import type { CustomType, EachAlone } from './transport.ts';

/** A function with everything it captured, read at the moment of the call. */
export interface ShippedFunction {
  /** Unique in this process; of what is lasting the same for all that cannot be told apart. */
  readonly id: string;
  /** Whether the id stands for the same function in every job, so that workers may keep it. */
  readonly isLasting: boolean;
  /** For messages: the function's name, or `anonymous function`. */
  readonly name: string;
  /** Where it is, as in `file.ts:12:14`, or the module it travels as. */
  readonly place: string;
  /** The very function; the inline backend runs it. */
  readonly original: (...args: never[]) => unknown;
  /** Captured values and functions as one structured-cloneable graph. */
  readonly graph: unknown;
  /** Code texts by content hash; a worker keeps those it has. */
  readonly codes: Readonly<Record<string, unknown>>;
  /** Hash of the function's own code and place: equal for closures made by the same line. */
  readonly code: string;
  /** Equal for functions that cannot be told apart: a worker that has one runs it again, warm. Undefined where a job must rebuild it. */
  readonly stateless: string | undefined;
  /** Whether its text says all there is to know of it, so that another function of the same text is the same. */
  readonly selfContained: boolean;
  /** The registered types that it brings to its workers. */
  readonly types: readonly CustomType[];
  /** What the caller should know. */
  readonly warnings: readonly ShipWarning[];
  /** Large captures, told of once for each place. */
  readonly large: LargeCaptures | undefined;
  /** Captured variables that it assigns or changes: the worker's copy changes, the caller's does not. */
  readonly changes: readonly CapturedChange[];
  /** Strong references the workers count on, such as classes that results may be instances of. */
  readonly keep: readonly unknown[];
}

/** The code is for programs, as in `process.on('warning', …)`; docs/errors.md explains each. */
export interface ShipWarning {
  readonly code: 'ALLCORES_CAPTURE' | 'ALLCORES_MOCK' | 'ALLCORES_SHARING' | 'ALLCORES_STATE';
  readonly text: string;
}

/** Captures so large that the caller should know. */
export interface LargeCaptures {
  readonly bytes: number;
  /** Of the function that takes them along. */
  readonly place: string;
  /** The largest, by path. */
  readonly text: string;
  /** What to do instead. */
  readonly advice: string;
}

/** A captured variable that a function assigns, or whose value it changes. */
export interface CapturedChange {
  readonly variable: string;
  readonly how: 'assigned' | 'changed';
  /** The function that does it, and where it stands. */
  readonly by: string;
  readonly place: string;
  /** What changes is a module's own, which its worker keeps: a setup may want just that. */
  readonly byName: boolean;
  /** Whether anything else in its file may see the variable. It is looked up in the file's text. */
  readonly isSeenElsewhere: () => boolean;
}

/** A thing that travelled by name, and is not in a worker what it was at the call. */
export interface StateDifference {
  readonly name: string;
  /** As it is there: lines such as `precision = 20`. */
  readonly lines: readonly string[];
  /** For `ship/`, which compares. */
  readonly state: unknown;
  /** It may be the setup of that worker that has made it so. */
  readonly afterSetup: boolean;
}

/** What each worker does once before its first task. */
export type WorkerSetup =
  | { readonly type: 'function'; readonly fn: ShippedFunction; readonly args: readonly unknown[] }
  /** A module to import, whose default export is called if it is a function. */
  | { readonly type: 'module'; readonly url: string };

/** A value that plain cloning cannot carry, on its way. */
export interface PackedValue {
  readonly graph: unknown;
  readonly codes: Readonly<Record<string, unknown>>;
}

/** Packs and rebuilds what plain cloning cannot carry: class instances, errors, functions inside data. `ship/` implements it. */
export interface ValueCodec {
  /**
   * Throws NotShippableError; `label` heads the path in its message. Instances of classes that the function `within` brings along
   * find those very classes at the other end, so that `instanceof` holds there.
   */
  pack(value: unknown, label: string, within?: ShippedFunction): PackedValue;
  /** Gives a promise only when a module must be imported first. With `each` the value is a list. */
  unpack(packed: PackedValue, each?: EachAlone): unknown;
}
