/** Builds the values of a graph: kinds that can be empty at first are filled once everything exists, so cycles close. */
import { receivePerWorker } from '../per-worker.ts';
import type { EachAlone } from '../transport.ts';
import { arrivingStack } from './arriving-stacks.ts';
import {
  FROZEN,
  type Graph,
  type GraphNode,
  type Key,
  type MapNode,
  NOT_EXTENSIBLE,
  type Ref,
  SEALED,
  type SetNode,
  type Shape,
} from './graph.ts';
import { recallFor, symbolWithId } from './identity.ts';
import { valueNamed } from './named-values.ts';
import { buildWithTypes, NotThereYet } from './rebuild-custom.ts';
import { rebuildFunction } from './rebuild-functions.ts';
import { type AnyClass, type Constructor, closeOwnInstances, emptyInstance, membersOf, writePrivates } from './restoring.ts';

export function rebuildGraph(graph: Graph, each?: EachAlone): unknown {
  try {
    return new Builder(graph).build(each);
  } finally {
    closeOwnInstances();
  }
}

export class Builder {
  readonly graph: Graph;
  readonly #values: unknown[];
  readonly #isBuilt: Uint8Array;
  readonly #grafts = new Map<Graph, readonly unknown[]>();
  #fillings: (() => void)[] = [];
  #freezings: (() => void)[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
    this.#values = new Array(graph.nodes.length);
    this.#isBuilt = new Uint8Array(graph.nodes.length);
  }

  build(each?: EachAlone): unknown {
    const root = this.graph.customs || this.graph.types ? buildWithTypes(this, each) : this.value(this.graph.root);
    this.fill();
    return root;
  }

  /** Fills what has been made. What needs a value of a registered type that is not there yet waits for the next time. */
  fill(): void {
    const early: (() => void)[] = [];
    for (let index = 0; index < this.#fillings.length; index += 1) {
      const fill = this.#fillings[index]!;
      try {
        fill();
      } catch (error) {
        if (!(error instanceof NotThereYet)) throw error;
        early.push(fill);
      }
    }
    this.#fillings = early;
    const freezings = this.#freezings;
    this.#freezings = [];
    for (const freeze of freezings) freeze();
  }

  value(ref: Ref): unknown {
    if (this.#isBuilt[ref] === 0) {
      const node = this.graph.nodes[ref] as GraphNode;
      this.put(ref, this.#make(node, ref));
    }
    return this.#values[ref];
  }

  /** Makes a value known before the rest of its node is built. */
  put(ref: Ref, value: unknown): void {
    this.#values[ref] = value;
    this.#isBuilt[ref] = 1;
  }

  later(fill: () => void): void {
    this.#fillings.push(fill);
  }

  #make(node: GraphNode, ref: Ref): unknown {
    switch (node.type) {
      case 'plain':
        return node.value;
      case 'intrinsic':
      case 'own':
      case 'builtin':
      case 'required':
      case 'module':
        return valueNamed(node);
      case 'known': {
        const known = recallFor(node.identity, this.graph.job);
        if (!known) throw new Error(`a class that came from this thread (${node.identity}) is gone`);
        return known;
      }
      case 'graft':
        return this.#graft(node.graph)[node.part];
      case 'symbol':
        return symbolWithId(node.id, node.description);
      case 'registeredSymbol':
        return Symbol.for(node.key);
      case 'function':
        return rebuildFunction(this, node, ref);
      case 'bound': {
        const target = this.value(node.target) as (...args: unknown[]) => unknown;
        const bound = Function.prototype.bind.call(target, this.value(node.self), ...node.args.map((arg) => this.value(arg)));
        return this.#shaped(bound, node.shape);
      }
      case 'proxy':
        return new Proxy(this.value(node.target) as object, this.value(node.handler) as ProxyHandler<object>);
      case 'prototypeOf':
        return (this.value(node.constructor) as { prototype: object }).prototype;
      case 'member':
        return membersOf(this.value(node.of) as AnyClass)[node.isStatic ? 'statics' : 'methods'][this.#key(node.key) as string]?.[
          node.part
        ];
      case 'cell': {
        const cell: { $: unknown } = { $: undefined };
        this.later(() => {
          cell.$ = this.value(node.value);
        });
        return cell;
      }
      case 'instance': {
        const classValue = this.value(node.constructor) as Constructor;
        const instance = emptyInstance(classValue);
        const { content } = node;
        if (content?.type === 'map') this.#fillMap(instance as Map<unknown, unknown>, content);
        else if (content?.type === 'set') this.#fillSet(instance as Set<unknown>, content);
        else if (content?.type === 'date') Date.prototype.setTime.call(instance, content.time);
        else if (content?.type === 'error') setStack(instance, content.stack);
        this.later(() =>
          writePrivates(
            classValue,
            instance,
            node.privates.map(([name, value]) => [name, this.value(value)]),
          ),
        );
        return this.#shaped(instance, node.shape);
      }
      case 'custom':
        throw new NotThereYet(node.tag);
      case 'perWorker': {
        const entry = receivePerWorker(node.id);
        // One that has been made stays as it is, and its functions need not be built again.
        if (!entry.made)
          this.later(() => {
            entry.make = this.value(node.make) as () => unknown;
            if (node.dispose !== null) entry.dispose = this.value(node.dispose) as (value: never) => unknown;
          });
        return entry.object;
      }
      case 'map':
        return this.#shaped(this.#fillMap(new Map(), node), node.shape);
      case 'set':
        return this.#shaped(this.#fillSet(new Set(), node), node.shape);
      case 'weakMap': {
        const map = new WeakMap();
        this.later(() => {
          for (const [key, value] of node.entries) map.set(this.value(key) as object, this.value(value));
        });
        return this.#shaped(map, node.shape);
      }
      case 'weakSet': {
        const set = new WeakSet();
        this.later(() => {
          for (const item of node.items) set.add(this.value(item) as object);
        });
        return this.#shaped(set, node.shape);
      }
      case 'array':
        return this.#shaped(new Array(node.length), node.shape);
      case 'object':
        return this.#shaped({}, node.shape);
      case 'date':
        return this.#shaped(new Date(node.time), node.shape);
      case 'regexp': {
        const regexp = new RegExp(node.source, node.flags);
        regexp.lastIndex = node.lastIndex;
        return this.#shaped(regexp, node.shape);
      }
      case 'error':
        return this.#shaped(emptyError(node.base, node.stack), node.shape);
      case 'boxed':
        return this.#shaped(Object(this.value(node.value)), node.shape);
      case 'view': {
        const view = this.#view(node);
        const { prototype } = node;
        if (prototype !== null) this.later(() => Object.setPrototypeOf(view, this.value(prototype) as object));
        return view;
      }
      case 'made':
        return new (Reflect.get(globalThis, node.kind) as new (...args: unknown[]) => object)(...node.args);
      case 'domException': {
        const exception = new DOMException(node.message, node.name);
        setStack(exception, node.stack);
        return exception;
      }
      case 'intl':
        return new (Reflect.get(Intl, node.kind) as new (...args: unknown[]) => object)(node.options.locale, node.options);
    }
  }

  /** What was to travel by name is built first and whole: it refers to nothing of this graph. */
  #graft(graph: Graph): readonly unknown[] {
    const built = this.#grafts.get(graph) ?? (rebuildGraph(graph) as readonly unknown[]);
    this.#grafts.set(graph, built);
    return built;
  }

  #view({ kind, buffer, offset, length }: GraphNode & { type: 'view' }): object {
    const memory = this.value(buffer) as ArrayBuffer;
    if (kind === 'Buffer') return Buffer.from(memory, offset, length);
    const Kind = Reflect.get(globalThis, kind) as new (buffer: ArrayBuffer, offset: number, length: number) => object;
    return new Kind(memory, offset, length);
  }

  #fillMap(map: Map<unknown, unknown>, { entries }: MapNode): object {
    this.later(() => {
      // A subclass may have a `set` of its own, which is not to run.
      for (let index = 0; index < entries.length; index += 2) {
        Map.prototype.set.call(map, this.value(entries[index] as Ref), this.value(entries[index + 1] as Ref));
      }
    });
    return map;
  }

  #fillSet(set: Set<unknown>, { items }: SetNode): object {
    this.later(() => {
      for (const item of items) Set.prototype.add.call(set, this.value(item));
    });
    return set;
  }

  #shaped(object: object, shape: Shape | null): object {
    if (shape) this.later(() => this.define(object, shape));
    return object;
  }

  /** Gives an object its prototype and own properties. */
  define(object: object, { prototype, plain, special, integrity }: Shape): void {
    if (prototype !== null) Object.setPrototypeOf(object, this.value(prototype) as object | null);
    // Only on a bare object does assignment mean definition: a prototype may have setters.
    const isBare = prototype === null && typeof object !== 'function';
    for (let index = 0; index < plain.length; index += 2) {
      const key = this.#key(plain[index] as Key);
      const value = this.value(plain[index + 1] as Ref);
      if (isBare && key !== '__proto__' && !(key in object)) (object as Record<PropertyKey, unknown>)[key] = value;
      else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    }
    for (const property of special) {
      const { flags } = property;
      const common = { enumerable: (flags & 2) !== 0, configurable: (flags & 4) !== 0 };
      if ('value' in property) {
        Object.defineProperty(object, this.#key(property.key), {
          ...common,
          value: this.value(property.value),
          writable: (flags & 1) !== 0,
        });
      } else {
        const [get, set] = [property.get, property.set].map((ref) => (ref === null ? undefined : this.value(ref)));
        Object.defineProperty(object, this.#key(property.key), {
          ...common,
          get: get as () => unknown,
          set: set as (value: unknown) => void,
        });
      }
    }
    if (integrity === FROZEN) this.#freezings.push(() => Object.freeze(object));
    else if (integrity === SEALED) this.#freezings.push(() => Object.seal(object));
    else if (integrity === NOT_EXTENSIBLE) this.#freezings.push(() => Object.preventExtensions(object));
  }

  #key(key: Key): string | symbol {
    return typeof key === 'string' ? key : (this.value(key.symbol) as symbol);
  }
}

/** An error with nothing of its own but the stack of where it was made first. */
function emptyError(base: string, stack: string | undefined): Error {
  const limit = Error.stackTraceLimit;
  // Made without a stack of its own: Node would show this very line as the place of an uncaught error.
  Error.stackTraceLimit = 0;
  const error: Error = base === 'AggregateError' ? new AggregateError([]) : new (Reflect.get(globalThis, base) as ErrorConstructor)();
  Error.stackTraceLimit = limit;
  for (const key of Object.getOwnPropertyNames(error)) Reflect.deleteProperty(error, key);
  setStack(error, stack);
  return error;
}

function setStack(error: object, stack: string | undefined): void {
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: arrivingStack(stack), writable: true, configurable: true });
}
