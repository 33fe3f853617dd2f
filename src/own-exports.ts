/**
 * What this package exports, by name. A function that captures `map` takes its name along: where the package is part of the program's
 * bundle there is nothing that a worker could import, and a copy of `map` would be another `map`.
 */

interface Home {
  readonly names: WeakMap<object, string>;
  readonly values: Map<string, object>;
  /** Loads the rest of the package, in a worker that has only what it starts with. */
  load: (() => void) | undefined;
}

const KEY = Symbol.for('allcores.exports/1');
const everywhere = globalThis as { [KEY]?: Home };
/** One per thread, also when two copies of the package are loaded in it: the first copy answers. */
everywhere[KEY] ??= { names: new WeakMap(), values: new Map(), load: undefined };
const home = everywhere[KEY];

/** Said by each file of what it exports to users. */
export function ownExports(exports: Readonly<Record<string, object>>): void {
  for (const [name, value] of Object.entries(exports)) {
    home.names.set(value, name);
    if (!home.values.has(name)) home.values.set(name, value);
  }
}

export function ownName(value: object): string | undefined {
  return home.names.get(value);
}

export function ownValue(name: string): object {
  if (!home.values.has(name)) home.load?.();
  const value = home.values.get(name);
  if (!value) throw new Error(`allcores exports no "${name}" here`);
  return value;
}

/** Says how the rest of the package is loaded; the first to say so stays. */
export function whenMissing(load: () => void): void {
  home.load ??= load;
}
