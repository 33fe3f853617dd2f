/** Changes to a function's text, and the way back from a position in the changed text. */

/** Replaces a part of a function's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** From a column of the changed text on, in one line of the script: where that is in the user's text. */
export interface Shift {
  readonly line: number;
  readonly column: number;
  readonly original: number;
  /** Whether what follows moves along, or stands for one place. */
  readonly moves: boolean;
}

/** In the order of the text; an insertion comes before the replacement that starts at its place. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** The same edit with as many lines as it replaces, so that what follows keeps its line, and its column if that was another line. */
export function keepingLines(text: string, edit: Edit): Edit {
  const lines = text.slice(edit.start, edit.end).split('\n');
  if (lines.length === edit.text.split('\n').length) return edit;
  return { ...edit, text: edit.text + '\n'.repeat(lines.length - 1) + ' '.repeat(lines.at(-1)!.length) };
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = '';
  let from = 0;
  for (const edit of inOrder(edits)) {
    edited += text.slice(from, edit.start) + edit.text;
    from = Math.max(from, edit.end);
  }
  return edited + text.slice(from);
}

/** How the columns of an edited text have moved. `line` and `column`: where the text starts in its script, both from 0. */
export function shiftsOf(text: string, edits: readonly Edit[], line: number, column: number): Shift[] {
  const shifts: Shift[] = [];
  const at = { line, column, moved: 0 };
  const pass = (part: string) => {
    const last = part.lastIndexOf('\n');
    if (last < 0) at.column += part.length;
    else {
      at.line += part.split('\n').length - 1;
      at.column = part.length - 1 - last;
      at.moved = 0;
    }
  };
  let from = 0;
  for (const edit of inOrder(edits)) {
    pass(text.slice(from, edit.start));
    const replaced = text.slice(Math.max(from, edit.start), edit.end);
    from = Math.max(from, edit.end);
    if (edit.text.length === replaced.length || replaced.includes('\n')) {
      pass(replaced);
      continue;
    }
    shifts.push({ line: at.line, column: at.column + at.moved, original: at.column, moves: false });
    const columnBefore = at.column + at.moved;
    pass(replaced);
    at.moved = columnBefore + edit.text.length - at.column;
    shifts.push({ line: at.line, column: at.column + at.moved, original: at.column, moves: true });
  }
  return shifts;
}

/** The user's column for one of the changed text. */
export function unshifted(shifts: readonly Shift[], line: number, column: number): number {
  const shift = shifts.findLast((one) => one.line === line && one.column <= column);
  if (!shift) return column;
  return shift.moves ? shift.original + column - shift.column : shift.original;
}
