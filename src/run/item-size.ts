/** How large an item is, for back-pressure by bytes. */

/** A quick estimate in bytes, for back-pressure: exact for binary data and strings, one level deep for objects. */
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
  if (Array.isArray(item)) return 16 + item.length * 16;
  let bytes = 32;
  for (const value of Object.values(item)) {
    bytes += typeof value === 'string' ? value.length * 2 : ArrayBuffer.isView(value) ? value.byteLength : 16;
  }
  return bytes;
}
