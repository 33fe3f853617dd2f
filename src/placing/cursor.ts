/** A place in the tokens of a function, and the names that are known there. */
import type { Token } from './tokens.ts';

/** Thrown where a text is not proved, and caught where the reading began. */
export const notProved = new Error('not proved');

/** Words that are no names. */
const WORDS: ReadonlySet<string> = new Set(
  'arguments async await break case catch class const continue debugger default delete do else enum eval export extends false finally for function get if implements import in instanceof interface let new null of package private protected public return set static super switch this throw true try typeof var void while with yield'.split(
    ' ',
  ),
);

/** A name that holds an item, or another of its own: the index, what was destructured, a constant; or the function itself. */
export type Kind = 'item' | 'own' | 'itself';

export class Cursor {
  protected at = 0;
  #tokens: readonly Token[];
  /** Names, the outermost first. */
  readonly #scopes: Map<string, Kind>[] = [new Map()];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Reads all of a part, such as one of a template. */
  protected within(part: readonly Token[], read: () => void): void {
    const [tokens, at] = [this.#tokens, this.at];
    this.#tokens = part;
    this.at = 0;
    read();
    if (this.token) throw notProved;
    this.#tokens = tokens;
    this.at = at;
  }

  /** What is declared in it is known in it alone. */
  protected inScope(read: () => void): void {
    this.#scopes.push(new Map());
    read();
    this.#scopes.pop();
  }

  protected get next(): Token | undefined {
    return this.#tokens[this.at + 1];
  }

  /** What was read from this place on. */
  protected since(from: number): readonly Token[] {
    return this.#tokens.slice(from, this.at);
  }

  protected get token(): Token | undefined {
    return this.#tokens[this.at];
  }

  protected is(mark: string): boolean {
    const token = this.token;
    return token?.type === 'mark' && token.text === mark;
  }

  protected isName(): boolean {
    return this.token?.type === 'name';
  }

  protected isWord(word: string): boolean {
    const token = this.token;
    return token?.type === 'name' && token.text === word;
  }

  protected take(mark: string): boolean {
    const found = this.is(mark);
    if (found) this.at += 1;
    return found;
  }

  protected takeWord(word: string): boolean {
    const found = this.isWord(word);
    if (found) this.at += 1;
    return found;
  }

  protected expect(mark: string): void {
    if (!this.take(mark)) throw notProved;
  }

  protected name(): string {
    const name = this.nameOfMember();
    if (WORDS.has(name)) throw notProved;
    return name;
  }

  /** Behind a dot any word is a name. */
  protected nameOfMember(): string {
    const token = this.token;
    if (token?.type !== 'name') throw notProved;
    this.at += 1;
    return token.text;
  }

  protected declare(name: string, kind: Kind): void {
    this.#scopes.at(-1)!.set(name, kind);
  }

  protected find(name: string): Kind | undefined {
    return this.#scopes.findLast((scope) => scope.has(name))?.get(name);
  }
}
