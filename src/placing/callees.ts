/** Functions with all that they call: proved together, where what their names stand for is known. */
import { types } from 'node:util';
import { isBare, NameReader } from '../ship/ship.ts';
import { holdTogether } from './bounds.ts';
import type { Facts } from './facts.ts';
import { isSmallPrimitive } from './items.ts';
import { isKnownValue } from './known.ts';
import { type AnyFunction, proofOf, textOf } from './proof.ts';

/** A function of which all is proved, as of now. */
export interface Proven {
  /** What it and its helpers rely on. */
  readonly facts: Facts;
  /** Whether it will stay so: nobody can assign what they capture any more. */
  isConstant(): boolean;
}

/** Helpers that call helpers: deeper is not worth the reading. */
const LEVELS_AT_MOST = 10;
/** Calls of helpers that one item may make. */
const CALLS_AT_MOST = 500;

/** So often scopes are read before the module is parsed, to see whether it need be done again: the first parsing takes as long as some tens of readings. */
const READ_AGAIN_AT_MOST = 10;

/** A function, and the helpers that it calls. */
interface Tree {
  readonly fn: AnyFunction;
  /** What it captures. */
  readonly names: readonly string[];
  readonly helpers: readonly Tree[];
  readonly facts: Facts;
  readonly calls: number;
}

/** Those that stay as they are. */
const kept = new WeakMap<AnyFunction, Tree>();
const timesRead = new WeakMap<AnyFunction, number>();
const changing = new WeakSet<AnyFunction>();

/** Texts of callers whose helpers are not proved: a closure that is made for each call would be read each time, only to go to workers. They may always go there. */
const refused = new Set<string>();
const REFUSED_AT_MOST = 1000;

/** `own`: what its text says. Undefined where something that it captures is for workers. Costs some tenths of a millisecond, unless it is kept. */
export function provenTogether(fn: AnyFunction, own: Facts): Proven | undefined {
  if (own.globals.size + own.captures.size + own.calls.size === 0) return { facts: own, isConstant: () => true };
  const known = kept.get(fn);
  if (known) return { facts: known.facts, isConstant: () => true };
  const text = textOf(fn);
  if (refused.has(text)) return undefined;
  const tree = reading((reader) => new Reading(reader).tree(fn));
  if (tree) return { facts: tree.facts, isConstant: () => kept.has(fn) || reading((reader) => keepConstant(tree, reader)) };
  if (own.calls.size > 0) {
    if (refused.size >= REFUSED_AT_MOST) refused.clear();
    refused.add(text);
  }
  return undefined;
}

function reading<T>(read: (reader: NameReader) => T): T {
  const reader = new NameReader();
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

class Reading {
  readonly #reader: NameReader;
  /** A helper that is called by several is read once. */
  readonly #trees = new Map<AnyFunction, Tree | undefined>();

  constructor(reader: NameReader) {
    this.#reader = reader;
  }

  tree(fn: AnyFunction, level = 0): Tree | undefined {
    const known = kept.get(fn);
    if (known || this.#trees.has(fn)) return known ?? this.#trees.get(fn);
    // While it is being read it is not proved: whoever leads back to it may run for long.
    this.#trees.set(fn, undefined);
    const tree = level > LEVELS_AT_MOST ? undefined : this.#read(fn, level);
    this.#trees.set(fn, tree);
    return tree;
  }

  #read(fn: AnyFunction, level: number): Tree | undefined {
    const own = proofOf(fn);
    // What is added to a function travels with it, and may be what cannot.
    if (!own || !isBare(fn)) return undefined;
    const names = [...new Set([...own.captures, ...own.calls.keys()])];
    const homes = [...own.globals].map((name) => name.split('.', 1)[0]!);
    const values = isKnownValue(fn) ? NO_VALUES : this.#valuesOf(fn, names, homes);
    if (!values) return undefined;
    for (const name of own.captures) if (!isSmallPrimitive(values.get(name)!.value)) return undefined;
    const helpers = new Map<string, Tree>();
    for (const name of own.calls.keys()) {
      const { value } = values.get(name)!;
      // To JavaScript a proxy of a function is a function.
      const helper = typeof value === 'function' && !types.isProxy(value) ? this.tree(value as AnyFunction, level + 1) : undefined;
      if (!helper) return undefined;
      helpers.set(name, helper);
    }
    const tree = { fn, names, helpers: [...helpers.values()], facts: together(own, helpers), calls: callsOf(own, helpers) };
    const { calls } = tree;
    if (calls > CALLS_AT_MOST || ![...helpers.values()].every((helper) => holdTogether(own.methods, helper.facts.methods)))
      return undefined;
    const times = (timesRead.get(fn) ?? 0) + 1;
    timesRead.set(fn, times);
    if (times >= READ_AGAIN_AT_MOST) keepConstant(tree, this.#reader);
    return tree;
  }

  #valuesOf(fn: AnyFunction, names: readonly string[], homes: readonly string[]): ReturnType<NameReader['read']> {
    // Without an inspector nobody can tell; globals are then what they are called, as they are for workers.
    if (!this.#reader.canRead) return names.length === 0 ? NO_VALUES : undefined;
    const values = this.#reader.read(fn, [...names, ...homes]);
    return values && homes.every((home) => values.get(home)!.isGlobal) ? values : undefined;
  }
}

const NO_VALUES: NonNullable<ReturnType<NameReader['read']>> = new Map();

/** Keeps a function whose captures cannot change any more, nor those of its helpers, and says whether it is one. */
function keepConstant(tree: Tree, reader: NameReader): boolean {
  const { fn, names, helpers } = tree;
  if (kept.has(fn)) return true;
  if (changing.has(fn)) return false;
  const isConstant = helpers.every((helper) => keepConstant(helper, reader)) && (names.length === 0 || reader.areConstant(fn, names));
  if (isConstant) kept.set(fn, tree);
  else changing.add(fn);
  return isConstant;
}

function callsOf({ calls }: Facts, helpers: ReadonlyMap<string, Tree>): number {
  let sum = 0;
  for (const [name, times] of calls) sum += times * (1 + helpers.get(name)!.calls);
  return sum;
}

/**
 * What all of them rely on. A helper that is given an item as it is reads of it what it reads. What else a helper is given is a primitive, or
 * in a property that was looked at, as closely as one does for a function that does not look inside.
 */
function together(own: Facts, helpers: ReadonlyMap<string, Tree>): Facts {
  if (helpers.size === 0) return own;
  const others = [...helpers.values()].map(({ facts }) => facts);
  const all = [own, ...others];
  const union = (part: 'globals' | 'methods' | 'properties') => new Set(all.flatMap((facts) => [...facts[part]]));
  return {
    ...{ globals: union('globals'), methods: union('methods'), properties: union('properties') },
    ...{ captures: own.captures, calls: own.calls, takers: own.takers },
    computes: all.some(({ computes }) => computes),
    usesWhole:
      all.some(({ looksInside }) => looksInside) || own.usesWhole || [...own.takers].some((name) => helpers.get(name)!.facts.usesWhole),
    looksInside: all.some(({ looksInside }) => looksInside),
  };
}
