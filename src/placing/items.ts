/** Which items a function may read on the host: primitives, and plain data, in which nobody's code waits to be run. */
import { types } from 'node:util';

const { isProxy } = types;
const prototypeOf = Object.getPrototypeOf as (value: object) => object | null;
const descriptorOf = Object.getOwnPropertyDescriptor;
const ownKeys = Reflect.ownKeys;
const OBJECT = Object.prototype;
const ARRAY = Array.prototype;

/** Deeper data is not worth the walk. */
const LEVELS_AT_MOST = 8;
/** Nor is longer data: reading it takes as long as sending it. */
const VALUES_AT_MOST = 1000;
/** What is done with a longer text may take long: looking for half of one in another takes the square of it, here some ten milliseconds. */
export const LONGEST_TEXT = 10_000;

/** Whether a value is a primitive that can travel and is small. */
export function isSmallPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value.length <= LONGEST_TEXT;
    case 'object':
      return value === null;
    case 'function':
    case 'symbol':
    case 'bigint':
      return false;
    default:
      return true;
  }
}

/** Values that may still be looked at in this walk. */
let left = 0;

/** Whether it is data all through: own enumerable values, no accessors, no proxies, no functions, no classes. */
export function isPlainThrough(value: unknown): boolean {
  left = VALUES_AT_MOST;
  return isPlain(value, LEVELS_AT_MOST);
}

function isPlain(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return isSmallPrimitive(value);
  if (levels === 0 || isProxy(value)) return false;
  const prototype = prototypeOf(value);
  const isList = prototype === ARRAY && Array.isArray(value);
  if (!isList && prototype !== OBJECT) return false;
  const keys = ownKeys(value);
  left -= keys.length;
  if (left < 0) return false;
  // Beside its elements an array has its length.
  if (isList && (keys.length !== value.length + 1 || !endsList(keys, value.length))) return false;
  for (const key of keys) {
    const own = descriptorOf(value, key)!;
    if (!('value' in own) || typeof key === 'symbol') return false;
    if (!own.enumerable && !(isList && key === 'length')) return false;
    if (!isPlain(own.value, levels - 1)) return false;
  }
  return true;
}

/** Indices come first, in order: if the last one stands in its place, there is none missing, whose place another key took. */
function endsList(keys: readonly PropertyKey[], length: number): boolean {
  return length === 0 || keys[length - 1] === String(length - 1);
}

/** An array with no more to it: no proxy, no subclass. */
export function isArrayOfItsOwn(items: unknown): items is readonly unknown[] {
  return Array.isArray(items) && !isProxy(items) && prototypeOf(items) === ARRAY;
}

/** Most objects in rows are short lists of primitives, and so are arguments. */
export function isPlainList(value: object): boolean {
  if (isProxy(value) || prototypeOf(value) !== ARRAY || !Array.isArray(value)) return isPlainThrough(value);
  const { length } = value;
  if (length > VALUES_AT_MOST) return false;
  const keys = Object.keys(value);
  if (keys.length !== length || !endsList(keys, length)) return false;
  for (let i = 0; i < length; i++) if (!isSmallPrimitive(value[i])) return isPlainThrough(value);
  return true;
}
