/** A terminal small enough to trust: what a person sees after everything that was written. It knows the codes that a bar needs, no more. */
import { displayWidth } from '../../src/observers/display-width.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is about control characters.
const SEQUENCE = /\u001b\[(\??)(\d*)([A-Za-z])/y;

export class Emulator {
  columns: number;
  /** Cells of each row; what is right of the last one is empty. A wide character is followed by an empty cell. */
  #rows: string[][] = [[]];
  #x = 0;
  #y = 0;
  #cursorShown = true;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** What it shows, without empty lines at the end. */
  get lines(): string[] {
    const lines = this.#rows.map((row) => row.join('').trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  get cursor(): { readonly x: number; readonly y: number; readonly shown: boolean } {
    return { x: this.#x, y: this.#y, shown: this.#cursorShown };
  }

  write(text: string): void {
    for (let at = 0; at < text.length; ) {
      SEQUENCE.lastIndex = at;
      const code = SEQUENCE.exec(text);
      if (code) {
        this.#obey(code[1]! + code[3]!, Number(code[2] || (/[JKm]/.test(code[3]!) ? 0 : 1)));
        at = SEQUENCE.lastIndex;
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(at)!);
      at += character.length;
      if (character === '\n') this.#goTo(0, this.#y + 1);
      else if (character === '\r') this.#x = 0;
      else this.#put(character);
    }
  }

  /** As most terminals do it: rows that have become too long are broken, and the cursor stays with its text. */
  resize(columns: number): void {
    const rows: string[][] = [];
    let y = 0;
    this.#rows.forEach((row, i) => {
      if (i === this.#y) y = rows.length + Math.floor(this.#x / columns);
      for (let from = 0; from === 0 || from < row.length; from += columns) rows.push(row.slice(from, from + columns));
    });
    this.#rows = rows;
    this.columns = columns;
    this.#goTo(this.#x % columns, y);
  }

  #put(character: string): void {
    const width = displayWidth(character);
    if (this.#x + width > this.columns) this.#goTo(0, this.#y + 1);
    const row = this.#rows[this.#y]!;
    while (row.length < this.#x) row.push(' ');
    row.splice(this.#x, width, character, ...Array<string>(width - 1).fill(''));
    this.#x += width;
  }

  #goTo(x: number, y: number): void {
    this.#x = x;
    this.#y = Math.max(0, y);
    while (this.#rows.length <= this.#y) this.#rows.push([]);
  }

  #obey(code: string, n: number): void {
    switch (code) {
      case 'A':
        return this.#goTo(this.#x, this.#y - n);
      case 'B':
        return this.#goTo(this.#x, this.#y + n);
      case 'G':
        return this.#goTo(n - 1, this.#y);
      case 'K':
        if (n === 2) this.#rows[this.#y] = [];
        else this.#rows[this.#y]!.length = Math.min(this.#rows[this.#y]!.length, this.#x);
        return;
      case 'm':
        return;
      case '?h':
      case '?l':
        if (n === 25) this.#cursorShown = code === '?h';
        else if (n !== 2026) throw new Error(`the emulator does not know ESC[?${n}`);
        return;
      default:
        throw new Error(`the emulator does not know ESC[${n}${code}`);
    }
  }
}
