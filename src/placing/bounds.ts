/** What methods make of texts stays short enough that each takes no longer than a task may. The texts of items are short: see `LONGEST_TEXT`. */
import type { Token } from './tokens.ts';

/** What they put in comes once for each place in the text. */
const GROW: ReadonlySet<string> = new Set(['join', 'replace', 'replaceAll']);
/** They look for a text at each place of another: of two long ones this takes as long as the one times the other. */
const SEARCH: ReadonlySet<string> = new Set(['includes', 'indexOf', 'lastIndexOf', 'replace', 'replaceAll', 'split']);
/** Characters of a literal that may be put in, with its quotes. */
const SHORT = 32;
const GROWING_AT_MOST = 2;
/** Values of a few characters. */
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null']);

/** Counts what a function does to texts. */
export class Bounds {
  #growing = 0;
  #searchesLong = false;
  #isOut = false;

  /** A call of a method with these arguments. */
  add(method: string, args: readonly Token[]): void {
    if (SEARCH.has(method) && !isShort(args[0])) this.#searchesLong = true;
    // A text that is computed may be long, and so may what it is put into.
    else if (SEARCH.has(method) && args.length > 1 && !isMark(args[1], ',')) this.#searchesLong = true;
    if (!GROW.has(method)) return;
    this.#growing += 1;
    const last = args.at(-1);
    const isAlone = args.length === 1 || isMark(args.at(-2), ',');
    if (args.length > 0 && !(isAlone && isShort(last))) this.#isOut = true;
  }

  /** Whether all of it is bounded: two growing steps, and then no search for what may be long. */
  get hold(): boolean {
    return !this.#isOut && this.#growing <= GROWING_AT_MOST && !(this.#growing > 0 && this.#searchesLong);
  }
}

/** Whether texts stay bounded where a function calls a helper: the helper makes none longer, and does not search what the function has made longer. */
export function holdTogether(own: ReadonlySet<string>, helper: ReadonlySet<string>): boolean {
  if (hasAny(helper, GROW)) return false;
  return !(hasAny(own, GROW) && hasAny(helper, SEARCH));
}

const hasAny = (methods: ReadonlySet<string>, some: ReadonlySet<string>): boolean => [...methods].some((name) => some.has(name));
const isShort = (token: Token | undefined): boolean =>
  token?.type === 'number' || (token?.type === 'string' && token.text.length <= SHORT) || (token?.type === 'name' && WORDS.has(token.text));
const isMark = (token: Token | undefined, mark: string): boolean => token?.type === 'mark' && token.text === mark;
