/** An ES module's import and export declarations: how a captured binding, or a function of the module, is found again by name. */
import type { Identifier, ImportAttribute, Literal, Node, Program } from 'acorn';
import { parse } from 'acorn';
import { namesIn } from './declared-names.ts';
import { isModuleScope, type ScriptFunction, variable } from './scopes.ts';
import { offsetOf, type Script } from './scripts.ts';
import { parserOptions } from './source-forms.ts';

export interface ImportBinding {
  readonly specifier: string;
  /** The exported name, `default`, or `*` for the namespace. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

interface Declarations {
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Exported names by local name. */
  readonly exports: ReadonlyMap<string, string>;
  /** Where a function or class without a name is the default export. */
  readonly anonymousDefault: Node | null;
}

const nothing: Declarations = { imports: new Map(), exports: new Map(), anonymousDefault: null };
const declarations = new WeakMap<Script, Declarations>();

/** The import a module's local name comes from. */
export function importBinding(script: Script, local: string): ImportBinding | undefined {
  // A cheap look, before a whole file is parsed.
  const mentioned = new RegExp(`\\bimport\\b[^;'"]*[\\s,{*]${local.replace(/\$/g, '\\$')}[\\s,}]`);
  if (!mentioned.test(script.source)) return undefined;
  return declarationsOf(script).imports.get(local);
}

/** The name under which a module exports this very function or class. */
export function exportNameOf(script: Script, fn: object, facts: ScriptFunction, origin: number): string | undefined {
  const scope = facts.scopes.find(isModuleScope);
  if (!scope || !/\bexport\b/.test(script.source)) return undefined;
  const { exports, anonymousDefault } = declarationsOf(script);
  for (const [local, name] of exports) if (Object.hasOwn(scope.variables, local) && variable(scope, local) === fn) return name;
  // V8 does not list it, but a module's top level runs once: whoever stands at that place is the default export.
  return anonymousDefault?.start === offsetOf(script.source, facts.line, facts.column) - origin ? 'default' : undefined;
}

/** The variable that a module exports under a name; undefined where that is none of its own, or has several names. */
export function exportedVariable(script: Script, name: string): string | undefined {
  const { exports, imports } = declarationsOf(script);
  for (const [local, exported] of exports) if (exported === name && !imports.has(local)) return local;
  return undefined;
}

function declarationsOf(script: Script): Declarations {
  let found = declarations.get(script);
  if (!found) {
    try {
      found = readDeclarations(parse(script.source, { ...parserOptions, sourceType: 'module', allowHashBang: true }));
    } catch {
      found = nothing; // syntax newer than the parser's: then everything travels by value
    }
    declarations.set(script, found);
  }
  return found;
}

function readDeclarations(program: Program): Declarations {
  const imports = new Map<string, ImportBinding>();
  const exports = new Map<string, string>();
  let anonymousDefault: Node | null = null;
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      const specifier = String(statement.source.value);
      const attributes = attributesOf(statement.attributes);
      for (const binding of statement.specifiers) {
        const name =
          binding.type === 'ImportNamespaceSpecifier'
            ? '*'
            : binding.type === 'ImportDefaultSpecifier'
              ? 'default'
              : nameIn(binding.imported);
        imports.set(binding.local.name, { specifier, name, attributes });
      }
    } else if (statement.type === 'ExportNamedDeclaration' && !statement.source) {
      for (const { local, exported } of statement.specifiers) exports.set(nameIn(local), nameIn(exported));
      const { declaration } = statement;
      if (declaration?.type === 'VariableDeclaration') {
        for (const { id } of declaration.declarations) for (const name of namesIn(id)) exports.set(name, name);
      } else if (declaration) exports.set(declaration.id.name, declaration.id.name);
    } else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'Identifier') exports.set(declaration.name, 'default');
      else if ('id' in declaration && declaration.id && /Declaration$/.test(declaration.type)) exports.set(declaration.id.name, 'default');
      else if (/^(Function|Class|ArrowFunction)/.test(declaration.type)) anonymousDefault = declaration;
    }
  }
  return { imports, exports, anonymousDefault };
}

function nameIn(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

function attributesOf(list: readonly ImportAttribute[] | undefined): Record<string, string> | undefined {
  return list?.length ? Object.fromEntries(list.map(({ key, value }) => [nameIn(key), String(value.value)])) : undefined;
}
