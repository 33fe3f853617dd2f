/**
 * The object that a method was defined on: its `super` looks in that object's prototype. V8 keeps it to itself, so it is looked for among the
 * objects at hand. A class says by its text whether it is the one; of other objects there must be no two to choose from.
 */
import util from 'node:util';
import type { AnyNode } from 'acorn';
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

/** Where a method that uses `super` was defined. */
export function homeOf(packer: Packer, method: Method, trail: Trail): object {
  const owners = ownersOf(method, trail);
  const defining = owners.filter((owner) => isDefining(packer, owner, method));
  const homes = defining.length > 0 ? defining : owners.filter((owner) => classBehind(owner) === undefined && suits(owner, method));
  const [home] = homes;
  if (home === undefined) refuse(trail, reasons.superWithoutObject);
  const parent = Object.getPrototypeOf(home);
  if (homes.some((other) => Object.getPrototypeOf(other) !== parent)) refuse(trail, reasons.superOfSeveral);
  return home;
}

/** A method as the member of its class, which takes what only the class's own text may name along. */
export interface Member {
  readonly home: object;
  readonly classValue: object;
  readonly key: string | symbol;
  readonly part: 'value' | 'get' | 'set';
}

/** Undefined where its class is out of reach. */
export function memberOfClass(packer: Packer, method: Method, trail: Trail): Member | undefined {
  const home = ownersOf(method, trail).find((owner) => isDefining(packer, owner, method));
  const property = home && propertyOf(home, method);
  return property && { home, classValue: classBehind(home) as object, ...property };
}

/** The objects that have it as a property: where it was read from, what it is bound to, and what its scopes hold, with all they inherit from. */
function ownersOf(method: Method, trail: Trail): object[] {
  const seen = new Set<object>();
  const visit = (value: unknown) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    // A proxy's traps are the user's code. A chain met before has been followed to its end.
    for (let at: object | null = value; at !== null && !seen.has(at) && !types.isProxy(at); at = Object.getPrototypeOf(at)) seen.add(at);
  };
  visit(trail.holder);
  for (const scope of method.facts.scopes) {
    for (const name of Object.getOwnPropertyNames(scope.variables)) {
      const value = variable(scope, name);
      visit(value);
      if (typeof value === 'function' && !types.isProxy(value)) visit(Object.getOwnPropertyDescriptor(value, 'prototype')?.value);
    }
  }
  return [...seen].filter((object) => propertyOf(object, method) !== undefined);
}

function propertyOf(object: object, { fn, analysis }: Method): Pick<Member, 'key' | 'part'> | undefined {
  if (Array.isArray(object) || ArrayBuffer.isView(object) || types.isModuleNamespaceObject(object)) return undefined;
  const { key, computed } = analysis.method as NonNullable<Analysis['method']>;
  const named = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined;
  const keys = computed || named === undefined ? Reflect.ownKeys(object) : [named];
  for (const name of keys) {
    const property = Object.getOwnPropertyDescriptor(object, name);
    for (const part of ['value', 'get', 'set'] as const) if (property?.[part] === fn) return { key: name, part };
  }
  return undefined;
}

/** Could its `super` be that of this object? A copy of the object it was defined in inherits from another, without what it asks for. */
function suits(owner: object, { analysis }: Method): boolean {
  const parent: unknown = Object.getPrototypeOf(owner);
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

/** The class whose prototype object this is, or which this is itself. */
function classBehind(object: object): object | undefined {
  if (isClass(object)) return object;
  const classValue: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  return isClass(classValue) && classValue.prototype === object ? classValue : undefined;
}

/** Is this the class, or the prototype object of the class, in whose text the method stands? */
function isDefining(packer: Packer, owner: object, method: Method): boolean {
  const classValue = classBehind(owner);
  return classValue !== undefined && isWrittenIn(packer, classValue, method);
}

/** Does the class's text contain the method, at its place? */
function isWrittenIn(packer: Packer, classValue: object, { facts, analysis, script }: Method): boolean {
  const of = packer.probe.facts(classValue);
  if (of.type !== 'script' || of.scriptId !== facts.scriptId) return false;
  const text = textOf(classValue);
  const start = offsetOf(script.source, of.line, of.column) - analyze(text).origin;
  const at = offsetOf(script.source, facts.line, facts.column) - analysis.origin;
  return start <= at && at + analysis.text.length <= start + text.length;
}
