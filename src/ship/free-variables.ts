/** What a function's source text captures. Pure: text in, names out. */
import type { AnyNode, BlockStatement, Class, Function as FunctionSyntax, Identifier, Pattern } from 'acorn';
import { childrenOf, parseFunctionText, type SourceForm } from './source-forms.ts';

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
  /** The only members it is used for, as in `ns.a + ns.b`; null when it is used in any other way. */
  members: Set<string> | null;
}

export interface Analysis extends SourceForm {
  readonly text: string;
  readonly free: ReadonlyMap<string, FreeVariable>;
  /** Places of `import.meta` and of the word `import` in `import(…)`. */
  readonly metas: readonly (readonly [start: number, end: number])[];
  readonly imports: readonly (readonly [start: number, end: number])[];
  readonly lexicalThis: boolean;
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

const changingMethods = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

class Scope {
  readonly names = new Set<string>();
  readonly parent: Scope | null;
  constructor(parent: Scope | null) {
    this.parent = parent;
  }
  has(name: string): boolean {
    return this.names.has(name) || (this.parent?.has(name) ?? false);
  }
}

/** Whose `this` and `super` a piece of code sees: its own, or those around the text. */
interface Owner {
  readonly ownThis: boolean;
  readonly ownSuper: boolean;
}

interface Use extends Reference {
  readonly name: string;
  readonly scope: Scope;
  readonly write: boolean;
  readonly member: string | null;
  readonly directEval: boolean;
  changed: boolean;
}

class Walk {
  readonly #text: string;
  readonly #form: SourceForm;
  readonly #root: AnyNode;
  readonly #uses: Use[] = [];
  readonly #metas: [number, number][] = [];
  readonly #imports: [number, number][] = [];
  #lexicalThis = false;
  #lexicalNewTarget = false;
  #usesSuper = false;
  #usesPrivateNames: boolean;
  /** Private names of the classes inside this text that the walk is in. */
  readonly #privateNames: Set<string>[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#form = parseFunctionText(text);
    this.#root = this.#form.node as AnyNode;
    this.#usesPrivateNames = this.#form.inClass;
  }

  analysis(): Analysis {
    this.#visit(this.#root, new Scope(null), { ownThis: false, ownSuper: this.#form.kind === 'class' });
    const free = new Map<string, FreeVariable>();
    let usesEval = false;
    let lexicalArguments = false;
    // Only now are all declarations known: a name may be declared below its use.
    for (const use of this.#uses) {
      if (use.scope.has(use.name)) continue;
      if (use.directEval) usesEval = true;
      else if (use.name === 'arguments') lexicalArguments = true;
      else note(free, use);
    }
    return {
      ...this.#form,
      text: this.#text,
      free,
      metas: this.#metas,
      imports: this.#imports,
      lexicalThis: this.#lexicalThis,
      lexicalArguments,
      lexicalNewTarget: this.#lexicalNewTarget,
      usesSuper: this.#usesSuper,
      usesPrivateNames: this.#usesPrivateNames,
      usesEval,
    };
  }

