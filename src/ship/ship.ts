/** The sender's front door: a function, or any value, with everything it captures. */
import { basename } from 'node:path';
import { typesHere } from '../register-type.ts';
import type { CapturedChange, LargeCaptures, ShipWarning } from '../shipped.ts';
import type { CustomType } from '../transport.ts';
import type { GivenNames } from './given.ts';
import type { Codes, Graph, Packed } from './graph.ts';
import { type NamedThing, noStatesKnown, plainWorkers, type WorkerStates } from './named-states.ts';
import { packGraph } from './pack-graph.ts';
import type { Carrier, PackedGraph } from './pack-request.ts';

import { snapshot } from './snapshot.ts';
import { statelessKey } from './stateless.ts';

export { settingsOf } from './hidden-settings.ts';
export { NameReader } from './names.ts';
export { ownInstances } from './own-instances.ts';
export { repack } from './repack.ts';
export { mapStack, userStack } from './source-positions.ts';

/** A function on its way to workers. Kept by its job until the last result is in. */
export interface ShippedFunction {
  /** Unique per `ship` call in this process; of what is lasting the same for all that cannot be told apart. */
  readonly id: string;
  /** Whether the id stands for the same function in every job, so that workers may keep it. */
  readonly isLasting: boolean;
  /** For messages. */
  readonly name: string;
  /** Where it is, as in `file.ts:12:14`, or the module it travels as. */
  readonly place: string;
  /** The very function, which the inline backend runs. */
  readonly original: (...args: never[]) => unknown;
  readonly graph: Graph;
  readonly codes: Codes;
  /** Hash of the function's own code and place: equal for closures made by the same line. */
  readonly code: string;
  /** Equal for functions that cannot be told apart, which a worker need not rebuild. */
  readonly stateless: string | undefined;
  /** Whether its text says all there is to know of it, so that another function of the same text is the same. */
  readonly selfContained: boolean;
  /** The registered types that it brings to its workers. */
  readonly types: readonly CustomType[];
  /** What the caller should know. */
  readonly warnings: readonly ShipWarning[];
  /** Large captures, told of once for each place. */
  readonly large: LargeCaptures | undefined;
  /** Captured variables that the function assigns or changes: the worker's copy changes, the caller's does not. */
  readonly changes: readonly CapturedChange[];
  /** Classes that results refer to by their id: they live as long as this object. */
  readonly keep: readonly unknown[];
  /** What travels by name, as of the call. */
  readonly named: readonly NamedThing[];
  /** How these things are in the workers, as far as it is known; undefined where nobody compares. */
  readonly workers: WorkerStates | undefined;
  readonly carrier: Carrier;
}

/** Where a function is on its way to. */
export interface Destination {
  /** The very function runs, on this thread. It is packed nevertheless, so that what is refused elsewhere is refused here. */
  readonly runsHere?: boolean;
  /** Captures that take more are refused. Default 1 GB. */
  readonly maxBytes?: number | undefined;
  /** How it travels. Default `memory`, to threads. */
  readonly carrier?: Carrier;
  /** Whether a setup may configure packages in these workers as it likes. */
  readonly hasSetup?: boolean;
  /** The option `with`: values for the names that the function uses. */
  readonly given?: GivenNames | undefined;
}

let shipped = 0;

/** Functions that capture nothing are the same at every call: they are packed once. */
const withoutCaptures = new WeakMap<object, PackedGraph>();
/** They travel without a look at anything. */
const readyByCarrier: Readonly<Record<Carrier, WeakMap<object, ShippedFunction>>> = { memory: new WeakMap(), bytes: new WeakMap() };

/**
 * Packs a function with everything it captures, as of now. Throws a NotShippableError that names what cannot travel.
 * A small arrow function costs about 0.1 to 0.2 ms, half of it in V8's inspector; one that captures nothing costs that once.
 */
export function ship(fn: (...args: never[]) => unknown, destination: Destination = {}): ShippedFunction {
  const { runsHere, carrier = 'memory', hasSetup } = destination;
  const isKept = withoutCaptures.has(fn) && typesHere().length === 0 && isBare(fn);
  // A pool with a setup has states of its own.
  const isReady = isKept && !runsHere && !hasSetup;
  const ready = isReady ? readyByCarrier[carrier].get(fn) : undefined;
  if (ready) return ready;
  const shipment = shipmentTo(destination);
  const kept = isKept ? withoutCaptures.get(fn) : undefined;
  const packed = kept ?? packGraph(fn, shipment);
  // Registered types are read at each call, like what is captured.
  if (packed !== kept && packed.types.length === 0 && capturesNothing(fn, packed)) withoutCaptures.set(fn, packed);
  const result = asShipped(shipment, fn.name, fn, packed);
  if (isReady && result.isLasting) readyByCarrier[carrier].set(fn, result);
  return result;
}

/** One shipment: what it is called, where it goes, what is known of the workers there. */
interface Shipment {
  readonly label: null;
  readonly job: string;
  readonly runsHere: boolean;
  readonly carrier: Carrier;
  readonly workers: WorkerStates | undefined;
  readonly given: GivenNames | undefined;
  readonly maxBytes: number | undefined;
}

function shipmentTo({ runsHere = false, carrier = 'memory', hasSetup = false, given, maxBytes }: Destination): Shipment {
  shipped += 1;
  const workers = runsHere ? undefined : hasSetup ? noStatesKnown() : plainWorkers;
  return { label: null, job: `f${shipped}`, runsHere, carrier, workers, given, maxBytes };
}

