/** Makes instances of classes with private members without running their constructors. */

/** Shipped constructors and field initialisers rest while `on` is set. */
export const restoring = { on: false };

export type WritePrivate = (object: object, name: string, value: unknown) => void;

interface Writer {
  readonly names: ReadonlySet<string>;
  readonly write: WritePrivate;
}

/** How to write the private fields of the shipped classes. */
const writers = new WeakMap<object, Writer>();

export function setWriter(classValue: object, names: readonly string[], write: WritePrivate): void {
  writers.set(classValue, { names: new Set(names), write });
}

type Constructor = new () => object;

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
  // Classes above the guarded ones would run their constructors: a stand-in takes their place for a moment.
  let topmost: object = classValue;
  for (let at: object | null = classValue; typeof at === 'function'; at = Object.getPrototypeOf(at)) if (writers.has(at)) topmost = at;
  const parent = Object.getPrototypeOf(topmost);
  const isDerived = parent !== Function.prototype;
  if (isDerived) Object.setPrototypeOf(topmost, standInFor(parent));
  restoring.on = true;
  try {
    const instance: object = Reflect.construct(classValue, []);
    for (const key of Reflect.ownKeys(instance)) Reflect.deleteProperty(instance, key);
    return instance;
  } finally {
    restoring.on = false;
    if (isDerived) Object.setPrototypeOf(topmost, parent);
  }
}

/** A parent that makes the same kind of object (a Map, an Error), and runs nothing of the user's. */
function standInFor(parent: unknown): object {
  let base: unknown = parent;
  while (typeof base === 'function' && !/\[native code\]\s*\}$/.test(Function.prototype.toString.call(base)))
    base = Object.getPrototypeOf(base);
  const native = typeof base === 'function' && base !== Function.prototype ? base : Object;
  return function standIn(): object {
    return Reflect.construct(native, [], new.target ?? Object);
  };
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
