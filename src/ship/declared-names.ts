/** Which names a piece of syntax declares, and where they are visible. */
import type { AnyNode, BlockStatement, Class, Pattern } from 'acorn';
import { childrenOf } from './source-forms.ts';

export class Scope {
  readonly names = new Set<string>();
  readonly parent: Scope | null;
  constructor(parent: Scope | null) {
    this.parent = parent;
  }
  has(name: string): boolean {
    return this.homeOf(name) !== undefined;
  }
  /** The scope that declares a name visible here. */
  homeOf(name: string): Scope | undefined {
    return this.names.has(name) ? this : this.parent?.homeOf(name);
  }
}

/** The names that a pattern binds or assigns. */
export function* namesIn(pattern: Pattern | null): Generator<string> {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern.name;
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) yield* namesIn(property.type === 'RestElement' ? property.argument : property.value);
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* namesIn(element);
      return;
    case 'AssignmentPattern':
      yield* namesIn(pattern.left);
      return;
    case 'RestElement':
      yield* namesIn(pattern.argument);
  }
}

/** Binds a pattern's names. */
export function declare(pattern: Pattern | null, scope: Scope): void {
  for (const name of namesIn(pattern)) scope.names.add(name);
}

/** `let`, `const`, classes and functions are visible in their whole block. */
export function declareLexical(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var')
      for (const { id } of statement.declarations) declare(id, scope);
    else if ((statement.type === 'ClassDeclaration' || statement.type === 'FunctionDeclaration') && statement.id)
      scope.names.add(statement.id.name);
  }
}

/** The `var`s of a body, through its blocks; functions in blocks too, as sloppy code sees them there (annex B). */
export function declareHoisted(node: AnyNode | BlockStatement, scope: Scope): void {
  if (node.type === 'FunctionDeclaration') {
    if (node.id) scope.names.add(node.id.name);
    return;
  }
  if (/Function|^Class/.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') for (const { id } of node.declarations) declare(id, scope);
  for (const child of childrenOf(node as AnyNode)) declareHoisted(child, scope);
}

export function privateNamesOf(node: Class): Set<string> {
  const names = node.body.body.map((member) =>
    member.type !== 'StaticBlock' && member.key.type === 'PrivateIdentifier' ? member.key.name : '',
  );
  return new Set(names.filter(Boolean));
}
