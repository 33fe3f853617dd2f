/**
 * Reads the text of a function and says whether it is straight-line and pure: no loops, no assignment, nothing called but what is known.
 *
 * Rule: what is not written down here is not proved. A text that is refused goes to workers, which is always right.
 */
import { Bounds } from './bounds.ts';
import { Cursor, type Kind, notProved } from './cursor.ts';
import { isConstant, isKnownFunction, isKnownHome, isKnownMember, isKnownMethod, type Reliance } from './known.ts';
import { tokensOf } from './tokens.ts';

/** What was found out about a function. */
export interface Facts extends Reliance {
  /** Names that are neither its own nor known globals. */
  readonly captures: ReadonlySet<string>;
  /** Whether a parameter is used as a whole, not only by its properties. */
  readonly usesWhole: boolean;
}

/** The facts of a pure function; undefined for any other text. */
export function factsOf(text: string): Facts | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const reader = new Reader(tokens);
  try {
    reader.readFunction();
    return reader;
  } catch (error) {
    if (error === notProved) return undefined;
    throw error;
  }
}

const BINARY: ReadonlySet<string> = new Set('** * / % + - << >> >>> < > <= >= == != === !== & ^ | && || ??'.split(' '));
const UNARY: ReadonlySet<string> = new Set(['-', '+', '!', '~']);

class Reader extends Cursor implements Facts {
  readonly globals = new Set<string>();
  readonly methods = new Set<string>();
  readonly properties = new Set<string>();
  readonly captures = new Set<string>();
  computes = false;
  usesWhole = false;
  readonly #bounds = new Bounds();
  /** An arrow or a plain function, to its end. */
  readFunction(): void {
    if (this.takeWord('function')) {
      // Its own name is none that it may use: a function that calls itself does not end by its text alone. It may be called `parseInt`.
      if (this.isName()) this.declare(this.name(), 'itself');
      this.#parameters();
      this.#block();
    } else {
      if (this.is('(')) this.#parameters();
      else this.declare(this.name(), 'item');
      this.expect('=>');
      if (this.is('{')) this.#block();
      else this.#value();
    }
    if (this.token || !this.#bounds.hold) throw notProved;
  }

  #parameters(): void {
    this.expect('(');
    // The first holds an item, or what is in it; behind it stands the index.
    for (let kind: Kind = 'item'; !this.take(')'); kind = 'own') {
      this.#target(kind, true);
      if (!this.is(')')) this.expect(',');
    }
  }

