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

/** The text of a thrown value. Asking for it runs the user's code, which may throw again. */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value that cannot be described';
  }
}

/** Its first line. */
export function lineOf(value: unknown): string {
  return textOf(value).split('\n')[0]!;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `512 B`, `1.5 kB`, `900 MB`. */
export function inBytes(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** step;
  return `${step > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[step]}`;
}
