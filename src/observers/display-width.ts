/** How many columns a text takes in a terminal, and texts made to fit. */
import { stripVTControlCharacters } from 'node:util';

/** Invisible characters that would move the cursor, break the line or turn its direction; the joiner of emoji is not one of them. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** What takes two columns: scripts of full-width characters, their punctuation, and emoji. Half-width forms are excepted below. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|.*\ufe0f|[\u{1f1e6}-\u{1f1ff}]|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Bopomofo}|[\u3000-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6])/u;
const HALF_WIDTH = /^[\uff61-\uffdc\uffe8-\uffee]/u;

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
  return WIDE.test(character) && !HALF_WIDTH.test(character) ? 2 : 1;
}
