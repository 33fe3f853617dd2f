/**
 * What keeps its identity between two threads: classes, by an id that both sides know, and things that came by name.
 * Both ends import this file, so it stays free of acorn and the inspector.
 */
import { threadId } from 'node:worker_threads';
import type { NameNode } from './graph.ts';

/** Tells the threads apart in which classes were first shipped. */
// Not by node:crypto: loading it would be half of a worker's start.
const realm = `${process.pid.toString(36)}-${threadId}-${Math.random().toString(36).slice(2, 8)}`;
let issued = 0;

const ids = new WeakMap<object, string>();
const byId = new Map<string, WeakRef<object>>();
const forgetId = new FinalizationRegistry<string>((id) => {
  if (byId.get(id)?.deref() === undefined) byId.delete(id);
});

/** The id of a class, given out at its first shipping. The side that defined it holds it weakly: whoever counts on an answer keeps it alive. */
export function identify(classValue: object): string {
  let id = ids.get(classValue);
  if (id === undefined) {
    issued += 1;
    id = `${realm}.${issued}`;
    register(classValue, id);
  }
  return id;
}

/** Enters a class under an id. The newest class of an id answers for it. */
export function register(classValue: object, id: string): void {
  ids.set(classValue, id);
  registerAlias(classValue, id);
}

/** Enters a class under a second id, by which one job finds its own copy. */
export function registerAlias(classValue: object, id: string): void {
  byId.set(id, new WeakRef(classValue));
  forgetId.register(classValue, id);
}

export function idOf(classValue: object): string | undefined {
  return ids.get(classValue);
}

/** The class of an id: the one that a job has brought, or the newest. */
export function recallFor(id: string, job: string | undefined): object | undefined {
  return (job === undefined ? undefined : recall(aliasFor(id, job))) ?? recall(id);
}

export function aliasFor(id: string, job: string): string {
  return `${id}@${job}`;
}

function recall(id: string): object | undefined {
  return byId.get(id)?.deref();
}

let servesJobs = false;

/** Called where functions arrive: this thread is a worker, and its host has the originals of the classes that came. */
export function markAsWorker(): void {
  servesJobs = true;
}

/** Did this class come from our host? Then the host has the original, and a reference is enough for it. */
export function isFromHost(classValue: object): boolean {
  return servesJobs && isForeign(classValue);
}

/** Was this class defined in another thread? */
export function isForeign(classValue: object): boolean {
  const id = ids.get(classValue);
  return id !== undefined && !id.startsWith(`${realm}.`);
}

const symbolIds = new Map<symbol, string>();
const symbols = new Map<string, symbol>();
/** Node 20 keeps no symbol weakly, and a program that makes them without an end must not fill the memory: the oldest lose their id. */
const SYMBOLS_AT_MOST = 10_000;

/** The id of a program's own symbol: captured and as a key of an item it is one symbol on the other side, and comes home as itself. */
export function identifySymbol(symbol: symbol): string {
  const known = symbolIds.get(symbol);
  if (known !== undefined) return known;
  issued += 1;
  return enterSymbol(symbol, `${realm}.${issued}`);
}

export function symbolWithId(id: string, description: string | undefined): symbol {
  const known = symbols.get(id);
  if (known) return known;
  const symbol = Symbol(description);
  enterSymbol(symbol, id);
  return symbol;
}

function enterSymbol(symbol: symbol, id: string): string {
  symbolIds.set(symbol, id);
  symbols.set(id, symbol);
  if (symbols.size > SYMBOLS_AT_MOST) {
    for (const [oldest, old] of symbols) {
      symbols.delete(oldest);
      symbolIds.delete(old);
      break;
    }
  }
  return id;
}

const names = new WeakMap<WeakKey, NameNode>();

/**
 * Remembers that a value came by name, so that it goes back by name. Only for functions, classes, namespaces and symbols:
 * data may have been changed here, and must go back as it is.
 */
export function rememberName(value: unknown, node: NameNode): void {
  if (typeof value === 'function' || (typeof value === 'object' && value !== null)) names.set(value, node);
  else if (typeof value === 'symbol') symbolNames.set(value, node);
}

/** Node 20 has no symbols as weak keys without a flag; the symbols of imported modules live as long as the module anyway. */
const symbolNames = new Map<symbol, NameNode>();

export function rememberedName(value: object | symbol): NameNode | undefined {
  return typeof value === 'symbol' ? symbolNames.get(value) : names.get(value);
}
