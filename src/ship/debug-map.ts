/**
 * A source map for rebuilt code, from its text to the user's TypeScript. V8 itself ignores it; a debugger that is attached to a worker finds by
 * it where its breakpoints are. Like the map of an inline script, it counts lines and columns from the start of the text.
 */
import { type Edit, inOrder } from './edits.ts';
import type { Script } from './scripts.ts';
import { originalPosition } from './source-positions.ts';

/** Where the function's text stands. */
interface Origin {
  readonly script: Script;
  /** In the script, both from 0. */
  readonly line: number;
  readonly column: number;
}

/** A comment to end the code with. `before`: what stands before the function's text in its first line. */
export function mapComment(text: string, edits: readonly Edit[], before: string, { script, line, column }: Origin): string {
  const sources: string[] = [];
  const lines: string[] = [];
  let segments: string[] = [];
  let last = { column: 0, source: 0, line: 0, originalColumn: 0 };
  let shown = '';
  const at = { line, column, generated: before.length };
  const mark = () => {
    const found = originalPosition(script, at.line, at.column);
    const place = found && `${found.file}:${found.line}:${found.column}`;
    if (!found || place === shown) return;
    shown = place as string;
    if (!sources.includes(found.file)) sources.push(found.file);
    const next = { column: at.generated, source: sources.indexOf(found.file), line: found.line - 1, originalColumn: found.column - 1 };
    const deltas = [next.column - last.column, next.source - last.source, next.line - last.line, next.originalColumn - last.originalColumn];
    segments.push(deltas.map(vlq).join(''));
    last = next;
  };
  const read = (part: string) => {
    const newlines = part.split('\n').length - 1;
    at.column = newlines > 0 ? part.length - 1 - part.lastIndexOf('\n') : at.column + part.length;
    at.line += newlines;
  };
  const write = (part: string) => {
    const parts = part.split('\n');
    for (const _ of parts.slice(1)) {
      lines.push(segments.join());
      segments = [];
      last = { ...last, column: 0 };
    }
    at.generated = parts.length > 1 ? parts.at(-1)!.length : at.generated + part.length;
  };
  let index = 0;
  const end = { start: text.length, end: text.length, text: '' };
  for (const edit of [...inOrder(edits), end]) {
    for (; index < edit.start; index += 1) {
      mark();
      read(text.charAt(index));
      write(text.charAt(index));
    }
    mark();
    read(text.slice(index, edit.end));
    write(edit.text);
    index = Math.max(index, edit.end);
  }
  lines.push(segments.join());
  const map = { version: 3, sources, names: [], mappings: lines.join(';') };
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 digits of five bits each, the sign in the lowest bit, as source maps have them. */
function vlq(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let digits = '';
  do {
    const more = rest > 31 ? 32 : 0;
    digits += DIGITS[(rest & 31) | more];
    rest >>>= 5;
  } while (rest > 0);
  return digits;
}
