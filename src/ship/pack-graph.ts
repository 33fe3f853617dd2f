/** Turns a value and everything it reaches into a graph. The kinds of things are packed by pack-objects.ts and pack-functions.ts. */

import util from 'node:util';
import { InternalError, NotShippableError } from '../errors.ts';
import { type PerWorkerEntry, perWorkerEntry } from '../per-worker.ts';
import type { CapturedChange } from '../shipped.ts';
import { importedSymbol } from './captures.ts';
import { packCells } from './cells.ts';
import { codesOf } from './code-text.ts';
import type { AnyFunction, Codes, Draft, Graph, GraphNode, ModuleNode, NameNode, PerWorkerNode, Ref } from './graph.ts';
import { enterRealmOf, intrinsicName } from './intrinsics.ts';
import { nameOf, refreshKnownValues } from './known-values.ts';
import { type FunctionRecord, packFunction } from './pack-functions.ts';
import { packObject, type WeakRecord, weakEntries } from './pack-objects.ts';
import { packMemory, type ViewRecord } from './pack-views.ts';
import { PlainData } from './plain-data.ts';
import { Reach } from './reachable.ts';
import { reasons, refuse, step, type Trail } from './refusals.ts';
import { Probe } from './scopes.ts';
import { isSpy, packSpied } from './spies.ts';

export interface PackedGraph {
  readonly graph: Graph;
  readonly codes: Codes;
  readonly warnings: readonly string[];
  readonly changes: readonly CapturedChange[];
  /** Whether the next call may find it different, or make it so: something captured is assigned, changed, or not there yet. */
  readonly mayDiffer: boolean;
  /** Whether something was left unread, which only what runs here may have. */
  readonly isPartial: boolean;
  readonly keep: readonly unknown[];
  /** Whether it is one function whose text names nothing but what it declares. */
  readonly namesNothing: boolean;
}

/** Thrown when a class that could travel by name has an instance with private members, so that it must travel itself. */
class TravelsByValue extends Error {
  readonly constructorToShip: object;
  constructor(constructorToShip: object) {
    super('packed again');
    this.constructorToShip = constructorToShip;
  }
}

/** What is known of a packing before it begins. */
export interface PackRequest {
  /** Heads the path in refusals, as in `items[3]`; null for a function, which has a name of its own. */
  readonly label: string | null;
  /** The job whose worker receives it; null for results. */
  readonly job: string | null;
  /** Nobody receives it: the function itself runs on this thread, and is packed to be checked. */
  readonly runsHere?: boolean | undefined;
  /** How it travels: threads can share memory, bytes cannot. Default `memory`. */
  readonly carrier?: Carrier | undefined;
}

/** `memory`: structured clone between threads. `bytes`: `v8.serialize`, to a process or another machine. */
export type Carrier = 'memory' | 'bytes';

/** Packs a value. Throws NotShippableError. */
export function packGraph(value: unknown, request: PackRequest): PackedGraph {
  const { label, job } = request;
  const byValue = new Set<object>();
  for (;;) {
    const packer = new Packer(byValue, request);
    try {
      return packer.pack(value, label, job);
    } catch (error) {
      if (error instanceof TravelsByValue && !byValue.has(error.constructorToShip)) byValue.add(error.constructorToShip);
      else if (error instanceof TravelsByValue) throw new InternalError('a class cannot be shipped by value');
      else if (error instanceof RangeError && /call stack/.test(error.message))
        refuse(label === null ? null : { up: null, key: label }, reasons.tooDeep);
      else throw withHint(error, packer);
    } finally {
      packer.probe.burst.close();
    }
  }
}

/** On threads a mock of a test is refused for what its tool keeps in it, which tells nobody what to do. */
function withHint(error: unknown, { started, runsHere }: Packer): unknown {
  if (runsHere || !(error instanceof NotShippableError) || !started.some(({ fn }) => isSpy(fn))) return error;
  return new NotShippableError(
    `${error.message} There is a mock function among what it captures; with ALLCORES_BACKEND=inline mocks and spies work.`,
  );
}

/** The stack holds some 600 of them; beyond, V8's inspector ceases to answer before anything else does. */
const UNFINISHED_AT_MOST = 300;

/** The captured variable that a path begins with. */
function captureOf(trail: Trail | null): Trail | null {
  let at = trail;
  while (at?.up && !at.owner) at = at.up;
  return at;
}

export class Packer {
  readonly probe = new Probe();
  readonly reach = new Reach();
  readonly plainData = new PlainData();
  readonly warnings: string[] = [];
  readonly changes: CapturedChange[] = [];
  mayDiffer = false;
  isPartial = false;
  readonly keep: object[] = [];
  /** Functions whose captures are being packed, or have been. */
  readonly started: FunctionRecord[] = [];
  readonly functions: FunctionRecord[] = [];
  readonly weak: WeakRecord[] = [];
  readonly views: ViewRecord[] = [];
  /** Classes with private members that travel, with those above them. */
  readonly restorable = new Set<object>();
  readonly #byValue: ReadonlySet<object>;
  readonly #nodes: (GraphNode | null)[] = [];
  readonly #refs = new Map<unknown, Ref>();
  /** −0 has a node of its own, since a Map takes it for 0. */
  #minusZero: Ref | undefined;
  readonly #named = new Map<string, Ref>();
  readonly #unfinished = new Set<Ref>();
  readonly #jobs: (() => void)[] = [];

  /** Classes go whole even to where they came from: the receiver may be another worker than the one that has them. */
  readonly sendsClasses: boolean;

  /** The function itself runs on this thread: its graph is a check, and nobody rebuilds it. */
  readonly runsHere: boolean;

  readonly carrier: Carrier;

