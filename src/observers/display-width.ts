/** How many columns a text takes in a terminal, and texts made to fit. */
import { stripVTControlCharacters } from 'node:util';

/** Invisible characters that would move the cursor, break the line or turn its direction; the joiner of emoji is not one of them. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** What takes two columns: the East Asian blocks of full-width characters, and emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.+\ufe0f|[\u{1f1e6}-\u{1f1ff}]|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18fff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}])/u;

let segmenter: Intl.Segmenter | undefined;

/** A text as one line without escape codes and control characters: what may be drawn wherever it came from. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, ' ').replace(INVISIBLE, '').replace(/ +/g, ' ').trim();
}

/** The columns a text without control characters takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of charactersOf(text)) width += widthOf(character);
  return width;
}

/** The text where it fits into `columns`, otherwise its beginning and `…`. */
export function fitted(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 1;
  for (const character of charactersOf(text)) {
    width += widthOf(character);
    if (width > columns) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
}

/** The text with spaces behind it up to `columns`. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** What a reader sees as one character: a letter with its accents, an emoji of several code points. */
function charactersOf(text: string): Iterable<string> {
  // Almost every label is plain, and a segmenter takes a millisecond to make.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function widthOf(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}
