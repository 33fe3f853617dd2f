/** Functions and classes: their code, and everything they capture. */
import { NotShippableError } from '../errors.ts';
import { ownName } from '../own-exports.ts';
import { hasOpenPort, lexicalThis } from './breakpoint-conditions.ts';
import { packCaptures } from './captures.ts';
import { type ClassShape, classShape, textOf } from './class-shape.ts';
import { keepFacts, keptFacts } from './constant-scopes.ts';
import { type Analysis, analyze } from './free-variables.ts';
import type { AnyFunction, Capture, Draft, FunctionNode, GraphNode, ModuleNode, Ref, Shape } from './graph.ts';
import { type ClassMember, classMember, homeOf } from './home-object.ts';
import { identify, idOf, isFromHost } from './identity.ts';
import { isIntrinsic } from './intrinsics.ts';
import { builtinMethodName } from './known-values.ts';
import { exportNameOf } from './module-exports.ts';
import type { Packer } from './pack-graph.ts';
import { shapeOf } from './pack-objects.ts';
import { reasons, refuse, step, type Trail, unparsable, unreadableThis } from './refusals.ts';
import { type BoundFunction, type FunctionScope, isModuleScope, lookUp, type ScriptFunction, UNINITIALISED } from './scopes.ts';
import { offsetOf, type Script, scriptOf, urlOf } from './scripts.ts';
import { placeOf } from './source-positions.ts';

/** A function of JavaScript text, while it is being packed. */
export interface FunctionRecord {
  readonly fn: AnyFunction;
  readonly name: string;
  readonly place: () => string;
  readonly analysis: Analysis;
  readonly facts: ScriptFunction;
  readonly script: Script;
  readonly shape: ClassShape | null;
  /** `function f` was replaced since (`f = memoize(f)`): inside, its name means the variable. */
  readonly ownNameIsVariable: boolean;
  readonly captures: Captured[];
  readonly node: FunctionNode;
}

/** One captured name. */
export interface Captured {
  readonly name: string;
  value: Capture;
  readonly scope: FunctionScope | undefined;
  readonly written: boolean;
  readonly changed: boolean;
  /** What it stands for travels by its name. */
  readonly byName: boolean;
  /** It is a name of the option `with`. */
  readonly isGiven: boolean;
  /** In its dead zone: it has no value yet, and never will have one in the worker. */
  readonly uninitialised: boolean;
  /** Leads back to the function, so it is set after the function exists. */
  late: boolean;
  cell: boolean;
}

export function packFunction(packer: Packer, fn: AnyFunction, ref: Ref, trail: Trail | null): GraphNode {
  const identity = idOf(fn);
  const isThere = (isFromHost(fn) && !packer.sendsClasses) || packer.brought.has(fn);
  if (identity !== undefined && isThere) return { type: 'known', identity };
  const facts = keptFacts(fn) ?? packer.probe.facts(fn);
  if (facts.type === 'bound') return packer.within(trail, () => packBound(packer, fn, facts, trail));
  const text = textOf(fn);
  if (facts.type === 'native' || /\{\s*\[native code\]\s*\}$/.test(text)) refuse(own(trail, fn), reasons.nativeFunction);
  const analysis = analyzed(text, own(trail, fn));
  const script = scriptOf(packer.probe, facts, text, analysis.origin);
  const method = script.url.startsWith('node:') ? builtinMethodName(fn) : undefined;
  if (method) return method;
  const exported = exportNode(packer, fn, facts, analysis, script);
  if (exported) return packer.states.stated(exported, fn, ref);
  const ownExport = packer.travelsByValue(fn) ? undefined : ownName(fn);
  if (ownExport !== undefined) return { type: 'own', name: ownExport };
  const isPrivateMethod = analysis.kind === 'method' && analysis.usesPrivateNames;
  const member = isPrivateMethod ? classMember(packer, { fn, facts, analysis, script }, own(trail, fn)) : undefined;
  if (member) return packer.within(trail, () => packMember(packer, member, trail));
  refuseForm(analysis, facts, script, own(trail, fn));
  if (!packer.probe.canRead && !packer.runsHere) refuseUnread(analysis, own(trail, fn));
  try {
    return packer.within(trail, () => packScriptFunction(packer, fn, facts, analysis, script, trail));
  } catch (error) {
    // A closure of Node's own, such as what util.promisify gives, may travel like any other. If not, its variables would tell nobody anything.
    if (error instanceof NotShippableError && script.url.startsWith('node:')) return refuse(own(trail, fn), reasons.internalOfNode);
    throw error;
  }
}

/** Is this a function of Node's own JavaScript? */
export function isFunctionOfNode(packer: Packer, fn: object): boolean {
  if (!packer.probe.canRead) return false;
  const facts = packer.probe.facts(fn);
  return facts.type === 'script' && urlOf(packer.probe, facts.scriptId)?.startsWith('node:') === true;
}

