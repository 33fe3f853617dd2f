/**
 * Settings that a package keeps in variables: what `BigNumber.config` assigns. They are read through V8's inspector, and only where
 * a function whose name says that it configures hangs on the very thing that travels.
 */
import { textOf } from './class-shape.ts';
import { analyze } from './free-variables.ts';
import type { HiddenSettings } from './graph.ts';
import { describeState, ownProperty } from './module-state.ts';
import { lookUp, Probe } from './scopes.ts';

const configures = /^(config|configure|set|use|extend|locale|defaults|register|install|init)$|^(set|define)[A-Z]/;

type Variables = HiddenSettings['variables'];

const known = new WeakMap<object, { readonly keys: number; readonly variables: Variables }>();

/** Which variables the configuring functions of a value assign or change. */
export function variablesBehind(value: object): Variables {
  const keys = Reflect.ownKeys(value);
  const before = known.get(value);
  if (before?.keys === keys.length) return before.variables;
  const variables = keys.flatMap((key) => {
    const names = typeof key === 'string' && configures.test(key) ? assignedBy(ownFunction(value, key)) : [];
    return names.length > 0 ? [[key as string, names] as const] : [];
  });
  known.set(value, { keys: keys.length, variables });
  return variables;
}

/** Lines for people, such as `DECIMAL_PLACES = 20`: equal for equal settings. */
export function readSettings(probe: Probe, value: object, variables: Variables): string[] {
  return variables.flatMap(([key, names]) => {
    const fn = ownFunction(value, key);
    const facts = fn && probe.facts(fn);
    if (facts?.type !== 'script') return [];
    return names.flatMap((name) => {
      const found = lookUp(facts.scopes, name);
      return found ? describeState({ [name]: found.value }) : [];
    });
  });
}

/** The same for a thread that has nothing else to ask the inspector; no lines where it may not be asked. */
export function settingsOf(value: object, variables: Variables): string[] {
  const probe = new Probe();
  try {
    return readSettings(probe, value, variables);
  } catch {
    return [];
  } finally {
    probe.burst.close();
  }
}

function ownFunction(value: object, key: string): object | undefined {
  const found: unknown = ownProperty(value, key)?.value;
  return typeof found === 'function' ? found : undefined;
}

function assignedBy(fn: object | undefined): string[] {
  if (!fn) return [];
  try {
    return [...analyze(textOf(fn)).free].filter(([, { written, changed }]) => written || changed).map(([name]) => name);
  } catch {
    return []; // native, or syntax newer than the parser's
  }
}
