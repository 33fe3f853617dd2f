/**
 * Functions that only capture variables which nobody assigns once they have their value: what V8 has said of their scopes holds for good,
 * and asking again would take a tenth of a millisecond. Whether a name is ever assigned is read from the text of its module.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnyNode, Pattern } from 'acorn';
import { parse } from 'acorn';
import { namesIn } from './declared-names.ts';
import type { Analysis } from './free-variables.ts';
import { isModuleScope, lookUp, type ScriptFunction, UNINITIALISED, variable } from './scopes.ts';
import type { Script } from './scripts.ts';
import { childrenOf, parserOptions } from './source-forms.ts';

const kept = new WeakMap<object, ScriptFunction>();
const packedBefore = new WeakSet<object>();

/** What is known of a function from an earlier packing, and still holds: of its scopes only the names that it uses. */
export function keptFacts(fn: object): ScriptFunction | undefined {
  return kept.get(fn);
}

/** Called at each packing. The module is parsed at the second: most functions are packed once. */
export function keepFacts(fn: object, facts: ScriptFunction, analysis: Analysis, script: Script): void {
  if (kept.has(fn)) return;
  if (!packedBefore.has(fn)) {
    packedBefore.add(fn);
    return;
  }
  const isSimple = (analysis.kind === 'arrow' || analysis.kind === 'function') && !analysis.usesSuper && !analysis.usesPrivateNames;
  if (!isSimple || analysis.lexicalThis || analysis.lexicalArguments || !facts.scopes.some(isModuleScope)) return;
  const own = 'id' in analysis.node && analysis.node.id ? [analysis.node.id.name] : [];
  const names = [...analysis.free.keys(), ...own].filter((name) => lookUp(facts.scopes, name));
  if (!areConstant(facts, names, script)) return;
  const scopes = facts.scopes.map(({ type, variables }) => {
    const used = names.filter((name) => Object.hasOwn(variables, name));
    return { type, variables: Object.fromEntries(used.map((name) => [name, variable({ type, variables }, name)])) };
  });
  kept.set(fn, { ...facts, scopes, isKept: true });
}

/** Whether these names, which a function of a module uses, stand for good for what they stand for now. */
export function areConstant({ scopes }: ScriptFunction, names: readonly string[], script: Script): boolean {
  // What lies around the module belongs to other scripts, which may assign it.
  const inside = scopes.slice(0, scopes.findIndex(isModuleScope) + 1);
  if (names.some((name) => !lookUp(inside, name))) return false;
  const changing = changingNames(script);
  // Node 20 gives undefined for a variable that has not got its value yet.
  const hasValue = (name: string) => ![undefined, UNINITIALISED].includes(lookUp(inside, name)?.value as undefined);
  return changing !== null && names.every((name) => !changing.has(name) && hasValue(name));
}

const changingByScript = new WeakMap<Script, ReadonlySet<string> | null>();
const LONGEST_TEXT = 300_000;

/** Names that some variable of a module has whose value may change; null where that cannot be told. */
function changingNames(script: Script): ReadonlySet<string> | null {
  let names = changingByScript.get(script);
  if (names === undefined) {
    names = isAsLoaded(script) ? readChangingNames(script.source) : null;
    changingByScript.set(script, names);
  }
  return names;
}

/** A file that was saved since may say something else than what runs. */
function isAsLoaded({ onDisk, url }: Script): boolean {
  if (!onDisk) return true;
  try {
    return statSync(url.startsWith('file:') ? fileURLToPath(url) : url).mtimeMs < performance.timeOrigin;
  } catch {
    return false;
  }
}

function readChangingNames(source: string): ReadonlySet<string> | null {
  if (source === '' || source.length > LONGEST_TEXT) return null;
  const names = new Set<string>();
  try {
    collect(parse(source, { ...parserOptions, sourceType: 'module', allowHashBang: true }), names);
  } catch {
    return null; // syntax newer than the parser's
  }
  // A direct eval may assign anything.
  return names.has('eval') ? null : names;
}

function collect(node: AnyNode, names: Set<string>): void {
  switch (node.type) {
    case 'AssignmentExpression':
      addNames(node.left, names);
      break;
    case 'UpdateExpression':
      if (node.argument.type === 'Identifier') names.add(node.argument.name);
      break;
    case 'ForInStatement':
    case 'ForOfStatement':
      if (node.left.type !== 'VariableDeclaration') addNames(node.left, names);
      break;
    case 'VariableDeclaration':
      // In a loop a `var` gets its value again and again.
      if (node.kind === 'var') for (const { id } of node.declarations) addNames(id, names);
      break;
    case 'ImportDeclaration':
      // The other module may assign what it exports.
      for (const { local } of node.specifiers) names.add(local.name);
      break;
    case 'CallExpression':
      if (node.callee.type === 'Identifier' && node.callee.name === 'eval') names.add('eval');
      break;
  }
  for (const child of childrenOf(node)) collect(child, names);
}

function addNames(pattern: Pattern, names: Set<string>): void {
  for (const name of namesIn(pattern)) names.add(name);
}
