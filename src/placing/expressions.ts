/** Reads values: operators, names, literals, properties, and calls of what is known. */
import { Bounds } from './bounds.ts';
import { Cursor, notProved } from './cursor.ts';
import type { Facts } from './facts.ts';
import { isConstant, isKnownFunction, isKnownHome, isKnownMember, isKnownMethod } from './known.ts';

const BINARY: ReadonlySet<string> = new Set('** * / % + - << >> >>> < > <= >= == != === !== & ^ | && || ??'.split(' '));
const UNARY: ReadonlySet<string> = new Set(['-', '+', '!', '~']);

export class Expressions extends Cursor implements Facts {
  readonly globals = new Set<string>();
  readonly methods = new Set<string>();
  readonly properties = new Set<string>();
  readonly captures = new Set<string>();
  readonly calls = new Map<string, number>();
  readonly takers = new Set<string>();
  computes = false;
  usesWhole = false;
  looksInside = false;
  protected readonly bounds = new Bounds();

  /** Values between commas, as in parentheses. */
  protected sequence(): void {
    do this.value();
    while (this.take(','));
  }

  protected value(): void {
    this.#operand();
    for (;;) {
      const mark = this.token?.type === 'mark' ? this.token.text : '';
      if (BINARY.has(mark)) {
        this.at += 1;
        this.#operand();
      } else if (mark === '?') {
        this.at += 1;
        this.value();
        this.expect(':');
        this.value();
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
      for (const part of token.parts) this.within(part, () => this.sequence());
    } else if (token.type !== 'mark') {
      // Bigints grow: `1n << 4000000n` takes long, and more in a row of them.
      if (token.type === 'number' && token.text.endsWith('n')) throw notProved;
      this.at += 1;
    } else if (this.take('(')) {
      this.sequence();
      this.expect(')');
    } else if (this.take('[')) {
      while (!this.take(']')) {
        this.value();
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
      if (this.is('(')) return this.#call(name);
      // What is asked for a member may do anything.
      this.captures.add(name);
      if (this.is('.') || this.is('?.') || this.is('[')) throw notProved;
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
    this.looksInside = true;
    this.sequence();
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
    this.bounds.add(name, this.since(from).slice(0, -1));
  }

  /** Of a captured function: what it stands for is looked at later. */
  #call(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
    this.expect('(');
    const end = this.next;
    const isItem = this.isName() && this.find(this.token!.text) === 'item';
    if (isItem && end?.type === 'mark' && (end.text === ')' || end.text === ',')) {
      this.takers.add(name);
      this.at += 1;
      this.take(',');
    }
    this.#rest();
  }

  #arguments(): void {
    this.expect('(');
    this.#rest();
  }

  #rest(): void {
    while (!this.take(')')) {
      this.value();
      if (!this.is(')')) this.expect(',');
    }
  }
}
