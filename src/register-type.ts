/** `registerType`: kinds of values that cross to workers and back in a form of their own. */
import { UsageError } from './errors.ts';
import { show } from './show.ts';
import type { CustomType } from './transport.ts';

interface Home {
  /** Those of this thread, by tag. */
  readonly own: Map<string, CustomType>;
  /** The same as a list, until one comes or goes. */
  list: readonly CustomType[] | undefined;
  /** Those that functions have brought to this worker. Each has copies of its own, about its own copies of the classes. */
  readonly ofFunctions: Map<string, readonly CustomType[]>;
}

const KEY = Symbol.for('allcores.types/1');
const everywhere = globalThis as { [KEY]?: Home };
/** One per thread, also when two copies of the package are loaded in it. */
everywhere[KEY] ??= { own: new Map(), list: undefined, ofFunctions: new Map() };
const home = everywhere[KEY];

const RIGHT = "registerType({ tag: 'money', type: Money, toPlain: (m) => m.cents, fromPlain: (cents) => new Money(cents) })";
const NAMES = ['tag', 'type', 'test', 'toPlain', 'fromPlain'] as const;

/**
 * From now on values of this type cross as `toPlain(value)`, and are made again by `fromPlain(plain)` at the other end: captured, in items,
 * in results, in messages and in the properties of errors. For classes that copying does not do justice to: private members that only a
 * constructor fills, handles that can be opened again, classes of other packages.
 *
 * The functions travel to the workers with every function that is called there, read anew at each call. The first registered type that
 * says yes has the value, so register a subclass before its base class. Plain objects, arrays, and the language's own Maps, Sets, Dates,
 * RegExps, buffers and typed arrays are never asked about; nor are functions.
 *
 * @example
 * registerType({ tag: 'money', type: Money, toPlain: (m) => m.cents, fromPlain: (cents) => new Money(cents) });
 * @returns a function that undoes it, for calls made afterwards.
 * @throws UsageError for wrong arguments, and for a tag that is taken by other functions.
 */
export function registerType<T extends object, P>(type: CustomType<T, P>): () => void {
  const checked = checkType(type as CustomType);
  const known = home.own.get(checked.tag);
  if (known && NAMES.some((name) => known[name] !== checked[name])) {
    const how = 'choose another tag, or first call the function that the earlier registerType gave back';
    throw new UsageError('BAD_ARGUMENT', `registerType: the tag ${show(checked.tag)} is taken by a type with other functions; ${how}`);
  }
  const entry = known ?? checked;
  home.own.set(entry.tag, entry);
  home.list = undefined;
  return () => {
    if (home.own.get(entry.tag) !== entry) return;
    home.own.delete(entry.tag);
    home.list = undefined;
  };
}

function checkType(given: CustomType | undefined): CustomType {
  const wrong = (what: string) => new UsageError('BAD_ARGUMENT', `registerType: ${what}, as in ${RIGHT}`);
  if (typeof given !== 'object' || given === null) throw wrong(`the type is ${show(given)}; it must be an object`);
  for (const name in given) {
    if (!(NAMES as readonly string[]).includes(name)) throw wrong(`unknown member "${name}"; there are ${NAMES.join(', ')}`);
  }
  const { tag, type, test, toPlain, fromPlain } = given;
  if (typeof tag !== 'string' || tag === '') throw wrong(`"tag" is ${show(tag)}; it must be a text that is not empty`);
  if (type !== undefined && test !== undefined) throw wrong('"type" and "test" say the same; leave one of them out');
  if (type === undefined && test === undefined) throw wrong('"type" is missing; it must be a class, or "test" a function of a value');
  if (type !== undefined && (typeof type !== 'function' || typeof type.prototype !== 'object'))
    throw wrong(`"type" is ${show(type)}; it must be a class`);
  for (const [name, fn] of Object.entries({ test, toPlain, fromPlain })) {
    if (typeof fn !== 'function' && !(name === 'test' && fn === undefined)) throw wrong(`"${name}" is ${show(fn)}; it must be a function`);
  }
  return { tag, type, test, toPlain, fromPlain };
}

/** @internal The types registered in this thread. */
export function registeredTypes(): readonly CustomType[] {
  home.list ??= [...home.own.values()];
  return home.list;
}

/** @internal The same, and in a worker those that came with functions: what a call made here may come across. */
export function typesHere(): readonly CustomType[] {
  const own = registeredTypes();
  return home.ofFunctions.size === 0 ? own : [...[...home.ofFunctions.values()].reverse().flat(), ...own];
}

/** @internal A function has come to this worker, with these types. */
export function bringTypes(functionId: string, types: readonly CustomType[]): void {
  if (types.length > 0) home.ofFunctions.set(functionId, types);
}

/** @internal The function is forgotten. */
export function forgetTypes(functionId: string): void {
  home.ofFunctions.delete(functionId);
}

/** @internal What the function has brought. */
export function typesOf(functionId: string): readonly CustomType[] {
  return home.ofFunctions.get(functionId) ?? NONE;
}

const NONE: readonly CustomType[] = [];

/** @internal The type with this tag: of the function that a value belongs to, else of this thread. */
export function typeTagged(tag: string, functionId: string | undefined): CustomType | undefined {
  const brought = functionId === undefined ? NONE : typesOf(functionId);
  return brought.find((type) => type.tag === tag) ?? home.own.get(tag);
}

const TYPED_ARRAY = Object.getPrototypeOf(Uint8Array.prototype);
/** What structured clone carries as it is has no need of a type, and is too frequent to ask about. */
const PLAIN: ReadonlySet<unknown> = new Set([
  null,
  ...[Object, Array, Map, Set, Date, RegExp, ArrayBuffer, SharedArrayBuffer, DataView].map((kind) => kind.prototype),
]);

/** @internal Whether types are asked about this object at all. */
export function isAskedAbout(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return !PLAIN.has(prototype) && Object.getPrototypeOf(prototype) !== TYPED_ARRAY && !isPrototype(value);
}

/** @internal */
export function isOf({ type, test }: CustomType, value: object): boolean {
  return type ? value instanceof type : Boolean(test?.(value));
}

/** The prototype object of a subclass passes for an instance of the base class. */
function isPrototype(value: object): boolean {
  const made = Object.getOwnPropertyDescriptor(value, 'constructor')?.value;
  return typeof made === 'function' && made.prototype === value;
}
