/** Whether structured clone carries a value with its class and all that is in it. What it drops by design (freezing, a RegExp's lastIndex) is no obstacle. */
import { types } from 'node:util';

/**
 * Plain: primitives but symbols, and arrays, objects, Maps, Sets, Dates, RegExps, buffers and typed arrays of the language's own classes
 * that hold only plain values. Structured clone takes more, but silently turns instances into bare objects.
 */
export function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
  try {
    return isPlainObject(value, undefined);
  } catch {
    // A getter or a proxy of the user's that throws: the codec says what is wrong with it.
    return false;
  }
}

function isPlainObject(value: object, seen: Set<object> | undefined): boolean {
  if (types.isProxy(value)) return false;
  const proto = Object.getPrototypeOf(value) as object | null;
  if (proto === Array.prototype) return isPlainArray(value as unknown[], seen);
  if (proto === Object.prototype) return isPlainRecord(value as Record<string, unknown>, seen);
  if (proto === null) return false;
  if (proto === Date.prototype || proto === RegExp.prototype || proto === ArrayBuffer.prototype || proto === SharedArrayBuffer.prototype)
    return bare(value);
  if (proto === Map.prototype) return bare(value) && every((value as Map<unknown, unknown>).entries(), value, seen);
  if (proto === Set.prototype) return bare(value) && every((value as Set<unknown>).values(), value, seen);
  // A view of a larger buffer would drag all of it along: such views are packed with their own bytes only.
  if (ArrayBuffer.isView(value)) {
    return VIEWS.has(proto) && (value.byteLength === value.buffer.byteLength || value.buffer instanceof SharedArrayBuffer);
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

function isPlainArray(value: unknown[], seen: Set<object> | undefined): boolean {
  let inner = seen;
  for (let i = 0; i < value.length; i++) {
    const v = value[i];
    if (typeof v !== 'object' || v === null) {
      if (typeof v === 'function' || typeof v === 'symbol') return false;
      continue;
    }
    inner ??= new Set();
    if (!visit(v, value, inner)) return false;
  }
  return true;
}

function isPlainRecord(value: Record<string, unknown>, seen: Set<object> | undefined): boolean {
  // Thrown errors and `arguments` objects have other prototypes or tags; a symbol key would be dropped on the way.
  if (Object.getOwnPropertySymbols(value).length > 0) return false;
  let inner = seen;
  for (const key in value) {
    const v = value[key];
    if (typeof v !== 'object' || v === null) {
      if (typeof v === 'function' || typeof v === 'symbol') return false;
      continue;
    }
    inner ??= new Set();
    if (!visit(v, value, inner)) return false;
  }
  return true;
}

/** Looks at each object once: data may be shared and cyclic. */
function visit(child: object, parent: object, seen: Set<object>): boolean {
  seen.add(parent);
  if (seen.has(child)) return true;
  seen.add(child);
  return isPlainObject(child, seen);
}

function every(values: Iterable<unknown>, parent: object, seen: Set<object> | undefined): boolean {
  const inner = seen ?? new Set<object>();
  inner.add(parent);
  for (const v of values) {
    if (typeof v === 'function' || typeof v === 'symbol') return false;
    if (typeof v !== 'object' || v === null) continue;
    // Entries of a Map arrive as fresh pairs.
    if (!visit(v, parent, inner)) return false;
  }
  return true;
}

function bare(value: object): boolean {
  return Reflect.ownKeys(value).every((key) => key === 'lastIndex');
}
