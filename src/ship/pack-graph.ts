/** Turns a value and everything it reaches into a graph. The kinds of things are packed by pack-objects.ts and pack-functions.ts. */
import util from 'node:util';
import { InternalError, NotShippableError } from '../errors.ts';
import { type PerWorkerEntry, perWorkerEntry } from '../per-worker.ts';
import { typesHere } from '../register-type.ts';
import type { CapturedChange, ShipWarning } from '../shipped.ts';
import type { CustomType } from '../transport.ts';
import { importedSymbol } from './captures.ts';
import { packCells } from './cells.ts';
import { codesOf } from './code-text.ts';
import { Given } from './given.ts';
import { packGrafts } from './grafts.ts';
import type { AnyFunction, Draft, GraphNode, ModuleNode, NameNode, PerWorkerNode, Ref } from './graph.ts';
import { identifySymbol } from './identity.ts';
import { enterRealmOf, intrinsicName } from './intrinsics.ts';
import { nameOf, prototypeNameOf, refreshKnownValues } from './known-values.ts';
import { DEFAULT_MAX_SHIP_BYTES, largeCaptures } from './large.ts';
import { markLateCaptures } from './late-captures.ts';
import { type MissingName, refuseMissing } from './missing-names.ts';
import { NamedStates } from './named-states.ts';
import { orderCustoms, packCustom, packTypes } from './pack-custom.ts';
import { type FunctionRecord, packFunction } from './pack-functions.ts';
import { packObject } from './pack-objects.ts';
import type { Carrier, PackedGraph, PackRequest } from './pack-request.ts';
import { packMemory, type ViewRecord } from './pack-views.ts';
import { NeedsNodes, PlainData } from './plain-data.ts';
import { Reach } from './reachable.ts';
import { captureOf, reasons, refuse, step, type Trail } from './refusals.ts';
import { Probe } from './scopes.ts';
import { isSpy, packSpied, warnOfSpy } from './spies.ts';
import { type WeakRecord, weakEntries } from './weak-collections.ts';

/** Thrown when a class that could travel by name has an instance with private members, so that it must travel itself. */
class TravelsByValue extends Error {
  readonly constructorToShip: object;
  constructor(constructorToShip: object) {
    super('packed again');
    this.constructorToShip = constructorToShip;
  }
}

/** Packs a value. Throws NotShippableError. */
export function packGraph(value: unknown, request: PackRequest): PackedGraph {
  const { label, job } = request;
  const byValue = new Set<object>();
  let withNodes = false;
  for (;;) {
    const packer = new Packer(byValue, request, value);
    packer.plainData.isOff = withNodes;
    try {
      return packer.pack(value, label, job);
    } catch (error) {
      if (error instanceof NeedsNodes) withNodes = true;
      else if (error instanceof TravelsByValue && !byValue.has(error.constructorToShip)) byValue.add(error.constructorToShip);
      else if (error instanceof TravelsByValue) throw new InternalError('a class cannot be shipped by value');
      else if (error instanceof RangeError && /call stack/.test(error.message))
        refuse(label === null ? null : { up: null, key: label }, reasons.tooDeep);
      else throw withHint(error, packer);
    } finally {
      request.inspect?.(packer);
      packer.probe.burst.close();
    }
  }
}

/** On threads a mock of a test is refused for what its tool keeps in it, which tells nobody what to do. */
function withHint(error: unknown, { states, warnings }: Packer): unknown {
  const [configured] = states.byValue;
  if (configured && error instanceof NotShippableError)
    return new NotShippableError(`${states.explain(...configured)} A copy of it cannot travel: ${error.message}`);
  if (!(error instanceof NotShippableError) || !warnings.some(({ code }) => code === 'ALLCORES_MOCK')) return error;
  return new NotShippableError(
    `${error.message} There is a mock function among what it captures; with ALLCORES_BACKEND=inline mocks and spies work.`,
  );
}

const NOTHING: ReadonlySet<unknown> = new Set();

/** The stack holds some 600 of them; beyond, V8's inspector ceases to answer before anything else does. */
const NESTED_AT_MOST = 300;

export class Packer {
  readonly probe = new Probe();
  readonly states: NamedStates;
  readonly reach = new Reach();
  readonly plainData = new PlainData();
  readonly warnings: ShipWarning[] = [];
  readonly changes: CapturedChange[] = [];
  mayDiffer = false;
  isPartial = false;
  readonly keep: object[] = [];
  /** Functions whose captures are being packed, or have been. */
  readonly started: FunctionRecord[] = [];
  readonly functions: FunctionRecord[] = [];
  readonly weak: WeakRecord[] = [];
  /** How each value of a registered type was reached. */
  readonly customs = new Map<Ref, Trail | null>();
  readonly views: ViewRecord[] = [];
  /** Classes with private members that travel, with those above them. */
  readonly restorable = new Set<object>();
  #nested = 0;
  readonly #byValue: ReadonlySet<object>;
  readonly #nodes: (GraphNode | null)[] = [];
  readonly #refs = new Map<unknown, Ref>();
  /** −0 has a node of its own, since a Map takes it for 0. */
  #minusZero: Ref | undefined;
  readonly #named = new Map<string, Ref>();
  readonly #jobs: (() => void)[] = [];
  /** Classes go whole even to where they came from: the receiver may be another worker than the one that has them. */
  readonly sendsClasses: boolean;
  /** The function itself runs on this thread: its graph is a check, and nobody rebuilds it. */
  readonly runsHere: boolean;
  readonly carrier: Carrier;
  readonly #maxBytes: number;
  readonly brought: ReadonlySet<unknown>;
  readonly types: readonly CustomType[];
  readonly given: Given;
  /** Names that stand for nothing, where scopes cannot be read. */
  readonly missing: MissingName[] = [];

