/** Whether structured clone carries a value with its class and all that is in it. What it drops by design (freezing, a RegExp's lastIndex) is no obstacle. */
// Not `node:util`, which takes a millisecond more to import.
import { isProxy } from 'node:util/types';

/**
 * Plain: primitives but symbols, and arrays, objects, Maps, Sets, Dates, RegExps, buffers and typed arrays of the language's own classes
 * that hold only plain values. Structured clone takes more, but silently turns instances into bare objects.
 * `sharesMemory`: whether shared memory crosses as what it is.
 */
export function isPlain(value: unknown, sharesMemory = true): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
  try {
    return isPlainObject(value, sharesMemory, undefined);
  } catch {
    // A getter or a proxy of the user's that throws: the codec says what is wrong with it.
    return false;
  }
}

/** Structured clone gives up at some thousand levels, fewer where the stack is full already. */
const LEVELS_AT_MOST = 500;

interface Walk {
  readonly seen: Set<object>;
  depth: number;
}

function isPlainObject(value: object, shares: boolean, walk: Walk | undefined): boolean {
  if (isProxy(value)) return false;
  const proto = Object.getPrototypeOf(value) as object | null;
  if (proto === Array.prototype) return isPlainArray(value as unknown[], shares, walk);
  if (proto === Object.prototype) return isPlainRecord(value as Record<string, unknown>, shares, walk);
  if (proto === null) return false;
  if (proto === Date.prototype || proto === RegExp.prototype || proto === ArrayBuffer.prototype) return bare(value);
  if (proto === SharedArrayBuffer.prototype) return shares && bare(value);
  if (proto === Map.prototype) return bare(value) && every((value as Map<unknown, unknown>).entries(), value, shares, walk);
  if (proto === Set.prototype) return bare(value) && every((value as Set<unknown>).values(), value, shares, walk);
  // A view of a larger buffer would drag all of it along: such views are packed with their own bytes only.
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof SharedArrayBuffer) return shares && VIEWS.has(proto);
    return VIEWS.has(proto) && value.byteLength === value.buffer.byteLength;
  }
  return false;
}

const VIEWS: ReadonlySet<object> = new Set(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  ].map((C) => C.prototype),
);

function isPlainArray(value: unknown[], shares: boolean, walk: Walk | undefined): boolean {
  let inner = walk;
  for (let i = 0; i < value.length; i++) {
    const v = value[i];
    if (typeof v !== 'object' || v === null) {
      if (typeof v === 'function' || typeof v === 'symbol') return false;
      continue;
    }
    inner ??= { seen: new Set(), depth: 0 };
    if (!visit(v, value, shares, inner)) return false;
  }
  return true;
}

function isPlainRecord(value: Record<string, unknown>, shares: boolean, walk: Walk | undefined): boolean {
  // Thrown errors and `arguments` objects have other prototypes or tags; a symbol key would be dropped on the way.
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  let inner = walk;
  for (const key in value) {
    const v = value[key];
    if (typeof v !== 'object' || v === null) {
      if (typeof v === 'function' || typeof v === 'symbol') return false;
      continue;
    }
    inner ??= { seen: new Set(), depth: 0 };
    if (!visit(v, value, shares, inner)) return false;
  }
  return true;
}

/** Looks at each object once: data may be shared and cyclic. */
function visit(child: object, parent: object, shares: boolean, walk: Walk): boolean {
  const { seen } = walk;
  seen.add(parent);
  if (seen.has(child)) return true;
  if (walk.depth >= LEVELS_AT_MOST) return false;
  seen.add(child);
  walk.depth += 1;
  const isPlain = isPlainObject(child, shares, walk);
  walk.depth -= 1;
  return isPlain;
}

function every(values: Iterable<unknown>, parent: object, shares: boolean, walk: Walk | undefined): boolean {
  const inner: Walk = walk ?? { seen: new Set(), depth: 0 };
  for (const v of values) {
    if (typeof v === 'function' || typeof v === 'symbol') return false;
    if (typeof v !== 'object' || v === null) continue;
    // Entries of a Map arrive as fresh pairs.
    if (!visit(v, parent, shares, inner)) return false;
  }
  return true;
}

function bare(value: object): boolean {
  return Reflect.ownKeys(value).every((key) => key === 'lastIndex');
}
