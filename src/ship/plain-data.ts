/** Data that structured clone copies faithfully by itself: it goes as it is, without a node for each object. */
import util from 'node:util';
import { isIntrinsic } from './intrinsics.ts';

const { types } = util;
const KEYS_LISTED_AT_MOST = 1000;
/** Structured clone gives up at some thousand levels, fewer where the stack is full already. Deeper data goes by nodes, which lie flat. */
const LEVELS_AT_MOST = 500;

/** Remembers its answers, for one shipment. */
export class PlainData {
  readonly #answers = new Map<object, boolean>();
  /** Objects found plain in the question being answered, which a cycle may have taken for granted too early. */
  #provisional: object[] = [];
  #depth = 0;
  #sawCycle = false;

  has(value: unknown): boolean {
    if (value === null || typeof value !== 'object') return typeof value !== 'function' && typeof value !== 'symbol';
    const known = this.#answers.get(value);
    if (known !== undefined) {
      if (this.#depth > 0) this.#sawCycle = true;
      return known;
    }
    // Not remembered: from its own node it will be asked for again, at the top.
    if (this.#depth >= LEVELS_AT_MOST) return false;
    this.#answers.set(value, true);
    this.#provisional.push(value);
    this.#depth += 1;
    const answer = this.#check(value);
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
      if (!isIntrinsic(prototype, 'Map.prototype') || Reflect.ownKeys(value).length > 0) return false;
      for (const [key, item] of value) if (!this.has(key) || !this.has(item)) return false;
      return true;
    }
    if (types.isSet(value)) {
      if (!isIntrinsic(prototype, 'Set.prototype') || Reflect.ownKeys(value).length > 0) return false;
      for (const item of value) if (!this.has(item)) return false;
      return true;
    }
    if (types.isDate(value)) return isIntrinsic(prototype, 'Date.prototype') && Reflect.ownKeys(value).length === 0;
    return types.isArrayBuffer(value) && isIntrinsic(prototype, 'ArrayBuffer.prototype');
  }

  #isPlainArray(list: readonly unknown[]): boolean {
    if (!Object.isExtensible(list)) return false;
    // `length` is the first key after the indices, so another last key is a property of its own. Listing a long array's keys costs too much.
    if (list.length <= KEYS_LISTED_AT_MOST && Reflect.ownKeys(list).at(-1) !== 'length') return false;
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (isCompound(item) && !this.has(item)) return false;
    }
    return true;
  }

  #isPlainObject(value: object): boolean {
    if (!Object.isExtensible(value) || types.isArgumentsObject(value) || types.isNativeError(value)) return false;
    for (const key of Reflect.ownKeys(value)) {
      if (typeof key === 'symbol' || key === '__proto__') return false;
      const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if (!('value' in descriptor) || !descriptor.enumerable || !descriptor.writable || !descriptor.configurable) return false;
      if (isCompound(descriptor.value) && !this.has(descriptor.value)) return false;
    }
    return true;
  }
}

function isCompound(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
}
