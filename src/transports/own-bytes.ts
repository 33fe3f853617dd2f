/**
 * Typed arrays on their way to another thread are copied here where structured clone would do worse: where they show part of a larger buffer,
 * and where they are large. What was one array stays one: each is copied once for all its places among the values.
 */
// Not `node:util`, which takes a millisecond more to import.
import { isProxy } from 'node:util/types';
import type { Movable } from '../transfer.ts';

/** Larger ones are copied here and the copy moves: structured clone would copy them twice, and grow a message around them. */
const LARGE_BYTES = 64 * 1024;
/** Arguments of a call are a list among the values; longer lists are data. */
const FEW = 4;

/**
 * A typed array that shows part of a larger buffer would drag all of it along: it travels with its own bytes. `moved` gets the memory of
 * copies that may move, where memory can. What is `moving` itself needs none.
 */
export function withOwnBytes(
  values: ArrayLike<unknown>,
  moved: ArrayBuffer[] | undefined,
  moving: ReadonlySet<Movable> | undefined,
): ArrayLike<unknown> {
  if (ArrayBuffer.isView(values)) return values;
  let own: unknown[] | undefined;
  let copies: Copies | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== 'object' || value === null) continue;
    let copy: unknown = value;
    if (Array.isArray(value)) {
      if (!moved || !isFewWithLarge(value)) continue;
      copies ??= new Copies(values, moved, moving);
      copy = copies.ofLargeAmong(value);
    } else if (isNumbers(value) && (value.byteLength >= LARGE_BYTES || value.byteLength !== value.buffer.byteLength)) {
      copies ??= new Copies(values, moved, moving);
      copy = copies.of(value);
    }
    if (copy === value) continue;
    own ??= Array.from(values);
    own[i] = copy;
  }
  return own ?? values;
}

type Numbers = NodeJS.TypedArray;

/** A Buffer's memory may be Node's own, and is copied by whoever sends it. */
function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !Buffer.isBuffer(value);
}

function isFewWithLarge(args: readonly unknown[]): boolean {
  return args.length <= FEW && args.some((arg) => ArrayBuffer.isView(arg) && arg.byteLength >= LARGE_BYTES);
}

/** The copies for one message. */
class Copies {
  readonly #values: ArrayLike<unknown>;
  readonly #moved: ArrayBuffer[] | undefined;
  readonly #moving: ReadonlySet<Movable> | undefined;
  readonly #made = new Map<Numbers, Numbers>();
  /** The memory that one view alone shows; nothing where nobody can say at a glance. Looked for when it is first asked for. */
  #alone: ReadonlySet<unknown> | undefined;

  constructor(values: ArrayLike<unknown>, moved: ArrayBuffer[] | undefined, moving: ReadonlySet<Movable> | undefined) {
    this.#values = values;
    this.#moved = moved;
    this.#moving = moving;
  }

  /** The array itself where it can travel as it is. */
  of(array: Numbers): Numbers {
    const made = this.#made.get(array);
    if (made) return made;
    const { buffer } = array;
    if (buffer instanceof SharedArrayBuffer || this.#moving?.has(buffer)) return array;
    const isWhole = array.byteLength === buffer.byteLength;
    if (isWhole && (!this.#moved || array.byteLength < LARGE_BYTES || !this.#isAlone(buffer))) return array;
    const copy = array.slice();
    if (this.#moved && copy.byteLength >= LARGE_BYTES) this.#moved.push(copy.buffer as ArrayBuffer);
    this.#made.set(array, copy);
    return copy;
  }

  /** Arguments that are small, or show the same memory, travel as structured clone has it: with all that they show. */
  ofLargeAmong(args: readonly unknown[]): readonly unknown[] {
    let own: unknown[] | undefined;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i];
      if (!isNumbers(arg) || arg.byteLength < LARGE_BYTES || !this.#isAlone(arg.buffer)) continue;
      const copy = this.of(arg);
      if (copy === arg) continue;
      own ??= [...args];
      own[i] = copy;
    }
    return own ?? args;
  }

  /** A copy shares its memory with nobody, and cannot grow. */
  #isAlone(buffer: ArrayBufferLike): boolean {
    if ((buffer as { readonly resizable?: boolean }).resizable) return false;
    this.#alone ??= shownByOne(this.#values) ?? new Set();
    return this.#alone.has(buffer);
  }
}

/** The memory that exactly one of these values shows. Undefined where some value may show any: nobody searches all that it holds. */
function shownByOne(values: ArrayLike<unknown>): ReadonlySet<unknown> | undefined {
  const shownBy = new Map<unknown, unknown>();
  const alone = new Set<unknown>();
  const see = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    const isView = ArrayBuffer.isView(value);
    if (!isView && !(value instanceof ArrayBuffer)) return !mayHoldMemory(value);
    const memory = isView ? value.buffer : value;
    if (!shownBy.has(memory)) {
      shownBy.set(memory, value);
      alone.add(memory);
    } else if (shownBy.get(memory) !== value) alone.delete(memory);
    return true;
  };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const isKnown = Array.isArray(value) && value.length <= FEW ? value.every(see) : see(value);
    if (!isKnown) return undefined;
  }
  return alone;
}

/** Options of a few plain words hold none, nor does a list of them. */
const WORDS_AT_MOST = 16;

function mayHoldMemory(value: object): boolean {
  if (isProxy(value) || value instanceof Map || value instanceof Set) return true;
  if (Array.isArray(value)) return value.some(isObject);
  const keys = Reflect.ownKeys(value);
  if (keys.length > WORDS_AT_MOST) return true;
  return keys.some((key) => {
    const property = Object.getOwnPropertyDescriptor(value, key);
    return !property || !('value' in property) || isObject(property.value);
  });
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
