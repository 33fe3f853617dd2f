/** Reads what JavaScript cannot: a function's scopes, position and bound parts, private fields, a proxy's target. */
import { Burst, type RemoteObject } from './inspector-burst.ts';

/** The value of a variable that is not initialised yet. Node 22 and later tell; on Node 20 it reads as undefined. */
export const UNINITIALISED = Symbol('uninitialised');

export interface FunctionScope {
  /** V8's word for it: `Closure (outer)`, `Block`, `Module`, … */
  readonly type: string;
  readonly variables: object;
}

export interface ScriptFunction {
  readonly type: 'script';
  /** Inner to outer, without the global one. */
  readonly scopes: readonly FunctionScope[];
  readonly scriptId: string;
  /** Where V8 says it starts, both from 0. */
  readonly line: number;
  readonly column: number;
  /** From an earlier packing: of its scopes only what the function uses. */
  readonly isKept?: true;
}

export interface BoundFunction {
  readonly type: 'bound';
  readonly target: unknown;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

export type FunctionFacts = ScriptFunction | BoundFunction | { readonly type: 'native' };

const unread: ScriptFunction = { type: 'script', scopes: [], scriptId: '', line: 0, column: 0 };

interface Properties {
  readonly internalProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: RemoteObject }[];
}

/** One burst's reading of live values. Each function is read once. */
export class Probe {
  readonly burst = new Burst();
  readonly #facts = new Map<object, FunctionFacts>();
  #canRead: boolean | undefined;

  /** Else all that is known of a function is its text. */
  get canRead(): boolean {
    this.#canRead ??= this.burst.isPossible;
    return this.#canRead;
  }

  facts(fn: object): FunctionFacts {
    let facts = this.#facts.get(fn);
    if (!facts) {
      facts = this.canRead ? this.readAgain(fn) : unread;
      this.#facts.set(fn, facts);
    }
    return facts;
  }

  readAgain(fn: object): FunctionFacts {
    const internal = internalsOf(this.#properties(fn));
    const [target, self, args] = [internal('[[TargetFunction]]'), internal('[[BoundThis]]'), internal('[[BoundArgs]]')];
    if (target && self && args) {
      const [liveTarget, liveSelf, liveArgs] = this.burst.live([target, self, args]);
      return { type: 'bound', target: liveTarget, self: liveSelf, args: [...(liveArgs as unknown[])] };
    }
    const scopes = internal('[[Scopes]]');
    const location = internal('[[FunctionLocation]]')?.value as { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
    if (!scopes || !location) return { type: 'native' };
    const list = this.burst.liveObject(scopes) as ArrayLike<{ description: string; object: object }>;
    return {
      type: 'script',
      scopes: Array.from(list)
        .filter((scope) => scope.description !== 'Global')
        .map((scope) => ({ type: scope.description, variables: scope.object })),
      scriptId: location.scriptId,
      line: location.lineNumber,
      column: location.columnNumber,
    };
  }

  /** Private fields (methods and accessors left out), base class first. */
  privateFields(object: object): [name: string, value: unknown][] {
    const fields = (this.#properties(object).privateProperties ?? []).filter((field) => field.value);
    const values = this.burst.live(fields.map((field) => field.value as RemoteObject));
    return fields.map((field, index) => [field.name, values[index]]);
  }

  proxyParts(proxy: object): [target: unknown, handler: unknown] {
    const internal = internalsOf(this.#properties(proxy));
    return this.burst.live([internal('[[Target]]') as RemoteObject, internal('[[Handler]]') as RemoteObject]) as [unknown, unknown];
  }

  #properties(value: object): Properties {
    return this.burst.post<Properties>('Runtime.getProperties', { objectId: this.burst.handle(value).objectId, ownProperties: true });
  }
}

function internalsOf(properties: Properties): (name: string) => RemoteObject | undefined {
  return (name) => properties.internalProperties?.find((property) => property.name === name)?.value;
}

/** The innermost scope that has a name, and what it holds there; undefined when no scope has it. */
export function lookUp(scopes: readonly FunctionScope[], name: string): { scope: FunctionScope; value: unknown } | undefined {
  for (const scope of scopes) if (Object.hasOwn(scope.variables, name)) return { scope, value: variable(scope, name) };
  return undefined;
}

export function variable(scope: FunctionScope, name: string): unknown {
  try {
    return (scope.variables as Record<string, unknown>)[name];
  } catch {
    return UNINITIALISED; // V8 12 and later throw; V8 11 gives undefined
  }
}

export function isWithScope(scope: FunctionScope): boolean {
  return scope.type.startsWith('With');
}

export function isModuleScope(scope: FunctionScope): boolean {
  return scope.type.startsWith('Module');
}