function asShipped(shipment: Shipment, name: string, original: ShippedFunction['original'], packed: PackedGraph): ShippedFunction {
  const { runsHere, carrier, workers } = shipment;
  const { graph, codes, types, warnings, changes, keep, named, large, place = moduleOf(graph) } = packed;
  // Where it runs here it is this very function that runs, not one like it.
  const stateless = runsHere ? undefined : statelessKey(graph, packed.mayDiffer);
  const isSmall = stateless !== undefined && stateless.length <= LONGEST_LASTING;
  const isLasting = isSmall && named.length === 0 && types.length === 0 && keep.length === 0 && !namesItself(original);
  const id = isLasting ? lastingId(`${carrier} ${stateless}`, shipment.job) : shipment.job;
  return {
    id,
    isLasting,
    name: name || 'anonymous function',
    place,
    original,
    graph: { ...(runsHere ? graph : snapshot(graph)), job: id, makes: id },
    codes,
    code: codeOf(graph),
    stateless,
    selfContained: !runsHere && packed.namesNothing && capturesNothing(original, packed),
    types,
    warnings,
    changes,
    large,
    keep,
    named,
    workers,
    carrier,
  };
}

/** It may count its calls in a property of its own, and starts anew in every job. What an arrow or a method names is a variable that it captures. */
function namesItself(fn: ShippedFunction['original']): boolean {
  const text = Function.prototype.toString.call(fn);
  const ownName = /^(?:async\s+)?function\b/.test(text) ? fn.name : '';
  return (ownName !== '' && text.indexOf(ownName) !== text.lastIndexOf(ownName)) || text.includes('callee');
}

const lastingIds = new Map<string, string>();
const LASTING_AT_MOST = 1000;
/** Characters of its key: what workers keep must not be much, such as a captured text of megabytes. */
const LONGEST_LASTING = 10_000;

/** The id of all functions with this key; `first` for the first of them. */
function lastingId(key: string, first: string): string {
  const id = lastingIds.get(key) ?? first;
  lastingIds.delete(key);
  lastingIds.set(key, id);
  if (lastingIds.size > LASTING_AT_MOST) {
    const [oldest] = lastingIds.keys();
    lastingIds.delete(oldest!);
  }
  return id;
}

/**
 * Packs an object of functions and values that travel together, such as the parts of a reduction. The worker gets the object, and the
 * function's name stands for it in messages.
 */
export function shipParts(parts: object, name: string, destination: Destination = {}): ShippedFunction {
  const shipment = shipmentTo(destination);
  return asShipped(shipment, name, parts as never, packGraph(parts, shipment));
}

/** Of the function itself; of parts that travel together, of the first function among them. */
function codeOf({ root, nodes }: Graph): string {
  const rootNode = nodes[root];
  const node = rootNode?.type === 'object' ? nodes.find(({ type }) => type === 'function') : rootNode;
  return node?.type === 'function' ? node.code : JSON.stringify(rootNode);
}

/** Of a function that travels by its name. */
function moduleOf({ root, nodes }: Graph): string {
  const node = nodes[root];
  if (node?.type === 'module') return basename(node.specifier);
  if (node?.type === 'required') return basename(node.file);
  return node?.type === 'builtin' ? node.module : 'unknown';
}

/** What travels by its name alone. */
const NAMES: ReadonlySet<string> = new Set(['module', 'required', 'builtin', 'intrinsic']);

function capturesNothing(fn: object, { graph, mayDiffer, named, ownNodes }: PackedGraph): boolean {
  if (mayDiffer || named.length > 0) return false;
  if (ownNodes === 1 && NAMES.has(graph.nodes[0]!.type)) return true;
  const [node] = graph.nodes;
  const code = node?.type === 'function' && ownNodes === 1 && node.captures.length === 0 && node.identity === null;
  return code && node.shape === null && node.prototype === null && isBare(fn);
}

/** Nothing has been added to the function or its prototype object. */
export function isBare(fn: object): boolean {
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value as object | undefined;
  const own = prototype === undefined ? 2 : 3;
  if (Object.getOwnPropertyNames(fn).filter((key) => key !== 'arguments' && key !== 'caller').length !== own) return false;
  return prototype === undefined || (Reflect.ownKeys(prototype).length === 1 && Object.getPrototypeOf(prototype) === Object.prototype);
}

const brought = new WeakMap<readonly unknown[], ReadonlySet<unknown>>();

function broughtBy({ keep }: ShippedFunction): ReadonlySet<unknown> {
  const known = brought.get(keep) ?? new Set(keep);
  brought.set(keep, known);
  return known;
}

export interface ValueOptions {
  /**
   * The instances among it find the very classes that this shipped function brought to its worker, and are looked at by the registered
   * types that it brought.
   */
  readonly within?: ShippedFunction | undefined;
  /** Default `memory`. */
  readonly carrier?: Carrier;
  /** In a worker: those that the running function has brought. */
  readonly types?: readonly CustomType[] | undefined;
}

/** Packs any value. `label` heads the path in refusals, as in "items[3]". */
export function packValue(value: unknown, label: string, { within, carrier, types = within?.types }: ValueOptions = {}): Packed {
  const job = within?.id ?? null;
  const brought = within && broughtBy(within);
  const { graph, codes } = packGraph(value, { label, job, carrier, types, workers: within?.workers, brought });
  return { graph, codes };
}
