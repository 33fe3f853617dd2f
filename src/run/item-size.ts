/** How large an item is, for back-pressure by bytes. */

/** Longer arrays are not looked into: looking must cost little beside the sending. */
const SHORT = 16;

/** A quick estimate in bytes, for back-pressure: exact for binary data and strings, one level deep for objects and short arrays, such as lists of arguments. */
export function sizeOf(item: unknown): number {
  if (typeof item === 'number') return 8;
  if (typeof item === 'string') return item.length * 2;
  if (typeof item !== 'object' || item === null) return 8;
  try {
    return sizeOfObject(item);
  } catch {
    // A getter or a proxy of the caller's that throws: whether the item can travel is decided when it does.
    return 32;
  }
}

function sizeOfObject(item: object): number {
  if (ArrayBuffer.isView(item) || item instanceof ArrayBuffer) return item.byteLength;
  if (Array.isArray(item)) {
    let bytes = 16 + item.length * 16;
    if (item.length <= SHORT) for (const value of item) bytes += bytesBehind(value);
    return bytes;
  }
  let bytes = 32;
  // Reading a name in this loop costs V8 a few nanoseconds; a list of the values would have to be made first.
  for (const key in item) bytes += 16 + bytesBehind((item as Readonly<Record<string, unknown>>)[key]);
  return bytes;
}

/** What a value takes beside its own place. */
function bytesBehind(value: unknown): number {
  if (typeof value === 'string') return value.length * 2;
  if (typeof value !== 'object' || value === null) return 0;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  return 0;
}
