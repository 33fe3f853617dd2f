/** Data that structured clone copies faithfully by itself: it goes as it is, without a node for each object. */
import util from 'node:util';
import { isIntrinsic } from './intrinsics.ts';

const { types } = util;
const KEYS_LISTED_AT_MOST = 1000;
/** Structured clone gives up at some thousand levels, fewer where the stack is full already. Deeper data goes by nodes, which lie flat. */
const LEVELS_AT_MOST = 500;

/** Thrown when any object may be asked for by itself: then nothing is plain. */
export class NeedsNodes extends Error {}

/** Remembers its answers, for one shipment; but not of objects that hold no others, which are soon asked again. */
export class PlainData {
  /** What it has seen takes about so many bytes on its way; what is reached twice may count twice. */
  bytes = 0;
  /** Nothing is plain: each object has a node of its own, by which a weak collection finds it. */
  isOff = false;
  readonly #answers = new Map<object, boolean>();
  /** Objects found plain in the question being answered, which a cycle may have taken for granted too early. */
  #provisional: object[] = [];
  #depth = 0;
  #sawCycle = false;

  has(value: unknown): boolean {
    if (value === null || typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol';
    if (this.isOff) return false;
    const known = this.#answers.get(value);
    if (known !== undefined) {
      if (this.#depth > 0) this.#sawCycle = true;
      return known;
    }
    // Not remembered: from its own node it will be asked for again, at the top.
    if (this.#depth >= LEVELS_AT_MOST) return false;
    return this.#check(value);
  }

  /** Before the first object inside another is asked about: it may lead back. */
  #enter(value: object): void {
    this.#answers.set(value, true);
    this.#provisional.push(value);
    this.#depth += 1;
  }

  #leave(value: object, answer: boolean): boolean {
    this.#depth -= 1;
    this.#answers.set(value, answer);
    if (this.#depth === 0) this.#settle(answer);
    return answer;
  }

  /** Has it been asked for this object, by itself or within another? */
  hasSeen(object: object): boolean {
    return this.#answers.has(object);
  }

  /** A node for each object is always right, only slower: so doubt makes them all take that way. */
  #settle(answer: boolean): void {
    if (!answer && this.#sawCycle) for (const object of this.#provisional) this.#answers.set(object, false);
    this.#provisional = [];
    this.#sawCycle = false;
  }

  #check(value: object): boolean {
    if (types.isProxy(value)) return false;
    const prototype = Object.getPrototypeOf(value);
    if (Array.isArray(value)) return isIntrinsic(prototype, 'Array.prototype') && this.#isPlainArray(value);
    if (isIntrinsic(prototype, 'Object.prototype')) return this.#isPlainObject(value);
    if (types.isMap(value)) {
      if (!isIntrinsic(prototype, 'Map.prototype') || !isBare(value)) return false;
      this.#enter(value);
      for (const [key, item] of value) if (!this.#hasItem(key) || !this.#hasItem(item)) return this.#leave(value, false);
      return this.#leave(value, true);
    }
    if (types.isSet(value)) {
      if (!isIntrinsic(prototype, 'Set.prototype') || !isBare(value)) return false;
      this.#enter(value);
      for (const item of value) if (!this.#hasItem(item)) return this.#leave(value, false);
      return this.#leave(value, true);
    }
    if (types.isDate(value)) return isIntrinsic(prototype, 'Date.prototype') && isBare(value);
    if (!types.isArrayBuffer(value) || !isIntrinsic(prototype, 'ArrayBuffer.prototype')) return false;
    this.bytes += value.byteLength;
    this.#answers.set(value, true);
    return true;
  }

  #hasItem(item: unknown): boolean {
    this.bytes += bytesOfPrimitive(item);
    return !isCompound(item) || this.has(item);
  }

  #isPlainArray(list: readonly unknown[]): boolean {
    if (!Object.isExtensible(list)) return false;
    // Listing a long array's keys costs too much.
    if (list.length <= KEYS_LISTED_AT_MOST && !hasUsualKeys(list)) return false;
    let entered = false;
    let bytes = 0;
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (typeof item === 'number') bytes += BYTES_OF_NUMBER;
      else if (!isCompound(item)) bytes += bytesOfPrimitive(item);
      else {
        if (!entered) this.#enter(list);
        entered = true;
        if (!this.has(item)) return this.#leave(list, false);
      }
    }
    this.bytes += bytes;
    return entered ? this.#leave(list, true) : true;
  }

  #isPlainObject(value: object): boolean {
    if (!Object.isExtensible(value) || types.isArgumentsObject(value) || types.isNativeError(value)) return false;
    // Names and symbols apart: V8 has the names of alike objects ready, while Reflect.ownKeys takes fifteen times as long.
    if (Object.getOwnPropertySymbols(value).length > 0) return false;
    let entered = false;
    let bytes = BYTES_OF_OBJECT;
    for (const key of Object.getOwnPropertyNames(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if (key === '__proto__' || !isUsual(descriptor)) return entered ? this.#leave(value, false) : false;
      const item: unknown = descriptor.value;
      bytes += key.length + 2 + bytesOfPrimitive(item);
      if (!isCompound(item)) continue;
      if (!entered) this.#enter(value);
      entered = true;
      if (!this.has(item)) return this.#leave(value, false);
    }
    this.bytes += bytes;
    return entered ? this.#leave(value, true) : true;
  }
}

/** The indices, and `length` behind them: another last key is a property of its own. */
function hasUsualKeys(list: readonly unknown[]): boolean {
  const keys = Reflect.ownKeys(list);
  if (keys.pop() !== 'length' || !Object.getOwnPropertyDescriptor(list, 'length')?.writable) return false;
  return keys.every((key) => isUsual(Object.getOwnPropertyDescriptor(list, key) as PropertyDescriptor));
}

function isUsual(property: PropertyDescriptor): boolean {
  return 'value' in property && property.enumerable === true && property.writable === true && property.configurable === true;
}

function isBare(value: object): boolean {
  return Object.isExtensible(value) && Reflect.ownKeys(value).length === 0;
}

const BYTES_OF_NUMBER = 9;
const BYTES_OF_OBJECT = 4;
const SMALL = 8192;

/** As `v8.serialize` writes it, or nearly so. Of an object, only the mention. */
export function bytesOfPrimitive(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'number') return 2;
  return (value | 0) !== value ? BYTES_OF_NUMBER : value > -SMALL && value < SMALL ? 3 : 5;
}

function isCompound(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
}