  constructor(byValue: ReadonlySet<object>, request: PackRequest, root: unknown) {
    const { job, runsHere = false, carrier = 'memory', workers, brought = NOTHING, types = typesHere(), given } = request;
    this.#maxBytes = request.maxBytes ?? DEFAULT_MAX_SHIP_BYTES;
    this.#byValue = byValue;
    this.states = new NamedStates(this.probe, workers, brought);
    for (const [value, difference] of request.byValue ?? []) this.states.markByValue(value, difference);
    this.sendsClasses = job !== null;
    this.runsHere = runsHere;
    this.carrier = carrier;
    this.brought = brought;
    this.types = types;
    this.given = new Given(given, root);
  }

  pack(value: unknown, label: string | null, job: string | null): PackedGraph {
    refreshKnownValues();
    const root = this.ref(value, label === null ? null : { up: null, key: label });
    this.#finish();
    const [ownNodes, ownFunctions] = [this.size, this.functions.length];
    // A function brings the types that its items and results may be of.
    const types = label === null && this.types.length > 0 ? packTypes(this) : undefined;
    this.#finish();
    packMemory(this);
    if (this.missing.length > 0 && !this.runsHere) refuseMissing(this.missing, label);
    if (!this.runsHere) packCells(this);
    const nodes = this.#nodes as readonly GraphNode[];
    markLateCaptures(nodes, this.functions, this.customs);
    const grafts = this.states.grafted.length > 0 ? packGrafts(this.states.grafted, job as string, this.carrier) : undefined;
    const codes = { ...codesOf(this.functions), ...grafts?.codes };
    const customs = this.customs.size > 0 ? orderCustoms(nodes, this.customs) : undefined;
    const graph = { root, nodes, ...(types && { types }), ...(customs && { customs }) };
    return {
      graph: job === null ? graph : { ...graph, job },
      codes,
      warnings: this.warnings,
      changes: this.changes,
      mayDiffer: this.mayDiffer || this.isPartial,
      isPartial: this.isPartial,
      keep: grafts ? [...this.keep, ...grafts.keep] : this.keep,
      named: this.states.things,
      large: label === null ? largeCaptures(this, graph.nodes, this.#maxBytes) : undefined,
      place: this.started[0]?.place(),
      namesNothing: ownFunctions === 1 && this.functions[0]!.analysis.free.size === 0,
      types: this.types,
      ownNodes,
    };
  }

  #finish(): void {
    do {
      // Jobs add jobs: an index instead of shift(), which is slow on long lists.
      for (let index = 0; index < this.#jobs.length; index += 1) this.#jobs[index]?.();
      this.#jobs.length = 0;
    } while (weakEntries(this));
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
  addModule(node: ModuleNode, value: unknown, members?: readonly string[]): Ref {
    const key = JSON.stringify([node, members]);
    const known = this.#named.get(key);
    if (known !== undefined) return known;
    const ref = this.add(this.states.stated(node, value, this.#nodes.length, members));
    this.#named.set(key, ref);
    return ref;
  }

  /** Puts work off until the value at hand has its node, so that cycles and long chains end. */
  later(job: () => void): void {
    this.#jobs.push(job);
  }

  /** Packs what a node cannot be made without, further down the stack. */
  within<T>(trail: Trail | null, make: () => T): T {
    if (this.#nested >= NESTED_AT_MOST) refuse(captureOf(trail), reasons.tooDeep);
    this.#nested += 1;
    try {
      return make();
    } finally {
      this.#nested -= 1;
    }
  }

  /** So far into functions that capture functions that what comes next is better put off. */
  get isDeep(): boolean {
    return this.#nested >= NESTED_AT_MOST / 2;
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

  /** Null where a node was refused while it was being made. */
  get nodes(): readonly (GraphNode | null)[] {
    return this.#nodes;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** The name under which the other side has a value, unless the value must travel itself. */
  nameOf(value: object | symbol): NameNode | undefined {
    if (this.travelsByValue(value)) return undefined;
    const name = nameOf(value) ?? (typeof value === 'symbol' || this.sendsClasses ? undefined : prototypeNameOf(value));
    return name?.type === 'required' && this.states.filesByValue.has(name.file) ? undefined : name;
  }

  travelsByValue(value: unknown): boolean {
    return this.#byValue.has(value as object) || this.states.byValue.has(value as object);
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
    if (isSpy(value)) {
      if (this.runsHere) return packSpied(this, value, trail);
      warnOfSpy(this, value, trail);
    }
    // To JavaScript a proxy of a function is a function.
    const isFunction = typeof value === 'function' && !util.types.isProxy(value);
    if (isFunction) enterRealmOf(value);
    const named = this.nameOf(value);
    if (named) return this.states.stated(named, value, ref);
    if (typeof value === 'symbol') {
      const key = Symbol.keyFor(value);
      if (key !== undefined) return { type: 'registeredSymbol', key };
      return importedSymbol(this, value) ?? { type: 'symbol', id: identifySymbol(value), description: value.description };
    }
    if (isFunction) return packFunction(this, value as AnyFunction, ref, trail);
    const entry = perWorkerEntry(value);
    if (entry) return this.#perWorker(entry, trail);
    return packCustom(this, value, ref, trail) ?? packObject(this, value, trail);
  }
}
