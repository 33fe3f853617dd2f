/** Makes instances of classes with private members without running their constructors. */

/** Shipped constructors and field initialisers rest while `on` is set. */
export const restoring = { on: false };

export type WritePrivate = (object: object, name: string, value: unknown) => void;
export type Constructor = new (...args: never[]) => object;

interface Writer {
  readonly names: ReadonlySet<string>;
  readonly write: WritePrivate;
}

/** How to write the private fields of each class. */
const writers = new WeakMap<object, Writer>();
/** The classes that came here, whose constructors rest. */
const shipped = new WeakSet<object>();

export function setWriter(classValue: object, names: readonly string[], write: WritePrivate): void {
  writers.set(classValue, { names: new Set(names), write });
}

export function setShippedWriter(classValue: object, names: readonly string[], write: WritePrivate): void {
  shipped.add(classValue);
  setWriter(classValue, names, write);
}

export function isShipped(classValue: object): boolean {
  return shipped.has(classValue);
}

/** What makes instances of the classes that this very thread defined, whose constructors know nothing of restoring. */
export interface OwnInstances {
  /** Has it, or a class above it, private members, and was it defined here? */
  covers(classValue: Constructor): boolean;
  make(classValue: Constructor): object;
  /** The instances of one graph are made. */
  close(): void;
}

let own: OwnInstances | undefined;

/** Called by hosts: making their instances takes the inspector, which no worker loads at its start. */
export function makeOwnInstancesBy(instances: OwnInstances): void {
  own = instances;
}

export function closeOwnInstances(): void {
  own?.close();
}

/** An instance with private fields that are still undefined, and no other properties. */
export function emptyInstance(classValue: Constructor): object {
  const instance = own?.covers(classValue) ? own.make(classValue) : emptyShippedInstance(classValue);
  for (const key of Reflect.ownKeys(instance)) Reflect.deleteProperty(instance, key);
  return instance;
}

function emptyShippedInstance(classValue: Constructor): object {
  // Classes above the guarded ones would run their constructors: a stand-in takes their place for a moment.
  let topmost: object = classValue;
  for (let at: object | null = classValue; typeof at === 'function'; at = Object.getPrototypeOf(at)) if (shipped.has(at)) topmost = at;
  return withParent(topmost, nativeStandIn(topmost), () => restingConstruct(classValue, classValue));
}

/** Constructs while shipped constructors rest. */
export function restingConstruct(classValue: Constructor, newTarget: Constructor): object {
  restoring.on = true;
  try {
    return Reflect.construct(classValue, [], newTarget);
  } finally {
    restoring.on = false;
  }
}

/** While `act` runs, a class that extends another extends `parent` instead. */
export function withParent<T>(classValue: object, parent: object, act: () => T): T {
  const before = Object.getPrototypeOf(classValue);
  if (before === Function.prototype) return act();
  Object.setPrototypeOf(classValue, parent);
  try {
    return act();
  } finally {
    Object.setPrototypeOf(classValue, before);
  }
}

/** In the place of a class's parent: makes the same kind of object (a Map, an Error), and runs nothing of the user's. */
export function nativeStandIn(classValue: object): Constructor {
  let base: unknown = Object.getPrototypeOf(classValue);
  while (typeof base === 'function' && !/\[native code\]\s*\}$/.test(Function.prototype.toString.call(base)))
    base = Object.getPrototypeOf(base);
  const native = typeof base === 'function' && base !== Function.prototype ? base : Object;
  return function standIn(): object {
    return Reflect.construct(native, [], new.target ?? Object);
  } as unknown as Constructor;
}

/** Writes an instance's private fields, given base class first. Two classes may use one name: each takes the first it has not had. */
export function writePrivates(classValue: object, instance: object, values: readonly (readonly [name: string, value: unknown])[]): void {
  const chain: (Writer & { used: Set<string> })[] = [];
  for (let at: object | null = classValue; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    const writer = writers.get(at);
    if (writer) chain.unshift({ ...writer, used: new Set() });
  }
  for (const [name, value] of values) {
    const owner = chain.find(({ names, used }) => names.has(name) && !used.has(name));
    owner?.write(instance, name, value);
    owner?.used.add(name);
  }
}
