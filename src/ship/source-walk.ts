/** The walk over a function's syntax that finds every use of a name, and what else ties it to its surroundings. */
import type { AnyNode, Class, Function as FunctionSyntax, Identifier, MemberExpression, Pattern } from 'acorn';
import { baseOf, changedArgument, isChangingMethod } from './changes.ts';
import { declare, declareHoisted, declareLexical, privateNamesOf, Scope } from './declared-names.ts';
import type { Analysis } from './free-variables.ts';
import type { Draft } from './graph.ts';
import { type Change, type FreeNames, Uses } from './name-uses.ts';
import { childrenOf, parseFunctionText, type SourceForm } from './source-forms.ts';

/** Whose `this` and `super` a piece of code sees: its own, or those around the text. */
interface Owner {
  readonly ownThis: boolean;
  readonly ownSuper: boolean;
}

export class Walk {
  readonly #text: string;
  readonly #form: SourceForm;
  readonly #root: AnyNode;
  readonly #uses: Uses;
  /** What ties the text to its surroundings, beside names. */
  readonly #ties: Draft<Omit<Analysis, 'text' | keyof SourceForm | keyof FreeNames>>;
  /** Private names of the classes inside this text that the walk is in. */
  readonly #privateNames: Set<string>[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#form = parseFunctionText(text);
    this.#uses = new Uses(this.#form.shift);
    this.#root = this.#form.node as AnyNode;
    this.#ties = {
      metas: [],
      imports: [],
      lexicalThis: false,
      thisUse: { changed: false, paths: new Set() },
      lexicalNewTarget: false,
      usesSuper: false,
      usesPrivateNames: this.#form.inClass,
    };
  }

  analysis(): Analysis {
    this.#visit(this.#root, new Scope(null), { ownThis: false, ownSuper: this.#form.kind === 'class' });
    return { ...this.#form, ...this.#uses.freeNames(), ...this.#ties, text: this.#text };
  }

  #visit(node: AnyNode | null | undefined, scope: Scope, owner: Owner): void {
    if (!node) return;
    switch (node.type) {
      case 'Identifier':
        this.#uses.add(node, scope, {});
        return;
      case 'ThisExpression':
        this.#useThis('', owner);
        return;
      case 'Super':
        if (!owner.ownSuper) this.#ties.usesSuper = true;
        this.#useThis('', owner);
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#ties.metas.push([node.start - this.#form.shift, node.end - this.#form.shift]);
        else if (!owner.ownThis) this.#ties.lexicalNewTarget = true;
        return;
      case 'PrivateIdentifier':
        if (!this.#privateNames.some((names) => names.has(node.name))) this.#ties.usesPrivateNames = true;
        return;
      case 'ImportExpression':
        this.#ties.imports.push([node.start - this.#form.shift, node.start - this.#form.shift + 'import'.length]);
        break;
      case 'CallExpression':
      case 'NewExpression':
        if (node.callee.type === 'Identifier') this.#uses.add(node.callee, scope, { call: node.type === 'CallExpression' });
        else if (node.callee.type === 'MemberExpression') this.#member(node.callee, scope, owner, { path: '', isCalled: true });
        else this.#visit(node.callee, scope, owner);
        for (const argument of node.arguments) {
          if (argument === changedArgument(node)) this.#changedMember(argument, scope, owner);
          else this.#visit(argument, scope, owner);
        }
        return;
      case 'TaggedTemplateExpression':
        if (node.tag.type === 'Identifier') this.#uses.add(node.tag, scope, { call: true });
        else this.#visit(node.tag, scope, owner);
        this.#visit(node.quasi, scope, owner);
        return;
      case 'MemberExpression':
        this.#member(node, scope, owner);
        return;
      case 'Property':
        if (node.computed) this.#visit(node.key, scope, owner);
        if (node.shorthand) this.#uses.add(node.value as Identifier, scope, { shorthand: true });
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
          this.#read(init, id, scope, owner);
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
        if (node.type === 'ForStatement') for (const part of [node.test, node.update]) this.#visit(part, inner, owner);
        else this.#read(node.right, head?.type === 'VariableDeclaration' ? head.declarations[0]?.id : undefined, inner, owner);
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

  /** `after` is what follows: `.c` where this is the `a.b` of `a.b.c`. */
  #member(node: MemberExpression, scope: Scope, owner: Owner, after = { path: '', isCalled: false }): void {
    const named = !node.computed && node.property.type === 'Identifier' ? node.property.name : null;
    // A method needs its object; an element or a private member, the whole.
    const path = named === null || after.isCalled ? '' : `.${named}${after.path}`;
    const { object } = node;
    const from = this.#uses.count;
    if (object.type === 'Identifier') this.#uses.add(object, scope, { member: named, path });
    else if (object.type === 'ThisExpression') this.#useThis(path, owner);
    else if (object.type === 'MemberExpression') this.#member(object, scope, owner, { path, isCalled: false });
    else this.#visit(object, scope, owner);
    if (after.isCalled && isChangingMethod(node.property)) this.#markChanged(object, from, 'method', owner);
    if (node.computed || node.property.type === 'PrivateIdentifier') this.#visit(node.property, scope, owner);
  }

  #useThis(path: string, owner: Owner): void {
    if (owner.ownThis) return;
    this.#ties.lexicalThis = true;
    this.#ties.thisUse.paths.add(path);
  }

  /** A value that gets new names: what is changed through them is changed where it comes from. */
  #read(value: AnyNode | null | undefined, into: Pattern | undefined, scope: Scope, owner: Owner): void {
    const from = this.#uses.count;
    this.#visit(value, scope, owner);
    if (value && into) this.#uses.alias(into, baseOf(value), from, scope);
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
        if (!declares) this.#uses.add(pattern, scope, { write: true });
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            this.#pattern(property.argument, scope, owner, declares);
            continue;
          }
          if (property.computed) this.#visit(property.key, scope, owner);
          const target = property.value.type === 'AssignmentPattern' ? property.value.left : property.value;
          if (property.shorthand && !declares) this.#uses.add(target as Identifier, scope, { write: true, shorthand: true });
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
    const from = this.#uses.count;
    this.#visit(node, scope, owner);
    this.#markChanged(node, from, 'assignment', owner);
  }

  #markChanged(node: AnyNode, from: number, change: Change, owner: Owner): void {
    const base = baseOf(node);
    if (base.type === 'ThisExpression' && !owner.ownThis) this.#ties.thisUse.changed = true;
    this.#uses.change(base, from, change);
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
