/** What a proved function may call: originals taken at import, which neither change anything nor take long. Whether they are still in place is asked at each call. */

/** Globals of which nothing is asked but to be what they are. */
const FUNCTIONS = ['Number', 'String', 'Boolean', 'parseInt', 'parseFloat', 'isNaN', 'isFinite'] as const;

/** Members of globals that may be called or read. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Math: Object.getOwnPropertyNames(Math).filter((name) => name !== 'random'),
  Number: [
    ...['isFinite', 'isInteger', 'isNaN', 'isSafeInteger', 'parseFloat', 'parseInt', 'EPSILON', 'MAX_SAFE_INTEGER'],
    ...['MIN_SAFE_INTEGER', 'MAX_VALUE', 'MIN_VALUE', 'NaN', 'POSITIVE_INFINITY', 'NEGATIVE_INFINITY'],
  ],
  String: ['fromCharCode', 'fromCodePoint'],
  Array: ['isArray'],
  Object: ['is'],
};

/** Methods that give what they give by their receiver and arguments alone. */
const METHODS: readonly string[] = [
  ...['at', 'charAt', 'charCodeAt', 'codePointAt', 'concat', 'endsWith', 'includes', 'indexOf', 'join', 'lastIndexOf', 'normalize'],
  ...['replace', 'replaceAll', 'slice', 'split', 'startsWith', 'substring', 'toExponential', 'toFixed'],
  ...['toLowerCase', 'toPrecision', 'toString', 'toUpperCase', 'trim', 'trimEnd', 'trimStart', 'valueOf'],
];

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  BigInt.prototype,
  Symbol.prototype,
  Function.prototype,
];

const descriptorOf = Object.getOwnPropertyDescriptor;
const namesOf = Object.getOwnPropertyNames;
const hasOwn = Object.hasOwn;

/** Own properties as they were at import. */
function taken(holders: readonly object[], keys: readonly PropertyKey[]): readonly (readonly [object, PropertyKey, unknown])[] {
  return holders.flatMap((holder) => keys.map((key) => [holder, key, descriptorOf(holder, key)?.value] as const));
}

const functions = new Map<string, unknown>(FUNCTIONS.map((name) => [name, globalThis[name]]));
const members = new Map<string, readonly [home: string, holder: object, name: string, value: unknown]>();
for (const [home, names] of Object.entries(MEMBERS)) {
  const holder = (globalThis as unknown as Record<string, object>)[home]!;
  for (const name of names) members.set(`${home}.${name}`, [home, holder, name, (holder as Record<string, unknown>)[name]]);
}
const methods = new Map(METHODS.map((name) => [name, taken(PROTOTYPES, [name])]));

/** What turns an object into text or a number, destructures an array, or makes another; and what strings ask their arguments for. */
const CONVERSIONS = [
  ...taken(
    [Object.prototype, Array.prototype],
    ['toString', 'valueOf', 'join', 'constructor', Symbol.toPrimitive, Symbol.toStringTag, Symbol.iterator, Symbol.isConcatSpreadable],
  ),
  ...taken([String.prototype, Number.prototype, Boolean.prototype], [Symbol.iterator]),
  ...taken([Object.getPrototypeOf([][Symbol.iterator]()) as object, Object.getPrototypeOf(''[Symbol.iterator]()) as object], ['next']),
];
/** What methods of strings ask of each argument that is neither null nor undefined, also of a number. */
const ARGUMENTS = taken(PROTOTYPES, [Symbol.split, Symbol.replace, Symbol.match, Symbol.matchAll, Symbol.search]);
/** The same for a method that is read and not called. */
const OF_METHODS = taken([Function.prototype], ['toString', 'valueOf', Symbol.toPrimitive, Symbol.iterator, Symbol.isConcatSpreadable]);
const speciesOf = descriptorOf(Array, Symbol.species)?.get;

/** Names of the language for values, which a scope may give to others. */
export const isConstant = (name: string): boolean => name === 'undefined' || name === 'NaN' || name === 'Infinity';
export const isKnownFunction = (name: string): boolean => functions.has(name);
export const isKnownHome = (name: string): boolean => hasOwn(MEMBERS, name);
export const isKnownMember = (home: string, name: string): boolean => members.has(`${home}.${name}`);
export const isKnownMethod = (name: string): boolean => methods.has(name);

const values: ReadonlySet<unknown> = new Set([...functions.values(), ...[...members.values()].map(([, , , value]) => value)]);

/** Whether a function given as it is, such as `Math.sqrt`, is one of these. */
export const isKnownValue = (fn: unknown): boolean => values.has(fn);

/** What a function relies on. */
export interface Reliance {
  /** Such as `parseInt` and `Math.abs`. */
  readonly globals: ReadonlySet<string>;
  readonly methods: ReadonlySet<string>;
  /** Properties that it reads. */
  readonly properties: ReadonlySet<string>;
  /** Whether it computes the names of properties. */
  readonly computes: boolean;
}

/** Whether everything it relies on is what it was at import: nobody has put another `Math.abs` or `String.prototype.trim` there, nor a getter. */
export function stillOriginal({ globals, methods: called, properties, computes }: Reliance): boolean {
  if (!CONVERSIONS.every(isInPlace) || descriptorOf(Array, Symbol.species)?.get !== speciesOf) return false;
  for (const name of globals) if (!isGlobalInPlace(name)) return false;
  if ((computes || properties.size > 0) && !OF_METHODS.every(isInPlace)) return false;
  if (called.size > 0 && !ARGUMENTS.every(isInPlace)) return false;
  if (hasInheritedElements()) return false;
  for (const name of called) if (!methods.get(name)!.every(isInPlace)) return false;
  for (const name of properties) if (!PROTOTYPES.every((holder) => givesNothingOdd(holder, name))) return false;
  return !computes || PROTOTYPES.every((holder) => namesOf(holder).every((key) => givesNothingOdd(holder, key)));
}

/** Whether somebody has given arrays elements to inherit: a hole would be theirs. The length of an array is beyond its last element. */
function hasInheritedElements(): boolean {
  return Array.prototype.length > 0 || /^\d/.test(namesOf(Object.prototype)[0]!);
}

function isInPlace([holder, key, value]: readonly [object, PropertyKey, unknown]): boolean {
  const own = descriptorOf(holder, key);
  return own === undefined ? value === undefined : own.value === value && own.get === undefined;
}

function isGlobalInPlace(name: string): boolean {
  // Nobody can change these.
  if (isConstant(name)) return true;
  const member = members.get(name);
  const globals = globalThis as unknown as Record<string, unknown>;
  if (!member) return descriptorOf(globalThis, name)?.value === functions.get(name);
  const [home, holder, key, value] = member;
  return descriptorOf(globalThis, home)?.value === holder && Object.is(descriptorOf(holder, key)?.value, value) && globals[home] === holder;
}

/** An inherited property that is a method, or a plain value: reading it runs nobody's code. */
function givesNothingOdd(holder: object, key: PropertyKey): boolean {
  const own = descriptorOf(holder, key);
  if (own === undefined || isOwnAccessor(holder, key)) return true;
  return 'value' in own && (typeof own.value !== 'object' || own.value === null);
}

/** The language's own accessors. */
function isOwnAccessor(holder: object, key: PropertyKey): boolean {
  if (holder === Object.prototype) return key === '__proto__';
  if (holder === Symbol.prototype) return key === 'description';
  return holder === Function.prototype && (key === 'caller' || key === 'arguments');
}
