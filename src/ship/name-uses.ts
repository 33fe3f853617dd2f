/** The uses of names in a text, and how those of a free name add up. */
import type { AnyNode, Identifier, Pattern } from 'acorn';
import { declare, Scope } from './declared-names.ts';
import type { FreeVariable, Reference } from './free-variables.ts';

/** How a use changes what the name stands for: `o.x = …` and `Object.assign(o, …)`, or a method such as `o.push(…)`. */
export type Change = 'assignment' | 'method';

export interface Use extends Reference {
  readonly name: string;
  readonly scope: Scope;
  readonly write: boolean;
  readonly member: string | null;
  /** Which part of it is used, as in `.body.id`; empty when it is used as a whole. */
  readonly path: string;
  readonly directEval: boolean;
  change: Change | null;
  /** What a method that changes is called on; some part of it, where a pattern takes it apart. */
  changedPart: string;
}

/** What a text says about the names that are not declared in it. */
export interface FreeNames {
  readonly free: ReadonlyMap<string, FreeVariable>;
  readonly usesEval: boolean;
  readonly lexicalArguments: boolean;
}

/** How a name is used, beside being read as a whole. */
type Manner = Partial<Pick<Use, 'write' | 'shorthand' | 'call' | 'member' | 'path' | 'change'>>;

const asWhole = { write: false, shorthand: false, call: false, member: null, path: '', change: null };

/** `const rows = state.rows`: the declared name, and the use of the name that it is read from. */
interface Alias {
  readonly scope: Scope;
  readonly name: string;
  readonly of: Use;
  /** Of `const { rows } = state`. */
  readonly isPart: boolean;
}

/** No object has a member of this name. */
const SOME_PART = '.*';

/** Its methods take nodes of the syntax tree. */
export class Uses {
  readonly #all: Use[] = [];
  /** What the positions in the tree are ahead of those in the text. */
  readonly #shift: number;
  readonly #aliases: Alias[] = [];

  constructor(shift: number) {
    this.#shift = shift;
  }

  /** How many there are so far. */
  get count(): number {
    return this.#all.length;
  }

  add(node: Identifier, scope: Scope, manner: Manner): void {
    const directEval = manner.call === true && node.name === 'eval';
    const [start, end] = [node.start - this.#shift, node.end - this.#shift];
    const { path = '' } = manner;
    this.#all.push({ ...asWhole, ...manner, name: node.name, start, end, scope, directEval, changedPart: path });
  }

  /** Of what has been added since `from`: the names of the pattern are aliases of what is read here. */
  alias(pattern: Pattern, base: AnyNode, from: number, scope: Scope): void {
    const of = this.#at(base, from);
    if (!of) return;
    const declared = new Scope(null);
    declare(pattern, declared);
    for (const name of declared.names) this.#aliases.push({ scope, name, of, isPart: pattern.type !== 'Identifier' });
  }

  change(base: AnyNode, from: number, change: Change): void {
    const use = this.#at(base, from);
    if (use) use.change = change;
  }

  #at(base: AnyNode, from: number): Use | undefined {
    if (base.type !== 'Identifier') return undefined;
    const start = base.start - this.#shift;
    for (let index = from; index < this.#all.length; index += 1) if (this.#all[index]!.start === start) return this.#all[index];
    return undefined;
  }

  /** Asked at the end of the walk: a name may be declared below its use. */
  freeNames(): FreeNames {
    this.#changeThroughAliases();
    const free = new Map<string, FreeVariable>();
    let usesEval = false;
    let lexicalArguments = false;
    for (const use of this.#all) {
      if (use.scope.has(use.name)) continue;
      if (use.directEval) usesEval = true;
      else if (use.name === 'arguments') lexicalArguments = true;
      else note(free, use);
    }
    return { free, usesEval, lexicalArguments };
  }

  /** What is changed through an alias is changed where the alias comes from, which may be an alias again. */
  #changeThroughAliases(): void {
    if (this.#aliases.length === 0) return;
    const byHome = new Map<Scope, Alias[]>();
    for (const alias of this.#aliases) {
      const home = alias.scope.homeOf(alias.name);
      if (home) byHome.set(home, [...(byHome.get(home) ?? []), alias]);
    }
    const changed = this.#all.filter((use) => use.change !== null);
    for (const use of changed) {
      const home = use.scope.homeOf(use.name);
      for (const { name, of: origin, isPart } of (home && byHome.get(home)) ?? []) {
        if (name !== use.name) continue;
        if (origin.change === null) changed.push(origin);
        if (origin.change !== 'assignment') origin.change = use.change;
        if (isPart) origin.changedPart = SOME_PART;
      }
    }
  }
}

function note(free: Map<string, FreeVariable>, use: Use): void {
  let variable = free.get(use.name);
  if (!variable) {
    const parts = { changedParts: new Set<string>(), paths: new Set<string>() };
    variable = { references: [], written: false, changed: false, assignedThrough: false, members: new Set(), ...parts };
    free.set(use.name, variable);
  }
  variable.references.push(use);
  variable.written ||= use.write;
  variable.changed ||= use.change !== null;
  variable.assignedThrough ||= use.change === 'assignment';
  if (use.change === 'method') variable.changedParts.add(use.changedPart);
  variable.paths.add(use.path);
  if (use.member === null || use.write) variable.members = null;
  else variable.members?.add(use.member);
}
