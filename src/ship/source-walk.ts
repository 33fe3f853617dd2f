/** The walk over a function's syntax that finds every use of a name, and what else ties it to its surroundings. */
import type { AnyNode, Class, Function as FunctionSyntax, Identifier, Pattern } from 'acorn';
import { declare, declareHoisted, declareLexical, privateNamesOf, Scope } from './declared-names.ts';
import type { Analysis, FreeVariable } from './free-variables.ts';
import { note, type Use } from './name-uses.ts';
import { childrenOf, parseFunctionText, type SourceForm } from './source-forms.ts';

const changingMethods = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Whose `this` and `super` a piece of code sees: its own, or those around the text. */
interface Owner {
  readonly ownThis: boolean;
  readonly ownSuper: boolean;
}

export class Walk {
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

function isChangingMethod(property: AnyNode): boolean {
  return property.type === 'Identifier' && changingMethods.test(property.name);
}
