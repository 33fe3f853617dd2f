/** The tokens of a function's text. What it does not know for certain, such as a regular expression, ends the reading. */
import { digitsEnd, isBeyondAscii, isBlank, isDigit, nameEnd } from './ascii.ts';

export type Token =
  | { readonly type: 'name' | 'number' | 'string' | 'mark'; readonly text: string }
  /** The parts between `${` and `}`, each as tokens of its own. */
  | { readonly type: 'template'; readonly text: ''; readonly parts: readonly (readonly Token[])[] };

/** Marks, the longest first. Those that change something are tokens, too, so that they are met and refused. */
const MARKS =
  '>>>= ... === !== **= <<= >>= >>> &&= ||= ??= => == != <= >= && || ?? ?. ++ -- += -= *= /= %= &= |= ^= << >> ** { } ( ) [ ] ; , < > + - * / % & | ^ ! ~ ? : = .'.split(
    ' ',
  );

const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)n?/y;
const STRING = /'(?:[^'\\\n\r]|\\[^\n\r])*'|"(?:[^"\\\n\r]|\\[^\n\r])*"/y;
const SPACE = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[\s\S]*?\*\/)+/y;
const CHARACTERS = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** Longer functions are not worth the reading: what they do is seldom small. */
const LONGEST = 4000;

/** The tokens; undefined for a text that cannot be read with certainty. */
export function tokensOf(text: string): Token[] | undefined {
  if (text.length > LONGEST) return undefined;
  return readTokens(text, 0, false)?.tokens;
}

/** Reads up to the end, or up to the `}` that ends a part of a template. */
function readTokens(text: string, from: number, inTemplate: boolean): { readonly tokens: Token[]; readonly at: number } | undefined {
  const tokens: Token[] = [];
  let at = from;
  let depth = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  /** Reads up to there. */
  const takeTo = (end: number): string => {
    const found = text.slice(at, end);
    at = end;
    return found;
  };
  const takeName = (): string | undefined => {
    const end = nameEnd(text, at);
    if (end === undefined) return take(NAME);
    return end > at ? takeTo(end) : undefined;
  };
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) {
      at += 1;
      continue;
    }
    const char = text[at]!;
    // Comments, and spaces that are not in ASCII.
    if ((char === '/' || isBeyondAscii(code)) && take(SPACE) !== undefined) continue;
    if (char === '`') {
      const template = readTemplate(text, at + 1);
      if (!template) return undefined;
      tokens.push({ type: 'template', text: '', parts: template.parts });
      at = template.at;
      continue;
    }
    if (inTemplate && char === '}' && depth === 0) return { tokens, at };
    const name = takeName();
    if (name !== undefined) {
      tokens.push({ type: 'name', text: name });
      continue;
    }
    const end = digitsEnd(text, at);
    if (end !== undefined) {
      tokens.push({ type: 'number', text: takeTo(end) });
      continue;
    }
    if (isDigit(code) || (char === '.' && isDigit(text.charCodeAt(at + 1)))) {
      const number = take(NUMBER);
      // `3in x` and other ends without a space.
      if (number === undefined || /[\p{ID_Continue}$]/u.test(text[at] ?? '')) return undefined;
      tokens.push({ type: 'number', text: number });
      continue;
    }
    const string = char === '"' || char === "'" ? take(STRING) : undefined;
    if (string !== undefined) {
      tokens.push({ type: 'string', text: string });
      continue;
    }
    const mark = MARKS.find((m) => text.startsWith(m, at));
    if (mark === undefined) return undefined;
    // `a?.5:b` is a condition.
    if (mark === '?.' && isDigit(text.charCodeAt(at + 2))) tokens.push({ type: 'mark', text: '?' });
    else tokens.push({ type: 'mark', text: mark });
    // Where no value stands before it, a slash begins a regular expression.
    if ((mark === '/' || mark === '/=') && !endsValue(tokens.at(-2))) return undefined;
    at += tokens.at(-1)!.text.length;
    if (mark === '{') depth += 1;
    else if (mark === '}') depth -= 1;
  }
  return inTemplate ? undefined : { tokens, at };
}

function readTemplate(text: string, from: number): { readonly parts: Token[][]; readonly at: number } | undefined {
  const parts: Token[][] = [];
  let at = from;
  for (;;) {
    CHARACTERS.lastIndex = at;
    at += CHARACTERS.exec(text)![0].length;
    if (text[at] === '`') return { parts, at: at + 1 };
    if (text[at] !== '$') return undefined;
    const part = readTokens(text, at + 2, true);
    if (!part) return undefined;
    parts.push(part.tokens);
    at = part.at + 1;
  }
}

/** Words after which a value begins. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(['return', 'typeof', 'void', 'else', 'in', 'instanceof', 'case', 'do', 'delete', 'new']);

function endsValue(token: Token | undefined): boolean {
  if (token === undefined) return false;
  if (token.type === 'name') return !BEFORE_VALUES.has(token.text);
  // After `)` it may be the body of an `if`. The grammar meets what is not a value there and ends.
  return token.type !== 'mark' || token.text === ')' || token.text === ']';
}