  #use(node: Identifier, scope: Scope, how: Partial<Pick<Use, 'write' | 'shorthand' | 'call' | 'member' | 'changed'>> = {}): void {
    const { shift } = this.#form;
    const plain = { write: false, shorthand: false, call: false, member: null, changed: false };
    const directEval = how.call === true && node.name === 'eval';
    this.#uses.push({ ...plain, ...how, name: node.name, start: node.start - shift, end: node.end - shift, scope, directEval });
  }

  #visit(node: AnyNode | null | undefined, scope: Scope, owner: Owner): void {
    if (!node) return;
    switch (node.type) {
      case 'Identifier':
        this.#use(node, scope);
        return;
      case 'ThisExpression':
        if (!owner.ownThis) this.#lexicalThis = true;
        return;
      case 'Super':
        if (!owner.ownSuper) this.#usesSuper = true;
        if (!owner.ownThis) this.#lexicalThis = true;
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#metas.push([node.start - this.#form.shift, node.end - this.#form.shift]);
        else if (!owner.ownThis) this.#lexicalNewTarget = true;
        return;
      case 'PrivateIdentifier':
        if (!this.#privateNames.some((names) => names.has(node.name))) this.#usesPrivateNames = true;
        return;
      case 'ImportExpression':
        this.#imports.push([node.start - this.#form.shift, node.start - this.#form.shift + 'import'.length]);
        break;
      case 'CallExpression':
      case 'NewExpression':
        if (node.callee.type === 'Identifier') this.#use(node.callee, scope, { call: node.type === 'CallExpression' });
        else if (node.callee.type === 'MemberExpression') this.#member(node.callee, scope, owner, isChangingMethod(node.callee.property));
        else this.#visit(node.callee, scope, owner);
        for (const argument of node.arguments) this.#visit(argument, scope, owner);
        return;
      case 'TaggedTemplateExpression':
        if (node.tag.type === 'Identifier') this.#use(node.tag, scope, { call: true });
        else this.#visit(node.tag, scope, owner);
        this.#visit(node.quasi, scope, owner);
        return;
      case 'MemberExpression':
        this.#member(node, scope, owner, false);
        return;
      case 'Property':
        if (node.computed) this.#visit(node.key, scope, owner);
        if (node.shorthand) this.#use(node.value as Identifier, scope, { shorthand: true });
        else this.#visit(node.value, scope, node.method || node.kind !== 'init' ? { ownThis: true, ownSuper: true } : owner);
        return;
      case 'AssignmentExpression':
        this.#target(node.left, scope, owner);
        this.#visit(node.right, scope, owner);
        return;
      case 'UpdateExpression':
        this.#target(node.argument as Pattern, scope, owner);
        return;
      case 'UnaryExpression':
        if (node.operator === 'delete') this.#target(node.argument as Pattern, scope, owner);
        else this.#visit(node.argument, scope, owner);
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          this.#bindings(id, scope, owner);
          this.#visit(init, scope, owner);
        }
        return;
      case 'FunctionExpression': {
        const outer = new Scope(scope);
        if (node.id) outer.names.add(node.id.name);
        this.#function(node, outer, owner);
        return;
      }
      case 'ArrowFunctionExpression':
      case 'FunctionDeclaration':
        this.#function(node as FunctionSyntax, scope, owner);
        return;
      case 'ClassExpression':
      case 'ClassDeclaration':
        this.#class(node as Class, scope, owner);
        return;
      case 'BlockStatement':
        this.#block(node.body, new Scope(scope), owner);
        return;
      case 'SwitchStatement': {
        this.#visit(node.discriminant, scope, owner);
        const inner = new Scope(scope);
        declareLexical(
          node.cases.flatMap((one) => one.consequent),
          inner,
        );
        for (const one of node.cases) {
          this.#visit(one.test, inner, owner);
          for (const statement of one.consequent) this.#visit(statement, inner, owner);
        }
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope(scope);
        const head = node.type === 'ForStatement' ? node.init : node.left;
        if (head?.type === 'VariableDeclaration') {
          if (head.kind !== 'var') for (const { id } of head.declarations) declare(id, inner);
          this.#visit(head, inner, owner);
        } else if (node.type === 'ForStatement') this.#visit(head, inner, owner);
        else this.#target(head as Pattern, inner, owner);
        for (const part of node.type === 'ForStatement' ? [node.test, node.update] : [node.right]) this.#visit(part, inner, owner);
        this.#visit(node.body, inner, owner);
        return;
      }
      case 'CatchClause': {
        const inner = new Scope(scope);
        if (node.param) declare(node.param, inner);
        this.#bindings(node.param, inner, owner);
        this.#visit(node.body, inner, owner);
        return;
      }
      case 'LabeledStatement':
        this.#visit(node.body, scope, owner);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
    }
    for (const child of childrenOf(node)) this.#visit(child, scope, owner);
  }

  #member(node: AnyNode & { type: 'MemberExpression' }, scope: Scope, owner: Owner, changes: boolean): void {
    const named = !node.computed && node.property.type === 'Identifier' ? node.property.name : null;
    if (node.object.type === 'Identifier') this.#use(node.object, scope, { member: named, changed: changes });
    else this.#visit(node.object, scope, owner);
    if (node.computed || node.property.type === 'PrivateIdentifier') this.#visit(node.property, scope, owner);
  }

  /** The defaults and computed keys of a declared pattern; its names are declared already. */
  #bindings(pattern: Pattern | null | undefined, scope: Scope, owner: Owner): void {
    if (pattern?.type !== 'Identifier') this.#pattern(pattern, scope, owner, true);
  }

  /** What an assignment writes to. */
  #target(pattern: Pattern, scope: Scope, owner: Owner): void {
    this.#pattern(pattern, scope, owner, false);
  }

  #pattern(pattern: Pattern | null | undefined, scope: Scope, owner: Owner, declares: boolean): void {
    if (!pattern) return;
    switch (pattern.type) {
      case 'Identifier':
        if (!declares) this.#use(pattern, scope, { write: true });
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            this.#pattern(property.argument, scope, owner, declares);
            continue;
          }
          if (property.computed) this.#visit(property.key, scope, owner);
          const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
          if (property.shorthand && !declares) this.#use(target as Identifier, scope, { write: true, shorthand: true });
          else this.#pattern(target, scope, owner, declares);
          if (property.value.type === 'AssignmentPattern') this.#visit(property.value.right, scope, owner);
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) this.#pattern(element, scope, owner, declares);
        return;
      case 'AssignmentPattern':
        this.#pattern(pattern.left, scope, owner, declares);
        this.#visit(pattern.right, scope, owner);
        return;
      case 'RestElement':
        this.#pattern(pattern.argument, scope, owner, declares);
        return;
      default:
        this.#changedMember(pattern, scope, owner);
    }
  }

  /** `a.b.c = …` changes what `a` holds. */
  #changedMember(node: AnyNode, scope: Scope, owner: Owner): void {
    const from = this.#uses.length;
    this.#visit(node, scope, owner);
    let base = node;
    while (base.type === 'MemberExpression') base = base.object;
    if (base.type !== 'Identifier') return;
    for (const use of this.#uses.slice(from)) if (use.start === base.start - this.#form.shift) use.changed = true;
  }

  #function(node: FunctionSyntax, scope: Scope, owner: Owner): void {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const inner: Owner = isArrow ? owner : { ownThis: true, ownSuper: owner.ownSuper };
    const parameters = new Scope(scope); // a scope of its own: the body's names are not visible in defaults
    if (!isArrow) parameters.names.add('arguments');
    for (const parameter of node.params) declare(parameter, parameters);
    for (const parameter of node.params) this.#bindings(parameter, parameters, inner);
    if (node.body.type !== 'BlockStatement') {
      this.#visit(node.body, parameters, inner);
      return;
    }
    const body = new Scope(parameters);
    declareHoisted(node.body, body);
    this.#block(node.body.body, body, inner);
  }

  #block(statements: readonly AnyNode[], scope: Scope, owner: Owner): void {
    declareLexical(statements, scope);
    for (const statement of statements) this.#visit(statement, scope, owner);
  }

  /** Of the class that is shipped itself, heritage and static initialisers travel as values: their text does not run again. */
  #class(node: Class, scope: Scope, owner: Owner): void {
    const isRoot = node === this.#root;
    if (node.superClass && !isRoot) this.#visit(node.superClass, scope, owner);
    const inner = new Scope(scope);
    if (node.id) inner.names.add(node.id.name);
    this.#privateNames.push(privateNamesOf(node));
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        if (isRoot) continue;
        const block = new Scope(inner);
        declareHoisted({ type: 'BlockStatement', body: member.body, start: member.start, end: member.end }, block);
        block.names.add('arguments');
        this.#block(member.body, block, { ownThis: true, ownSuper: true });
        continue;
      }
      if (member.computed || member.key.type === 'PrivateIdentifier') this.#visit(member.key, inner, owner);
      const runsNot = isRoot && member.static && member.type === 'PropertyDefinition';
      if (!runsNot) this.#visit(member.value, inner, { ownThis: true, ownSuper: true });
    }
    this.#privateNames.pop();
  }
}