/** A trail that names the function itself when nothing else leads to it. */
function own(trail: Trail | null, fn: AnyFunction): Trail {
  return trail ?? { up: null, key: fn.name || 'anonymous function' };
}

/** The shipped function itself has nobody who captures it, and so says where it stands. */
function placed(trail: Trail, place: () => string): Trail {
  return trail.up === null && !trail.owner ? { ...trail, key: `${trail.key}\` at \`${place()}` } : trail;
}

function analyzed(text: string, trail: Trail): Analysis {
  try {
    return analyze(text);
  } catch (error) {
    return refuse(trail, unparsable((error as Error).message));
  }
}

/** An export of a module that the worker can import travels by name. */
function exportNode(packer: Packer, fn: AnyFunction, facts: ScriptFunction, analysis: Analysis, script: Script): ModuleNode | undefined {
  if (!script.onDisk || !facts.scopes.some(isModuleScope) || packer.travelsByValue(fn) || !packer.reach.file(script.url)) return undefined;
  const name = exportNameOf(script, fn, facts, analysis.origin);
  return name === undefined ? undefined : { type: 'module', specifier: script.url, parent: script.url, name };
}

function refuseForm(analysis: Analysis, facts: ScriptFunction, script: Script, trail: Trail): void {
  const at = placed(trail, () => placeOf(script, facts));
  if (analysis.usesEval) refuse(at, reasons.callsEval);
  if (analysis.lexicalNewTarget) refuse(at, reasons.capturesNewTarget);
  if (analysis.kind !== 'class' && analysis.usesPrivateNames) refuse(at, reasons.privateMethod);
  if (analysis.kind === 'arrow' && analysis.usesSuper) refuse(at, reasons.superInArrow);
}

/** What only scopes and files could tell. */
function refuseUnread(analysis: Analysis, trail: Trail): void {
  if (analysis.lexicalArguments) refuse(trail, reasons.unreadArguments);
  if (analysis.metas.length > 0) refuse(trail, reasons.unreadMeta);
  const isRelative = (start: number) => /^import\s*\(\s*['"`]\.{1,2}\//.test(analysis.text.slice(start));
  if (analysis.imports.some(([start]) => isRelative(start))) refuse(trail, reasons.unreadImport);
}

function packScriptFunction(
  packer: Packer,
  fn: AnyFunction,
  facts: ScriptFunction,
  analysis: Analysis,
  script: Script,
  trail: Trail | null,
): FunctionNode {
  const shape = analysis.kind === 'class' ? classShape(fn) : null;
  const node: Draft<FunctionNode> = {
    type: 'function',
    code: '',
    captures: [],
    self: null,
    args: null,
    superOf: null,
    identity: null,
    shape: null,
    statics: [],
    prototype: null,
  };
  const record: FunctionRecord = {
    fn,
    name: fn.name || 'anonymous function',
    place: () => placeOf(script, facts),
    analysis,
    facts,
    script,
    shape,
    ownNameIsVariable: isReplacedDeclaration(fn, facts, analysis, script),
    captures: [],
    node,
  };
  if (shape || hasOwnMethods(fn)) {
    node.identity = identify(fn);
    packer.keep.push(fn);
  }
  packer.started.push(record);
  packCaptures(packer, record, trail);
  const inner = (key: string): Trail => ({ up: trail, key, owner: record });
  if (analysis.kind === 'arrow' && analysis.lexicalThis) node.self = packer.ref(enclosingThis(packer, fn, trail, record), inner('this'));
  if (analysis.lexicalArguments) {
    const found = lookUp(facts.scopes, 'arguments');
    if (found) node.args = packer.ref(Array.from(found.value as ArrayLike<unknown>), inner('arguments'));
  }
  if (analysis.kind === 'method' && analysis.usesSuper) {
    const home = homeOf(packer, record, placed(own(trail, fn), record.place));
    node.superOf = packer.ref(Object.getPrototypeOf(home), inner('super'));
  }
  packer.functions.push(record);
  keepFacts(fn, facts, analysis, script);
  packer.later(() => fillProperties(packer, record, trail));
  return node;
}

function enclosingThis(packer: Packer, fn: AnyFunction, trail: Trail | null, record: FunctionRecord): unknown {
  // Whoever debugs the function where it runs has breakpoints in it, and this would hit them before the task has begun.
  if (packer.runsHere && hasOpenPort()) {
    packer.isPartial = true;
    return undefined;
  }
  try {
    return lexicalThis(packer.probe, fn);
  } catch (error) {
    return refuse(trail ?? { up: null, key: `${record.name}\` at \`${record.place()}` }, unreadableThis((error as Error).message));
  }
}

/** Old-style constructors have methods on their prototype; their instances find their way back like those of classes. */
function hasOwnMethods(fn: AnyFunction): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return (
    typeof prototype === 'object' && prototype !== null && Object.hasOwn(prototype, 'constructor') && Reflect.ownKeys(prototype).length > 1
  );
}

/** What was added to a function after its definition, and what a class keeps in static members. */
function fillProperties(packer: Packer, { fn, shape, node, analysis }: FunctionRecord, trail: Trail | null): void {
  const draft = node as Draft<FunctionNode>;
  const without = ['arguments', 'caller', ...(shape?.staticMethods ?? [])];
  // A guarded constructor takes its arguments as a rest parameter, which would count as none.
  if (!shape?.hasPrivates) without.push('length');
  if (typeof fn.name === 'string') without.push('name');
  const isOtherKind = /Async|Generator/.test(Object.prototype.toString.call(fn)) && analysis.kind !== 'class';
  const isReplaced = !shape && !isOtherKind && hasReplacedPrototype(fn);
  if (!isReplaced) without.push('prototype');
  const hasUsualPrototype = shape !== null || isOtherKind || isIntrinsic(Object.getPrototypeOf(fn), 'Function.prototype');
  if (!hasUsualPrototype || !Object.isExtensible(fn) || !Reflect.ownKeys(fn).every((key) => without.includes(key))) {
    const found = shapeOf(packer, fn, trail, without);
    draft.shape = shape !== null || isOtherKind ? { ...found, prototype: null } : found;
  }
  if (shape && shape.privateStatics.length > 0) {
    if (!packer.probe.canRead) refuse(own(trail, fn), reasons.unreadPrivates);
    for (const [name, value] of packer.probe.privateFields(fn)) {
      if (shape.privateStatics.includes(name)) draft.statics.push([name, packer.ref(value, step(trail, `.${name}`))]);
    }
  }
  if (!isReplaced) draft.prototype = prototypeShape(packer, fn, shape, trail);
}

/** `F.prototype = { … }`: an object of its own, which does not know the function. */
function hasReplacedPrototype(fn: AnyFunction): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return prototype !== undefined || Object.hasOwn(fn, 'prototype');
  return Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value !== fn;
}

