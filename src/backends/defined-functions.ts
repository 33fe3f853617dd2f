/**
 * The functions that jobs have defined. Lasting ones stay in the workers when their job has ended, so that the next call of the same function
 * sends no code: it is half of what a lone call costs.
 */
import type { ShippedFunction } from '../shipped.ts';

/** Lasting functions that no job uses, kept for the next; the one unused for longest goes first. Workers keep as many rebuilt. */
const KEPT = 200;

interface Entry {
  readonly fn: ShippedFunction;
  /** Jobs that have defined it. */
  uses: number;
}

export class DefinedFunctions {
  readonly #used = new Map<string, Entry>();
  readonly #kept = new Map<string, ShippedFunction>();

  /** Functions that jobs use now. */
  get inUse(): number {
    return this.#used.size;
  }

  get(id: string): ShippedFunction | undefined {
    return this.#used.get(id)?.fn;
  }

  /** Gives whether it has become another, which workers have not got yet. */
  define(fn: ShippedFunction): boolean {
    const known = this.#used.get(fn.id);
    if (known && fn.isLasting) {
      known.uses++;
      return false;
    }
    // What workers have of it is as good as this one.
    this.#kept.delete(fn.id);
    this.#used.set(fn.id, { fn, uses: 1 });
    return known !== undefined;
  }

  /** A job needs it no more. Gives the id of what workers are to forget, which may be another function's. */
  release(id: string): string | undefined {
    const entry = this.#used.get(id);
    if (!entry || --entry.uses > 0) return undefined;
    this.#used.delete(id);
    if (!entry.fn.isLasting) return id;
    this.#kept.set(id, entry.fn);
    if (this.#kept.size <= KEPT) return undefined;
    const [oldest] = this.#kept.keys();
    this.#kept.delete(oldest!);
    return oldest;
  }
}
