/** One use of a name, and how the uses of a free name add up. */
import type { Scope } from './declared-names.ts';
import type { FreeVariable, Reference } from './free-variables.ts';

export interface Use extends Reference {
  readonly name: string;
  readonly scope: Scope;
  readonly write: boolean;
  readonly member: string | null;
  readonly directEval: boolean;
  changed: boolean;
}

export function note(free: Map<string, FreeVariable>, use: Use): void {
  let variable = free.get(use.name);
  if (!variable) {
    variable = { references: [], written: false, changed: false, members: new Set() };
    free.set(use.name, variable);
  }
  variable.references.push(use);
  variable.written ||= use.write;
  variable.changed ||= use.changed;
  if (use.member === null || use.write) variable.members = null;
  else variable.members?.add(use.member);
}