function prototypeShape(packer: Packer, fn: AnyFunction, shape: ClassShape | null, trail: Trail | null): Shape | null {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null || /Generator/.test(Object.prototype.toString.call(prototype))) return null;
  const without = ['constructor', ...(shape?.methods ?? [])];
  const isAsDefined = Reflect.ownKeys(prototype).every((key) => without.includes(key));
  const parent = Object.getPrototypeOf(prototype);
  const above = shape?.hasHeritage ? (Object.getPrototypeOf(fn) as { prototype?: unknown }).prototype : undefined;
  const hasUsualParent =
    above === undefined ? isIntrinsic(parent, 'Object.prototype') || (shape !== null && parent === null) : parent === above;
  return isAsDefined && hasUsualParent && Object.isExtensible(prototype)
    ? null
    : shapeOf(packer, prototype, step(trail, '.prototype'), without);
}

function packBound(packer: Packer, fn: AnyFunction, bound: BoundFunction, trail: Trail | null): GraphNode {
  const node: Draft<GraphNode & { type: 'bound' }> = {
    type: 'bound',
    target: packer.ref(bound.target, step(trail, '[bound function]', asObject(bound.self))),
    self: packer.ref(bound.self, step(trail, '[bound this]')),
    args: bound.args.map((value, index) => packer.ref(value, step(trail, `[bound argument ${index}]`))),
    shape: null,
  };
  packer.later(() => {
    if (Reflect.ownKeys(fn).length > 2 || !Object.isExtensible(fn))
      node.shape = { ...shapeOf(packer, fn, trail, ['length', 'name']), prototype: null };
  });
  return node;
}

/** A method that uses private members comes out of its class, and never out of an imported one: instances bring the class itself. */
function packMember(packer: Packer, { classValue, isStatic, key, part }: ClassMember, trail: Trail | null): GraphNode {
  const of = packer.ref(classValue, step(trail, '[its class]'));
  if (key === undefined) refuse(trail, reasons.privateMethod);
  if (packer.isNamed(of) && packer.sendsClasses) packer.shipByValue(classValue);
  return { type: 'member', of, isStatic, key: typeof key === 'symbol' ? { symbol: packer.ref(key, trail) } : key, part };
}

function asObject(value: unknown): object | undefined {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' ? value : undefined;
}

function isReplacedDeclaration(fn: AnyFunction, facts: ScriptFunction, { kind, node, origin }: Analysis, { source }: Script): boolean {
  if (kind !== 'function' || !('id' in node) || !node.id) return false;
  const variable = lookUp(facts.scopes, node.id.name);
  if (!variable || variable.value === fn || variable.value === UNINITIALISED) return false;
  const start = offsetOf(source, facts.line, facts.column) - origin;
  // Whether it is a declaration, and not an expression with an inner name of its own, shows in what stands before it.
  return start >= 0 && /(^|[;{}\n)]|\bexport|\bdefault)\s*$/.test(source.slice(Math.max(0, start - 80), start));
}
