/** Instances of built-in classes whose state lives outside JavaScript. */
import type { Packer } from './pack-graph.ts';

/** Classes that user classes extend freely: their state is all in properties. */
const harmless = /^(Object|Array|Error|\w*Error|Function|Map|Set|Promise|RegExp|Date|Iterator|\w+Array|%.*)(\.prototype)?$/;

/** `net.Socket`, when an object is one or inherits from one; undefined when all of its state can be copied. */
export function builtinClassOf(packer: Packer, object: object): string | undefined {
  for (let at: object | null = Object.getPrototypeOf(object); at; at = Object.getPrototypeOf(at)) {
    const name = packer.nameOf(at);
    if (!name) {
      const constructor = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      const isNative =
        typeof constructor === 'function' &&
        constructor.prototype === at &&
        /\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor));
      if (isNative) return constructor.name || 'native handle';
    } else if (name.type === 'intrinsic') return harmless.test(name.name) ? undefined : name.name.replace(/\.prototype$/, '');
    else if (name.type === 'builtin') {
      if (name.module === 'node:events' && /^(EventEmitter|prototype|)$/.test(name.path[0] ?? '')) return undefined;
      return [name.module.slice('node:'.length), ...name.path.slice(0, 1)].join('.');
    } // else a library's own prototype, which may itself extend a built-in
  }
  return undefined;
}
