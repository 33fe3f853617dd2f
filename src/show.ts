/** Values in messages, as a person would write them in code. */

/** A value as it is written in code. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `a function${value.name ? ` ("${value.name}")` : ''}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return Object.prototype.toString.call(value) === '[object Object]'
      ? 'an object'
      : `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
  return String(value);
}
