/** Text that comes in pieces, passed on in whole lines. */

/** What goes on without an end is passed on in pieces. */
const LONGEST_LINE = 100_000;

export class WholeLines {
  #rest = '';

  /** Gives the lines that are complete now; an empty text where none is. */
  take(piece: string): string {
    // Only the new piece is searched: a line may be long.
    const end = this.#rest.length > LONGEST_LINE ? piece.length : piece.lastIndexOf('\n') + 1;
    if (end === 0) {
      this.#rest += piece;
      return '';
    }
    const lines = this.#rest + piece.slice(0, end);
    this.#rest = piece.slice(end);
    return lines;
  }

  /** Gives the line that has been begun, which is whole from now on. */
  takeRest(): string {
    const rest = this.#rest;
    this.#rest = '';
    return rest;
  }
}
