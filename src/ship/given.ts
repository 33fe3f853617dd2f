/** What the option `with` gives: values for the names that functions use, where scopes cannot be read or are not to be. */
import { perWorkerEntry } from '../per-worker.ts';
import type { CustomType } from '../transport.ts';

export type GivenNames = Readonly<Record<string, unknown>>;

/** The names hold for the function itself and for the functions that are given, not for whatever else these lead to. */
export class Given {
  readonly #names: GivenNames;
  readonly #users = new Set<unknown>();

  /** `root`: the function, or an object whose members are functions. */
  constructor(names: GivenNames = {}, root: unknown) {
    this.#names = names;
    this.#addFunctionsOf(root);
    for (const value of Object.values(names)) this.#addFunctionsOf(value);
  }

  /** Their functions can have their names from nowhere else. */
  addTypes(types: readonly CustomType[]): void {
    for (const { type, test, toPlain, fromPlain } of types) for (const fn of [type, test, toPlain, fromPlain]) this.#users.add(fn);
  }

  holdsFor(fn: object): boolean {
    return this.#users.has(fn);
  }

  has(fn: object, name: string): boolean {
    return Object.hasOwn(this.#names, name) && this.holdsFor(fn);
  }

  get(name: string): unknown {
    return this.#names[name];
  }

  /** A function, or the functions among the members of a plain object. */
  #addFunctionsOf(value: unknown): void {
    if (typeof value === 'function') this.#users.add(value);
    if (typeof value !== 'object' || value === null) return;
    const entry = perWorkerEntry(value);
    if (entry) this.#users.add(entry.make).add(entry.dispose);
    else if (Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value)) {
      for (const { value: member } of Object.values(Object.getOwnPropertyDescriptors(value))) {
        if (typeof member === 'function') this.#users.add(member);
      }
    }
  }
}
