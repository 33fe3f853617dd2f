/**
 * What can be seen of the state of something that travels by its name: own keys, primitive values, patched prototypes. Two threads that
 * have imported the same package see the same, unless one of them has configured it. Both ends import this file, so it stays small.
 */
import { types } from 'node:util';

/** As far as it is looked into. Deeper lies what packages keep for themselves. */
const REACH = 4;
const PROPERTIES_AT_MOST = 2000;
const CHARACTERS_AT_MOST = 100;
/** What every function has. */
const usual: ReadonlySet<string | symbol> = new Set(['length', 'name', 'arguments', 'caller']);

/** A fingerprint; undefined for what has no properties to differ in, such as most functions. Costs 10 to 60 µs, for lodash 300. */
export function stateOf(value: unknown): string | undefined {
  const hash = new Hash();
  const looked = look(value, (key, text) => {
    hash.add(key);
    hash.add(text);
  });
  return looked === 0 ? undefined : hash.text();
}

/** Of a namespace, only some exports. */
export function membersOf(namespace: object, members: readonly string[]): object {
  return Object.fromEntries(
    members.flatMap((name) => {
      const property = ownProperty(namespace, name);
      return property ? [[name, property.value]] : [];
    }),
  );
}

/** The same as lines for people, such as `precision = 50`. */
export function describeState(value: unknown): string[] {
  const lines: string[] = [];
  const path: string[] = [];
  look(value, (key, text, depth) => {
    path.length = depth - 1;
    path.push(key);
    lines.push(`${path.join('.')} = ${text}`);
  });
  return lines;
}

/** The first line of `ours` that is not among `theirs`, and what stands there instead. */
export function firstDifference(ours: readonly string[], theirs: readonly string[]): string {
  const known = new Set(theirs);
  const line = ours.find((one) => !known.has(one));
  if (line === undefined) {
    const gone = theirs.find((one) => !ours.includes(one));
    return gone === undefined ? 'its state' : `\`${keyOf(gone)}\` is not here`;
  }
  const key = keyOf(line);
  const other = theirs.find((one) => keyOf(one) === key);
  return other === undefined ? `\`${key}\` was added` : `\`${key}\` is ${line.slice(key.length + 3)}, not ${other.slice(key.length + 3)}`;
}

function keyOf(line: string): string {
  return line.slice(0, line.indexOf(' = '));
}

type Visit = (key: string, text: string, depth: number) => void;

/** Walks the own properties, and never calls a getter. Gives how many there were. */
function look(value: unknown, visit: Visit): number {
  const seen = new Set<unknown>();
  let count = 0;
  const into = (object: object, depth: number, reach: number, prefix = '') => {
    const isFunction = typeof object === 'function';
    for (const key of Reflect.ownKeys(object)) {
      if (isFunction && usual.has(key)) continue;
      if (count >= PROPERTIES_AT_MOST) return;
      const property = ownProperty(object, key);
      // zod puts accessors on its prototypes when they are first used.
      if (!property || !('value' in property) || isInternal(key, prefix)) continue;
      const name = prefix + (typeof key === 'symbol' ? `[${key.description ?? ''}]` : key);
      // Of a class the methods count, not what hangs on them.
      if (key === 'prototype' && isFunction && isCompound(property.value)) into(property.value, depth, 1, `${name}.`);
      else show(name, property.value, depth, reach - 1);
    }
  };
  const show = (name: string, item: unknown, depth: number, reach: number) => {
    if (isOfThisRun(name, item)) return;
    count += 1;
    visit(name, textOf(item), depth);
    if (!isCompound(item) || reach === 0 || seen.has(item) || isOpaque(item)) return;
    seen.add(item);
    into(item, depth + 1, reach);
  };
  if (isCompound(value) && !isOpaque(value)) {
    seen.add(value);
    into(value, 1, REACH);
  }
  return count;
}

/** Undefined also where it cannot be asked for. */
export function ownProperty(object: object, key: string | symbol): PropertyDescriptor | undefined {
  try {
    return Reflect.getOwnPropertyDescriptor(object, key);
  } catch {
    return undefined; // an export in its dead zone
  }
}

const FIRST_MOMENT = 1e9;
const LAST_MOMENT = 3e12;

/** A moment, a process, a thread, a random id: different at every import, and no setting. */
function isOfThisRun(name: string, value: unknown): boolean {
  if (typeof value === 'number') return value === process.pid || (value >= FIRST_MOMENT && value < LAST_MOMENT);
  if (typeof value === 'string') return /^[\da-f-]{16,}$|^\d{4}-\d\d-\d\dT/i.test(value);
  return typeof value === 'bigint' ? value > FIRST_MOMENT : types.isDate(value) || /(main|worker)thread|threadid/i.test(name);
}

/** By custom, what begins with an underscore is a package's own. */
function isInternal(key: string | symbol, prefix: string): boolean {
  return typeof key === 'string' && (key.startsWith('_') || (prefix !== '' && key === 'constructor'));
}

/** Caches and counters of a package's own are no settings. */
function isOpaque(value: object): boolean {
  return types.isProxy(value) || ArrayBuffer.isView(value) || types.isMap(value) || types.isSet(value);
}

export function isCompound(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function textOf(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (isCompound(value)) return types.isRegExp(value) ? `${value}` : 'an object';
  if (typeof value === 'string')
    return JSON.stringify(value.length > CHARACTERS_AT_MOST ? `${value.slice(0, CHARACTERS_AT_MOST)}…` : value);
  return Object.is(value, -0) ? '-0' : `${String(value)}${typeof value === 'bigint' ? 'n' : ''}`;
}

/** FNV-1a twice, with different constants: no secret, only quick. */
class Hash {
  #one = 0x811c9dc5;
  #two = 0x9747b28c;

  add(text: string): void {
    let one = this.#one;
    let two = this.#two;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      one = Math.imul(one ^ code, 0x01000193);
      two = Math.imul(two ^ code, 0x85ebca6b) + 1;
    }
    // An end that no character is: "ab", "c" is not "a", "bc".
    this.#one = Math.imul(one ^ 0x10000, 0x01000193);
    this.#two = two ^ 0x10000;
  }

  text(): string {
    return `${(this.#one >>> 0).toString(36)}${(this.#two >>> 0).toString(36)}`;
  }
}
