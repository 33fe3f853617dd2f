/** What the names of a function stand for at this moment, read from its scopes alone: nothing is packed, and no text is parsed. */
import { areConstant } from './constant-scopes.ts';
import { analyze } from './free-variables.ts';
import type { AnyFunction } from './graph.ts';
import { exportedVariable, importBinding } from './module-exports.ts';
import { isModuleScope, isWithScope, lookUp, Probe, type ScriptFunction, UNINITIALISED } from './scopes.ts';
import { asFileUrl, type Script, scriptOf, urlOf } from './scripts.ts';

const textOf = Function.prototype.call.bind(Function.prototype.toString) as unknown as (fn: AnyFunction) => string;

export interface NamedValue {
  readonly value: unknown;
  /** Whether no scope has the name, and it is a property of the global object. */
  readonly isGlobal: boolean;
}

/** Reads functions that belong together, the first before all others, in one conversation with the inspector. To be closed. */
export class NameReader {
  readonly #probe = new Probe();
  #home: string | undefined;

  /** Whether there is an inspector to ask. */
  get canRead(): boolean {
    return this.#probe.canRead;
  }

  /** All of these names, free in this function of JavaScript text; undefined where that cannot be told for certain. */
  read(fn: object, names: Iterable<string>): ReadonlyMap<string, NamedValue> | undefined {
    const facts = this.#facts(fn);
    if (!facts) return undefined;
    const values = new Map<string, NamedValue>();
    for (const name of names) {
      const found = lookUp(facts.scopes, name);
      const own = found ?? Object.getOwnPropertyDescriptor(globalThis, name);
      // No value yet, no such name, or one that a getter gives.
      if (own === undefined || !('value' in own) || own.value === UNINITIALISED || name === '__proto__') return undefined;
      values.set(name, { value: own.value, isGlobal: found === undefined });
    }
    return values;
  }

  /** Whether these names, found in its scopes, will always stand for the same. Parses the module, once. */
  areConstant(fn: AnyFunction, names: readonly string[]): boolean {
    const facts = this.#facts(fn);
    if (!facts) return false;
    try {
      const script = this.#scriptOf(fn, facts);
      const own = names.filter((name) => !this.#isConstantImport(facts, script, name));
      return areConstant(facts, own, script);
    } catch {
      return false; // syntax newer than the parser's
    }
  }

  close(): void {
    this.#probe.burst.close();
  }

  /** Undefined for what installed packages and Node have made, unless the first function is theirs, too. */
  #facts(fn: object): ScriptFunction | undefined {
    const facts = this.#probe.facts(fn);
    // The names in a `with` are those of an object.
    if (facts.type !== 'script' || facts.scopes.some(isWithScope)) return undefined;
    this.#home ??= facts.scriptId;
    if (facts.scriptId === this.#home) return facts;
    const url = urlOf(this.#probe, facts.scriptId);
    return url === undefined || url.startsWith('node:') || url.includes('/node_modules/') ? undefined : facts;
  }

  #scriptOf(fn: AnyFunction, facts: ScriptFunction): Script {
    const text = textOf(fn);
    return scriptOf(this.#probe, facts, text, analyze(text).origin);
  }

  /** A function that another file of the program exports: then it is a variable of that module, which no other can assign. */
  #isConstantImport({ scopes }: ScriptFunction, script: Script, name: string): boolean {
    const found = lookUp(scopes, name);
    const binding = found && isModuleScope(found.scope) ? importBinding(script, name) : undefined;
    if (!binding || typeof found?.value !== 'function' || !/^\.{0,2}\//.test(binding.specifier)) return false;
    const facts = this.#facts(found.value);
    const module = facts?.scopes.filter(isModuleScope);
    if (!facts || module?.length !== 1) return false;
    const home = this.#scriptOf(found.value as AnyFunction, facts);
    if (!home.onDisk || new URL(binding.specifier, asFileUrl(script.url)).href !== asFileUrl(home.url)) return false;
    const variable = exportedVariable(home, binding.name);
    if (variable === undefined || lookUp(module, variable)?.value !== found.value) return false;
    return areConstant({ ...facts, scopes: module }, [variable], home);
  }
}
