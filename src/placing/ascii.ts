/** Names and whole numbers in ASCII, read by hand: V8 compiles a pattern when it is first used, and that takes as long as many a first call. */

const UNDERSCORE = 95;
const DOLLAR = 36;
const POINT = 46;
const BEYOND = 128;

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;
/** Spaces, tabs and ends of lines. */
export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
export const isBeyondAscii = (code: number): boolean => code >= BEYOND;

function beginsName(code: number): boolean {
  const lower = code | 32;
  return (lower >= 97 && lower <= 122) || code === UNDERSCORE || code === DOLLAR;
}

const goesOn = (code: number) => beginsName(code) || isDigit(code);

/** Where a name ends that begins here; `from` where none does. Undefined where only a pattern can say: at other alphabets. */
export function nameEnd(text: string, from: number): number | undefined {
  const first = text.charCodeAt(from);
  if (isBeyondAscii(first)) return undefined;
  if (!beginsName(first)) return from;
  let at = from + 1;
  while (goesOn(text.charCodeAt(at))) at += 1;
  return isBeyondAscii(text.charCodeAt(at)) ? undefined : at;
}

/** Where a number ends that is nothing but digits. Undefined for all others. */
export function digitsEnd(text: string, from: number): number | undefined {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  const next = text.charCodeAt(at);
  return at === from || next === POINT || goesOn(next) || isBeyondAscii(next) ? undefined : at;
}