  /** `name`, `{ a, b: c = 1 }` or `[a, b]`; a parameter may have a default. */
  #target(kind: Kind, isParameter: boolean): void {
    if (this.take('{')) {
      while (!this.take('}')) {
        const property = this.name();
        this.properties.add(property);
        this.#element(this.take(':') ? this.name() : property, '}');
      }
    } else if (this.take('[')) {
      // The elements come from an iterator.
      this.usesWhole = true;
      while (!this.take(']')) this.#element(this.name(), ']');
    } else this.declare(this.name(), kind);
    if (isParameter && this.take('=')) this.#value();
  }

  #element(name: string, end: string): void {
    if (this.take('=')) this.#value();
    this.declare(name, 'own');
    if (!this.is(end)) this.expect(',');
  }

  #block(): void {
    this.expect('{');
    this.inScope(() => {
      while (!this.take('}')) this.#statement();
    });
  }

  #statement(): void {
    if (this.take(';')) return;
    if (this.is('{')) return this.#block();
    if (this.takeWord('if')) {
      this.expect('(');
      this.#sequence();
      this.expect(')');
      this.#statement();
      if (this.takeWord('else')) this.#statement();
      return;
    }
    if (this.takeWord('return')) {
      if (!this.is(';') && !this.is('}')) this.#sequence();
      this.take(';');
      return;
    }
    if (this.takeWord('const') || this.takeWord('let')) {
      do this.#declaration();
      while (this.take(','));
      this.take(';');
      return;
    }
    // 'use strict'
    const directive = this.token;
    if (directive?.type !== 'string') throw notProved;
    this.at += 1;
    if (!this.take(';') && !this.is('}') && !this.isName()) throw notProved;
  }

  /** Its names are known behind its value: before, they would be others, or an error. So the value is read first. */
  #declaration(): void {
    const target = this.at;
    const isPattern = this.is('{');
    this.#skipTarget();
    this.expect('=');
    const { usesWhole } = this;
    const from = this.at;
    const isLone = this.isName();
    this.#value();
    const behind = this.at;
    // `const { price } = row` reads properties only; a template is one token, too, and reads all of what is in it.
    if (isPattern && isLone && behind === from + 1) this.usesWhole = usesWhole;
    this.at = target;
    this.#target('own', false);
    if (!this.is('=')) throw notProved;
    this.at = behind;
  }

  #skipTarget(): void {
    if (this.token?.type === 'name') {
      this.at += 1;
      return;
    }
    let depth = 0;
    do {
      if (this.is('{') || this.is('[') || this.is('(')) depth += 1;
      else if (this.is('}') || this.is(']') || this.is(')')) depth -= 1;
      if (!this.token) throw notProved;
      this.at += 1;
    } while (depth > 0);
  }

  /** Values between commas, as in parentheses. */
  #sequence(): void {
    do this.#value();
    while (this.take(','));
  }

  #value(): void {
    this.#operand();
    for (;;) {
      const mark = this.token?.type === 'mark' ? this.token.text : '';
      if (BINARY.has(mark)) {
        this.at += 1;
        this.#operand();
      } else if (mark === '?') {
        this.at += 1;
        this.#value();
        this.expect(':');
        this.#value();
      } else return;
    }
  }

  #operand(): void {
    for (;;) {
      const token = this.token;
      const isSign = token?.type === 'mark' && UNARY.has(token.text);
      if (!isSign && !this.isWord('typeof') && !this.isWord('void')) break;
      this.at += 1;
    }
    const token = this.token;
    if (!token) throw notProved;
    if (token.type === 'name') this.#named();
    else if (token.type === 'template') {
      this.at += 1;
      for (const part of token.parts) this.within(part, () => this.#sequence());
    } else if (token.type !== 'mark') {
      // Bigints grow: `1n << 4000000n` takes long, and more in a row of them.
      if (token.type === 'number' && token.text.endsWith('n')) throw notProved;
      this.at += 1;
    } else if (this.take('(')) {
      this.#sequence();
      this.expect(')');
    } else if (this.take('[')) {
      while (!this.take(']')) {
        this.#value();
        if (!this.is(']')) this.expect(',');
      }
    } else throw notProved;
    this.#members();
  }

  /** A name: its own, a constant of the language, a known global with its member or call; else a capture. */
  #named(): void {
    const name = this.token!.text;
    if (name === 'true' || name === 'false' || name === 'null') {
      this.at += 1;
      return;
    }
    this.name();
    const own = this.find(name);
    if (own) {
      if (own === 'itself' || isConstant(name)) throw notProved;
      if (own === 'item' && !this.is('.') && !this.is('?.') && !this.is('[')) this.usesWhole = true;
      return;
    }
    if (isConstant(name)) {
      // Around the function they may be other values: its scopes tell. They have no members.
      this.globals.add(name);
      if (this.is('.') || this.is('?.') || this.is('[')) throw notProved;
      return;
    }
    if (isKnownFunction(name) && this.is('(')) {
      this.globals.add(name);
      return this.#arguments();
    }
    if (!isKnownHome(name) || !this.take('.')) {
      // Captures are values: what is called, or asked for a member, may do anything.
      this.captures.add(name);
      if (this.is('(') || this.is('.') || this.is('?.') || this.is('[')) throw notProved;
      return;
    }
    const member = this.nameOfMember();
    if (!isKnownMember(name, member)) throw notProved;
    this.globals.add(`${name}.${member}`);
    if (this.is('(')) this.#arguments();
    // A constant of Math, or a function that is not called.
    else if (/[a-z]/.test(member) && member !== 'NaN') throw notProved;
  }

  /** What stands behind a value: properties, indices, calls of known methods. */
  #members(): void {
    for (;;) {
      if (this.token?.type === 'template') throw notProved;
      if (this.take('[')) this.#index();
      else if (this.take('.')) this.#member();
      else if (this.take('?.')) {
        if (this.take('[')) this.#index();
        else this.#member();
      } else if (this.is('(')) throw notProved;
      else return;
    }
  }

  #index(): void {
    const literal = this.token;
    // `pair[0]`; `pair[010]` is the eighth.
    if (literal?.type === 'number' && /^(?:0|[1-9]\d*)$/.test(literal.text) && this.next?.text === ']') {
      this.properties.add(String(Number(literal.text)));
      this.at += 2;
      return;
    }
    this.computes = true;
    this.usesWhole = true;
    this.#sequence();
    this.expect(']');
  }

  #member(): void {
    const name = this.nameOfMember();
    const isCalled = this.is('(') || (this.is('?.') && this.next?.text === '(');
    if (!isCalled) {
      this.properties.add(name);
      return;
    }
    if (!isKnownMethod(name)) throw notProved;
    this.methods.add(name);
    this.take('?.');
    const from = this.at + 1;
    this.#arguments();
    this.#bounds.add(name, this.since(from).slice(0, -1));
  }

  #arguments(): void {
    this.expect('(');
    while (!this.take(')')) {
      this.#value();
      if (!this.is(')')) this.expect(',');
    }
  }
}
