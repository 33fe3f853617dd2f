/** What a function's source text captures. Pure: text in, names out. */
import type { SourceForm } from './source-forms.ts';
import { Walk } from './source-walk.ts';

/** One place where a free name is read or written. Offsets are into the text. */
export interface Reference {
  readonly start: number;
  readonly end: number;
  /** `{ name }`, which needs `{ name: … }` when the name is replaced. */
  readonly shorthand: boolean;
  /** `name(…)`, whose `this` must not become the cell the name is replaced by. */
  readonly call: boolean;
}

export interface FreeVariable {
  readonly references: Reference[];
  /** Assigned: `n++`, `[n] = …`, `for (n of …)`. */
  written: boolean;
  /** Changed through the name: `o.x = …`, `list.push(…)`. */
  changed: boolean;
  /** So changed that there is no doubt: `o.x = …`, `Object.assign(o, …)`. What a method does depends on the object. */
  assignedThrough: boolean;
  /** The parts of it that such a method is called on: `.rows` for `o.rows.push(…)`. */
  readonly changedParts: Set<string>;
  /** The only members it is used for, as in `ns.a + ns.b`; null when it is used in any other way. */
  members: Set<string> | null;
  /** The parts of it that are used, such as `.body.id`; an empty one is the whole. What a method is called on is used as a whole. */
  readonly paths: Set<string>;
}

/** What is said of a free variable too. */
export type ThisUse = Pick<FreeVariable, 'changed' | 'paths'>;

export interface Analysis extends SourceForm {
  readonly text: string;
  readonly free: ReadonlyMap<string, FreeVariable>;
  /** Places of `import.meta` and of the word `import` in `import(…)`. */
  readonly metas: readonly (readonly [start: number, end: number])[];
  readonly imports: readonly (readonly [start: number, end: number])[];
  readonly lexicalThis: boolean;
  /** How the `this` around it is used. */
  readonly thisUse: ThisUse;
  readonly lexicalArguments: boolean;
  readonly lexicalNewTarget: boolean;
  /** `super` that belongs to something around this text. */
  readonly usesSuper: boolean;
  readonly usesPrivateNames: boolean;
  readonly usesEval: boolean;
}

const cache = new Map<string, Analysis>();
const CACHED_TEXTS = 2000;

export function analyze(text: string): Analysis {
  let analysis = cache.get(text);
  if (!analysis) {
    if (cache.size >= CACHED_TEXTS) cache.clear();
    analysis = new Walk(text).analysis();
    cache.set(text, analysis);
  }
  return analysis;
}
