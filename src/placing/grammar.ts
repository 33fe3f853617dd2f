/**
 * Reads the text of a function and says whether it is straight-line and pure: no loops, no assignment, nothing called but what is known.
 *
 * Rule: what is not written down here is not proved. A text that is refused goes to workers, which is always right.
 */
import { type Kind, notProved } from './cursor.ts';
import { Expressions } from './expressions.ts';
import type { Facts } from './facts.ts';
import { tokensOf } from './tokens.ts';

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

class Reader extends Expressions {
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
      else this.value();
    }
    if (this.token || !this.bounds.hold) throw notProved;
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
      this.looksInside = true;
      while (!this.take(']')) this.#element(this.name(), ']');
    } else this.declare(this.name(), kind);
    if (isParameter && this.take('=')) this.value();
  }

  #element(name: string, end: string): void {
    if (this.take('=')) this.value();
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
      this.sequence();
      this.expect(')');
      this.#statement();
      if (this.takeWord('else')) this.#statement();
      return;
    }
    if (this.takeWord('return')) {
      if (!this.is(';') && !this.is('}')) this.sequence();
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
    this.value();
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
}
