/** Instances of built-in classes whose state lives outside JavaScript. */
import { pristineGlobals } from './intrinsics.ts';
import { isFunctionOfNode } from './pack-functions.ts';
import type { Packer } from './pack-graph.ts';

/** Classes that user classes extend freely: their state is all in properties. */
const harmless = /^(Object|Array|Error|\w*Error|Function|Map|Set|Promise|RegExp|Date|Iterator|\w+Array|%.*)(\.prototype)?$/;

/** `net.Socket`, when an object is one or inherits from one; undefined when all of its state can be copied. */
export function builtinClassOf(packer: Packer, object: object): string | undefined {
  for (let at: object | null = Object.getPrototypeOf(object); at; at = Object.getPrototypeOf(at)) {
    const name = packer.nameOf(at);
    if (!name) {
      const classValue = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof classValue === 'function' && classValue.prototype === at && isBuiltIn(packer, classValue))
        return classValue.name || 'native handle';
    } else if (name.type === 'intrinsic') return harmless.test(name.name) ? undefined : name.name.replace(/\.prototype$/, '');
    else if (name.type === 'builtin') {
      if (name.module === 'node:events' && /^(EventEmitter|prototype|)$/.test(name.path[0] ?? '')) return undefined;
      return [name.module.slice('node:'.length), ...name.path.slice(0, 1)].join('.');
    } // else a library's own prototype, which may itself extend a built-in
  }
  return undefined;
}

const builtIn = new WeakMap<object, boolean>();

/** A class of V8's or Node's own, which may have no name that a program can reach it by. */
function isBuiltIn(packer: Packer, classValue: object): boolean {
  let answer = builtIn.get(classValue);
  if (answer === undefined) {
    answer =
      /\[native code\]\s*\}$/.test(Function.prototype.toString.call(classValue)) ||
      isGlobalClass(classValue) ||
      isFunctionOfNode(packer, classValue);
    builtIn.set(classValue, answer);
  }
  return answer;
}

/** A function inside Node that no module exports. */
export function isFunctionInside(packer: Packer, value: unknown): boolean {
  return typeof value === 'function' && !packer.nameOf(value) && isFunctionOfNode(packer, value);
}

/** The prototype of errors that Node makes. */
export function isErrorPrototypeInside(packer: Packer, prototype: object): boolean {
  if (isFunctionInside(packer, Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value)) return true;
  // Where scopes cannot be read, Node's own mark tells, and its methods could not travel.
  return !packer.probe.canRead && Object.getOwnPropertySymbols(prototype).some(({ description }) => description === 'kIsNodeError');
}

/** `Response`, `AbortSignal`, …: Node's own, although only their files, which cannot always be asked for, would say so. */
function isGlobalClass(classValue: object): boolean {
  const { name } = classValue as { name?: unknown };
  return typeof name === 'string' && pristineGlobals.has(name) && (globalThis as Record<string, unknown>)[name] === classValue;
}
