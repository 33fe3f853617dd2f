/**
 * Where a method was defined: its `super` looks in the prototype of that object, and its private names are those of that class. V8 keeps it to
 * itself, so it is looked for among the objects at hand. A class says by its text whether it is the one; other objects have to suit.
 */
import util from 'node:util';
import type { AnyNode, Class, MethodDefinition } from 'acorn';
import { isClass, textOf } from './class-shape.ts';
import { type Analysis, analyze } from './free-variables.ts';
import type { AnyFunction } from './graph.ts';
import type { Packer } from './pack-graph.ts';
import { reasons, refuse, type Trail } from './refusals.ts';
import { type ScriptFunction, variable } from './scopes.ts';
import { offsetOf, type Script } from './scripts.ts';
import { childrenOf } from './source-forms.ts';

const { types } = util;

/** What is known of a method. */
interface Method {
  readonly fn: AnyFunction;
  readonly facts: ScriptFunction;
  readonly analysis: Analysis;
  readonly script: Script;
}

/** A method in the class that it was defined in; a decorator may have taken it from there since. */
export interface ClassMember {
  readonly classValue: { prototype: object };
  readonly isStatic: boolean;
  readonly key: string | symbol | undefined;
  readonly part: 'value' | 'get' | 'set';
}

/** The object whose prototype a method's `super` means. */
export function homeOf(packer: Packer, method: Method, trail: Trail): object {
  const objects = objectsAtHand(method, trail);
  const members = membersAmong(packer, objects, method);
  const homes =
    members.length > 0
      ? members.map(({ classValue, isStatic }) => (isStatic ? classValue : classValue.prototype))
      : objects.filter((object) => keyIn(object, method) !== undefined && classBehind(object) === undefined && suits(object, method));
  const [home] = homes;
  if (home === undefined) refuse(trail, reasons.superWithoutObject);
  const parent = Object.getPrototypeOf(home);
  if (homes.some((other) => Object.getPrototypeOf(other) !== parent)) refuse(trail, reasons.superOfSeveral);
  return home;
}

/** The class in whose text a method stands; undefined where that is out of reach. */
export function classMember(packer: Packer, method: Method, trail: Trail): ClassMember | undefined {
  return membersAmong(packer, objectsAtHand(method, trail), method)[0];
}

/** What the method was read from on its way here, what it is bound to, what its scopes hold, and all that these inherit from. */
function objectsAtHand(method: Method, trail: Trail): object[] {
  const seen = new Set<object>();
  const visit = (value: unknown) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    // A proxy's traps are the user's code. A chain met before has been followed to its end.
    for (let at: object | null = value; at !== null && !seen.has(at) && !types.isProxy(at); at = Object.getPrototypeOf(at)) seen.add(at);
  };
  for (let at: Trail | null = trail; at; at = at.up) visit(at.holder);
  for (const scope of method.facts.scopes) {
    for (const name of Object.getOwnPropertyNames(scope.variables)) visit(variable(scope, name));
  }
  return [...seen];
}

/** Of equal classes, which a mixin makes, the one that has the method comes first and stands for all. */
function membersAmong(packer: Packer, objects: readonly object[], method: Method): ClassMember[] {
  const classes = new Set(objects.flatMap((object) => classBehind(object) ?? []));
  const members: ClassMember[] = [];
  for (const classValue of classes) {
    const syntax = memberSyntax(packer, classValue, method);
    if (!syntax) continue;
    const home = syntax.static ? classValue : classValue.prototype;
    const key = keyIn(home, method);
    const part = syntax.kind === 'get' || syntax.kind === 'set' ? syntax.kind : 'value';
    const member: ClassMember = { classValue, isStatic: syntax.static, key: key ?? literalKey(syntax), part };
    if (key !== undefined) return [member];
    members.push(member);
  }
  return members;
}

/** The key under which an object itself has the method. */
function keyIn(object: object, { fn, analysis }: Method): string | symbol | undefined {
  if (Array.isArray(object) || ArrayBuffer.isView(object) || types.isModuleNamespaceObject(object)) return undefined;
  const named = literalKey(analysis.method as NonNullable<Analysis['method']>);
  return (named === undefined ? Reflect.ownKeys(object) : [named]).find((name) => {
    const { value, get, set } = Object.getOwnPropertyDescriptor(object, name) ?? {};
    return value === fn || get === fn || set === fn;
  });
}

function literalKey({ key, computed }: NonNullable<Analysis['method']>): string | undefined {
  if (computed) return undefined;
  return key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
}

/** Could its `super` be that of this object? A copy of the object it was defined in inherits from another, without what it asks for. */
function suits(object: object, { analysis }: Method): boolean {
  const parent: unknown = Object.getPrototypeOf(object);
  return typeof parent === 'object' && parent !== null && [...superMembers(analysis.node as AnyNode)].every((name) => name in parent);
}

/** The names in `super.name`, but not those of classes and methods inside. */
function* superMembers(node: AnyNode): Generator<string> {
  for (const child of childrenOf(node)) {
    if (child.type === 'MemberExpression' && child.object.type === 'Super' && !child.computed && child.property.type === 'Identifier')
      yield child.property.name;
    if (!/^(FunctionExpression|FunctionDeclaration|Class\w+)$/.test(child.type)) yield* superMembers(child);
  }
}

/** The class that this is, or whose prototype object this is. */
function classBehind(object: object): { prototype: object } | undefined {
  if (isClass(object)) return object as { prototype: object };
  const classValue: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return isClass(classValue) && classValue.prototype === object ? classValue : undefined;
}

/** The member of a class's text that is the method. */
function memberSyntax(packer: Packer, classValue: object, { facts, analysis, script }: Method): MethodDefinition | undefined {
  const of = packer.probe.facts(classValue);
  if (of.type !== 'script' || of.scriptId !== facts.scriptId) return undefined;
  const { node, origin, shift } = analyze(textOf(classValue));
  const start = offsetOf(script.source, of.line, of.column) - origin;
  const at = offsetOf(script.source, facts.line, facts.column) - start + shift;
  const members = (node as Class).body.body.filter((member) => member.type === 'MethodDefinition');
  // V8's position of a method is where its parameters begin, and so is the syntax tree's.
  return members.find((member) => member.value.start === at && analysis.kind === 'method');
}
