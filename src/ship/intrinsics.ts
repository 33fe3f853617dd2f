/** The language's own objects, by a name that is the same in every thread: `Math.sqrt`, `Array.prototype`, `%TypedArray%`. */

import { types } from 'node:util';
import { nodeVm } from '../late-builtins.ts';

const nameOf = new Map<unknown, string>();
const valueNamed = new Map<string, unknown>();
const enteredRealms = new WeakSet<object>();

/** Loading these costs milliseconds on some versions of Node, or they differ from thread to thread. */
const notEntered = new Set('globalThis global process localStorage sessionStorage navigator crypto performance console'.split(' '));

/** Global names that every thread starts with. Written down, because listing a fresh realm's globals costs a millisecond. */
export const pristineGlobals: ReadonlySet<string> = new Set(
  (
    'globalThis Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError JSON Math Intl ArrayBuffer ' +
    'Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray ' +
    'BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry ' +
    'SharedArrayBuffer decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN WebAssembly ' +
    'DisposableStack AsyncDisposableStack Temporal ' +
    'process global Buffer queueMicrotask structuredClone atob btoa performance fetch crypto console setTimeout clearTimeout setInterval ' +
    'clearInterval setImmediate clearImmediate navigator URL URLSearchParams URLPattern TextEncoder TextDecoder AbortController ' +
    'AbortSignal Event EventTarget MessageChannel MessagePort MessageEvent BroadcastChannel Blob File FormData Headers Request Response ' +
    'WebSocket EventSource CloseEvent CustomEvent ErrorEvent ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ' +
    'ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController WritableStream ' +
    'WritableStreamDefaultController WritableStreamDefaultWriter TransformStream TransformStreamDefaultController ' +
    'ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream CompressionStream DecompressionStream ' +
    'Performance PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList ' +
    'PerformanceResourceTiming Crypto CryptoKey SubtleCrypto DOMException Storage localStorage sessionStorage Navigator ' +
    'require module exports'
  ).split(' '),
);

type Global = typeof globalThis & Record<string, unknown>;

function add(key: string, value: unknown, depth: number, own: boolean): void {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || nameOf.has(value))
    return;
  nameOf.set(value, key);
  if (own) valueNamed.set(key, value);
  if (depth === 0 || typeof value === 'symbol') return;
  for (const property of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, property);
    if (!descriptor || (property === 'constructor' && nameOf.has(descriptor.value))) continue;
    const path = `${key}.${String(property)}`;
    if (descriptor.get) add(`get ${path}`, descriptor.get, 0, own);
    if (descriptor.set) add(`set ${path}`, descriptor.set, 0, own);
    add(path, descriptor.value, depth - 1, own);
  }
}

/** Enters a realm's intrinsics. vm contexts (Jest, vitest's vmThreads) have their own, which travel under the same names. */
function enterRealm(global: Global): void {
  if (enteredRealms.has(global)) return;
  enteredRealms.add(global);
  const own = global === globalThis;
  const evaluate = (source: string): object => {
    try {
      return new global.Function(`return ${source}`)();
    } catch (error) {
      // Node was told not to make code from strings, which a script is allowed to be all the same.
      if (!own || !(error instanceof EvalError)) throw error;
      return nodeVm().runInThisContext(`(${source})`);
    }
  };
  for (const name of pristineGlobals) {
    // A getter (fetch, crypto, WebSocket) is a lazy global: reading it would load it.
    const descriptor = notEntered.has(name) ? undefined : Object.getOwnPropertyDescriptor(global, name);
    if (descriptor && 'value' in descriptor) add(name, descriptor.value, 2, own);
  }
  add('globalThis', global, 0, own);
  if (own) {
    add('process', process, 0, own);
    add('process.env', process.env, 0, own);
    add('console', console, 0, own);
    for (const name of ['log', 'error', 'warn', 'info', 'debug'] as const) add(`console.${name}`, console[name], 0, own);
  }
  const functionKinds = {
    AsyncFunction: 'async () => {}',
    GeneratorFunction: 'function* () {}',
    AsyncGeneratorFunction: 'async function* () {}',
  };
  for (const [name, source] of Object.entries(functionKinds)) {
    const prototype: object = Object.getPrototypeOf(evaluate(source));
    add(`%${name}%`, prototype.constructor, 1, own);
    add(`%${name}.prototype%`, prototype, 2, own);
  }
  add('%TypedArray%', Object.getPrototypeOf(global.Int8Array), 2, own);
  // A test environment may put another realm's ArrayBuffer in place of its own.
  add('ArrayBuffer.prototype', Object.getPrototypeOf(evaluate('new Int8Array().buffer')), 2, own);
  const iterators = {
    Array: '[][Symbol.iterator]()',
    Map: 'new Map().entries()',
    Set: 'new Set().values()',
    String: '""[Symbol.iterator]()',
  };
  for (const [name, source] of Object.entries(iterators)) add(`%${name}Iterator%`, Object.getPrototypeOf(evaluate(source)), 1, own);
}

/** Enters the realm of a function seen for the first time, if it is not this one. */
export function enterRealmOf(value: object): void {
  enterRealm(globalThis as Global);
  const prototype = Object.getPrototypeOf(value);
  if (!prototype || nameOf.has(prototype)) return;
  try {
    // Never by a getter of the user's, nor by a bound function or a proxy, which look native as well.
    const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof made !== 'function' || types.isProxy(made) || Object.getOwnPropertyDescriptor(made, 'prototype')?.value !== prototype)
      return;
    if (/\[native code\]/.test(Function.prototype.toString.call(made))) {
      const global = made('return globalThis')();
      if (typeof global === 'object' && global !== null && typeof global.Function === 'function') enterRealm(global);
    }
  } catch {
    // A prototype that only looks like a realm's Function.prototype: then there is no realm to enter.
  }
}

export function intrinsicName(value: unknown): string | undefined {
  if (nameOf.size === 0) enterRealm(globalThis as Global);
  return nameOf.get(value);
}

/** Is this the intrinsic of that name, in whichever realm? */
export function isIntrinsic(value: unknown, name: string): boolean {
  return intrinsicName(value) === name;
}

export function intrinsicNamed(name: string): unknown {
  if (nameOf.size === 0) enterRealm(globalThis as Global);
  return valueNamed.get(name) ?? globalAt(name);
}

/** A global that the sender had loaded and this thread had not. */
function globalAt(name: string): unknown {
  const [, accessor, path] = /^(get |set )?(.+)$/.exec(name) as RegExpExecArray;
  const keys = (path as string).split('.');
  const last = keys.pop() as string;
  let holder: unknown = globalThis;
  for (const key of keys) holder = (holder as Record<string, unknown> | undefined)?.[key];
  if (!accessor) return (holder as Record<string, unknown> | undefined)?.[last];
  const descriptor = holder === undefined ? undefined : Object.getOwnPropertyDescriptor(holder, last);
  return accessor === 'get ' ? descriptor?.get : descriptor?.set;
}
