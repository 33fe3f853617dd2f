/** Makes instances of classes with private members without running their constructors. */
import { NotShippableError } from '../errors.ts';

/** Shipped constructors and field initialisers rest while `on` is set. */
export const restoring = { on: false };

/** Functions made in the scope of a class, by which its private fields can be reached. */
export interface PrivateAccess {
  /** The value in an array; `false` where the object has no such field. */
  readonly read: (object: object, name: string) => [unknown] | false | undefined;
  readonly write: (object: object, name: string, value: unknown) => void;
}

export type Constructor = new (...args: never[]) => object;

interface Entry extends PrivateAccess {
  readonly names: ReadonlySet<string>;
}

const accesses = new WeakMap<object, Entry>();
/** The classes that came here, whose constructors rest. */
const shipped = new WeakSet<object>();

/** The text of an expression that gives the access, for code in the class's scope. */
export function privateAccessText(names: readonly string[]): string {
  const reads = names.map((name) => `case"${name}":return ${name} in o&&[o.${name}];`).join('');
  const writes = names.map((name) => `case"${name}":o.${name}=v;break;`).join('');
  return `{read:(o,k)=>{switch(k){${reads}}},write:(o,k,v)=>{switch(k){${writes}}}}`;
}

export function setPrivateAccess(classValue: object, names: readonly string[], access: PrivateAccess): void {
  accesses.set(classValue, { names: new Set(names), ...access });
}

export function setShippedPrivateAccess(classValue: object, names: readonly string[], access: PrivateAccess): void {
  shipped.add(classValue);
  setPrivateAccess(classValue, names, access);
}

export function hasPrivateAccess(classValue: object): boolean {
  return accesses.has(classValue);
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

let own: (() => OwnInstances) | undefined;

/** Called by hosts: making their instances takes the inspector, which no worker loads at its start. */
export function makeOwnInstancesBy(instances: () => OwnInstances): void {
  own = instances;
}

export function closeOwnInstances(): void {
  own?.().close();
}

export interface AnyClass {
  readonly prototype: object;
}

type Properties = Readonly<Record<string, PropertyDescriptor>>;

interface Members {
  readonly statics: Properties;
  readonly methods: Properties;
}

const asWritten = new WeakMap<AnyClass, Members>();

/** Called when a class has just been made of its text, before anything is put in the place of a method, as decorators do. */
export function rememberMembers(classValue: AnyClass): void {
  asWritten.set(classValue, readMembers(classValue));
}

/** The members that a class's text gives it; of a class that has not travelled, those that it has. */
export function membersOf(classValue: AnyClass): Members {
  return asWritten.get(classValue) ?? readMembers(classValue);
}

function readMembers(classValue: AnyClass): Members {
  return { statics: Object.getOwnPropertyDescriptors(classValue), methods: Object.getOwnPropertyDescriptors(classValue.prototype) };
}

/** An instance with private fields that are still undefined, and no other properties. */
export function emptyInstance(classValue: Constructor): object {
  const instance = own?.().covers(classValue) ? own().make(classValue) : emptyShippedInstance(classValue);
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
  if (!Object.isExtensible(classValue)) {
    const { name } = classValue as { name?: unknown };
    throw new NotShippableError(
      `Cannot rebuild an instance of ${String(name)}: it has private members, extends another class, and is frozen. Freeze its prototype only.`,
    );
  }
  Object.setPrototypeOf(classValue, parent);
  try {
    return act();
  } finally {
    Object.setPrototypeOf(classValue, before);
  }
}

/** In the place of a class's parent: makes the same kind of object (a Map, an Error), and runs nothing of the user's. */
export function nativeStandIn(classValue: object): object {
  const native = nativeBaseOf(classValue);
  return function standIn(): object {
    return bareObject(native, new.target as unknown as Constructor);
  };
}

/** Objects of one class share their hidden class: `Reflect.construct` would make one for each. */
export function bareObject(native: Constructor, newTarget: Constructor): object {
  return native === Object ? Object.create(newTarget.prototype as object) : Reflect.construct(native, [], newTarget);
}

const nativeBases = new WeakMap<object, Constructor>();

export function nativeBaseOf(classValue: object): Constructor {
  let native = nativeBases.get(classValue);
  if (!native) {
    let base: unknown = Object.getPrototypeOf(classValue);
    while (typeof base === 'function' && !/\[native code\]\s*\}$/.test(Function.prototype.toString.call(base)))
      base = Object.getPrototypeOf(base);
    native = typeof base === 'function' && base !== Function.prototype ? (base as Constructor) : Object;
    nativeBases.set(classValue, native);
  }
  return native;
}

/** An instance's private fields, base class first. */
export function readPrivates(layers: readonly object[], instance: object): [name: string, value: unknown][] {
  const values: [string, unknown][] = [];
  for (const layer of layers) {
    const { names, read } = accesses.get(layer) as Entry;
    for (const name of names) {
      const found = read(instance, name);
      if (found) values.push([name, found[0]]);
    }
  }
  return values;
}

/** Writes an instance's private fields, given base class first. Two classes may use one name: each takes the first it has not had. */
export function writePrivates(classValue: object, instance: object, values: readonly (readonly [name: string, value: unknown])[]): void {
  const chain: (Entry & { used: Set<string> })[] = [];
  for (let at: object | null = classValue; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    const entry = accesses.get(at);
    if (entry) chain.unshift({ ...entry, used: new Set() });
  }
  for (const [name, value] of values) {
    const owner = chain.find(({ names, used }) => names.has(name) && !used.has(name));
    owner?.write(instance, name, value);
    owner?.used.add(name);
  }
}
