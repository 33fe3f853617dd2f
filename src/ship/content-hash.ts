/**
 * A name for a text by what it says: MurmurHash3 of 128 bits, over its UTF-16 units. It keeps texts apart that programs have, not ones
 * that somebody makes to collide; who could do that runs code here anyway. Not by node:crypto: loading it takes some milliseconds of the
 * first call, and to hash a function takes longer than this.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;
/** Units that are mixed in together: 16 bytes. */
const BLOCK = 8;

/** Equal for equal texts alone, in every thread: 32 hexadecimal digits. */
export function contentHash(text: string): string {
  let [h1, h2, h3, h4] = [0, 0, 0, 0];
  const { length } = text;
  // Beyond the end there are zeros, which the length tells from those of the text.
  const word = (at: number) => (at < length ? text.charCodeAt(at) : 0) | ((at + 1 < length ? text.charCodeAt(at + 1) : 0) << 16);
  for (let at = 0; at < length; at += BLOCK) {
    h1 ^= mixed(word(at), C1, 15, C2);
    h1 = Math.imul((turned(h1, 19) + h2) | 0, 5) + 0x561ccd1b;
    h2 ^= mixed(word(at + 2), C2, 16, C3);
    h2 = Math.imul((turned(h2, 17) + h3) | 0, 5) + 0x0bcaa747;
    h3 ^= mixed(word(at + 4), C3, 17, C4);
    h3 = Math.imul((turned(h3, 15) + h4) | 0, 5) + 0x96cd1c35;
    h4 ^= mixed(word(at + 6), C4, 18, C1);
    h4 = Math.imul((turned(h4, 13) + h1) | 0, 5) + 0x32ac3b17;
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  const parts = [h1, h2 + h1, h3 + h1, h4 + h1].map(avalanche);
  const all = parts.reduce((sum, part) => (sum + part) | 0, 0);
  return [all, ...parts.slice(1).map((part) => (part + all) | 0)].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

function mixed(word: number, before: number, by: number, after: number): number {
  return Math.imul(turned(Math.imul(word, before), by), after);
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Each bit of it changes half of the others. */
function avalanche(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