  constructor(byValue: ReadonlySet<object>, { job, runsHere = false, carrier = 'memory' }: PackRequest) {
    this.#byValue = byValue;
    this.sendsClasses = job !== null;
    this.runsHere = runsHere;
    this.carrier = carrier;
  }

  pack(value: unknown, label: string | null, job: string | null): PackedGraph {
    refreshKnownValues();
    const root = this.ref(value, label === null ? null : { up: null, key: label });
    do this.#finish();
    while (weakEntries(this));
    packMemory(this);
    if (!this.runsHere) packCells(this);
    const codes = codesOf(this.functions);
    const graph = { root, nodes: this.#nodes as readonly GraphNode[] };
    return {
      graph: job === null ? graph : { ...graph, job },
      codes,
      warnings: this.warnings,
      changes: this.changes,
      mayDiffer: this.mayDiffer || this.isPartial,
      isPartial: this.isPartial,
      keep: this.keep,
      namesNothing: this.functions.length === 1 && this.functions[0]!.analysis.free.size === 0,
    };
  }

  #finish(): void {
    // Jobs add jobs: an index instead of shift(), which is slow on long lists.
    for (let index = 0; index < this.#jobs.length; index += 1) this.#jobs[index]?.();
    this.#jobs.length = 0;
  }

  /** The number of a value's node. */
  ref(value: unknown, trail: Trail | null): Ref {
    const isMinusZero = Object.is(value, -0);
    const known = isMinusZero ? this.#minusZero : this.#refs.get(value);
    if (known !== undefined) return known;
    const ref = this.#nodes.push(null) - 1;
    if (isMinusZero) this.#minusZero = ref;
    else this.#refs.set(value, ref);
    this.#nodes[ref] = this.#encode(value, ref, trail);
    return ref;
  }

  /** A node that stands for no value of its own. */
  add(node: GraphNode): Ref {
    return this.#nodes.push(node) - 1;
  }

  /** The one node for an import. */
  addModule(node: ModuleNode): Ref {
    const key = JSON.stringify(node);
    let ref = this.#named.get(key);
    if (ref === undefined) {
      ref = this.add(node);
      this.#named.set(key, ref);
    }
    return ref;
  }

  /** Puts work off until the value at hand has its node, so that cycles and long chains end. */
  later(job: () => void): void {
    this.#jobs.push(job);
  }

  /** Makes a node that cannot exist before the nodes it refers to; meanwhile it counts as unfinished. */
  unfinished<T>(ref: Ref, trail: Trail | null, make: () => T): T {
    if (this.#unfinished.size >= UNFINISHED_AT_MOST) refuse(captureOf(trail), reasons.tooDeep);
    this.#unfinished.add(ref);
    try {
      return make();
    } finally {
      this.#unfinished.delete(ref);
    }
  }

  /** So far into functions that capture functions that what comes next is better put off. */
  get isDeep(): boolean {
    return this.#unfinished.size >= UNFINISHED_AT_MOST / 2;
  }

  /** Nor is what is taken from an unfinished class there before it. */
  isUnfinished(ref: Ref): boolean {
    if (this.#unfinished.has(ref)) return true;
    const node = this.#nodes[ref];
    if (node?.type === 'prototypeOf') return this.isUnfinished(node.constructor);
    return node?.type === 'member' && this.isUnfinished(node.of);
  }

  *seen(): Generator<[value: unknown, ref: Ref]> {
    yield* this.#refs;
  }

  /** Is this object in the graph already, by itself or in plain data? */
  hasReached(object: object): boolean {
    return this.#refs.has(object) || this.plainData.hasSeen(object);
  }

  /** Does this node stand for something by its name? */
  isNamed(ref: Ref): boolean {
    const type = this.#nodes[ref]?.type;
    return type === 'module' || type === 'required' || type === 'builtin' || type === 'intrinsic' || type === 'own';
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The name under which the other side has a value, unless the value must travel itself. */
  nameOf(value: object | symbol): NameNode | undefined {
    return typeof value !== 'symbol' && this.#byValue.has(value) ? undefined : nameOf(value);
  }

  travelsByValue(value: unknown): boolean {
    return this.#byValue.has(value as object);
  }

  /** Starts again, this time with the class itself. */
  shipByValue(classValue: object): never {
    throw new TravelsByValue(classValue);
  }

  /** Each worker makes its own, by the functions that travel. */
  #perWorker({ id, make, dispose }: PerWorkerEntry, trail: Trail | null): GraphNode {
    const node: Draft<PerWorkerNode> = { type: 'perWorker', id, make: 0, dispose: null };
    this.later(() => {
      node.make = this.ref(make, step(trail, ' (what it makes)'));
      if (dispose) node.dispose = this.ref(dispose, step(trail, ' (its dispose)'));
    });
    return node;
  }

  #encode(value: unknown, ref: Ref, trail: Trail | null): GraphNode {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol'))
      return { type: 'plain', value };
    const intrinsic = intrinsicName(value);
    if (intrinsic !== undefined) return { type: 'intrinsic', name: intrinsic };
    if (typeof value === 'object' && this.plainData.has(value)) return { type: 'plain', value };
    if (this.runsHere && isSpy(value)) return packSpied(this, value, trail);
    if (typeof value === 'function') enterRealmOf(value);
    const named = this.nameOf(value);
    if (named) return named;
    if (typeof value === 'symbol') {
      const key = Symbol.keyFor(value);
      if (key !== undefined) return { type: 'registeredSymbol', key };
      return importedSymbol(this, value) ?? { type: 'symbol', description: value.description };
    }
    if (typeof value === 'function' && !util.types.isProxy(value)) return packFunction(this, value as AnyFunction, ref, trail);
    const entry = perWorkerEntry(value);
    return entry ? this.#perWorker(entry, trail) : packObject(this, value, ref, trail);
  }
}