function privateNamesOf(node: Class): Set<string> {
  const names = node.body.body.map((member) =>
    member.type !== 'StaticBlock' && member.key.type === 'PrivateIdentifier' ? member.key.name : '',
  );
  return new Set(names.filter(Boolean));
}

/** Binds a pattern's names. */
function declare(pattern: Pattern | null, scope: Scope): void {
  switch (pattern?.type) {
    case 'Identifier':
      scope.names.add(pattern.name);
      return;
    case 'ObjectPattern':
      for (const property of pattern.properties) declare(property.type === 'RestElement' ? property.argument : property.value, scope);
      return;
    case 'ArrayPattern':
      for (const element of pattern.elements) declare(element, scope);
      return;
    case 'AssignmentPattern':
      declare(pattern.left, scope);
      return;
    case 'RestElement':
      declare(pattern.argument, scope);
  }
}

/** `let`, `const`, classes and functions are visible in their whole block. */
function declareLexical(statements: readonly AnyNode[], scope: Scope): void {
  for (const statement of statements) {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var')
      for (const { id } of statement.declarations) declare(id, scope);
    else if ((statement.type === 'ClassDeclaration' || statement.type === 'FunctionDeclaration') && statement.id)
      scope.names.add(statement.id.name);
  }
}

/** The `var`s of a body, through its blocks; functions in blocks too, as sloppy code sees them there (annex B). */
function declareHoisted(node: AnyNode | BlockStatement, scope: Scope): void {
  if (node.type === 'FunctionDeclaration') {
    if (node.id) scope.names.add(node.id.name);
    return;
  }
  if (/Function|^Class/.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') for (const { id } of node.declarations) declare(id, scope);
  for (const child of childrenOf(node as AnyNode)) declareHoisted(child, scope);
}

function isChangingMethod(property: AnyNode): boolean {
  return property.type === 'Identifier' && changingMethods.test(property.name);
}

function note(free: Map<string, FreeVariable>, use: Use): void {
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
