// From a recipe to the living graph.
import { types } from 'node:util';
import { classes, functions, privateClasses, proxyHandlers, sharers } from './templates.native.mjs';

const intrinsics = [
  Math.max,
  Array.prototype,
  Map,
  Promise,
  JSON,
  Object.prototype,
  Symbol.prototype.toString,
  Function.prototype,
  Error,
  Reflect.ownKeys,
  Uint8Array,
  (async () => {}).constructor,
];
const parents = [Object, Map, Set, Array, Error, Date];
const wellKnown = [Symbol.iterator, Symbol.asyncIterator];

/** Builds all nodes, and gives the root. Nodes that need another to be made take one made before. */
export function build({ nodes: recipe, root }) {
  const nodes = [];
  const bindings = [];
  for (const node of recipe) nodes.push(create(node, nodes, bindings));
  const at = (index) => nodes[index % nodes.length];
  for (const bind of bindings) bind(at);
  for (const [index, node] of recipe.entries()) fill(node, nodes[index], at);
  const kindAt = (index) => recipe[index % nodes.length].kind;
  for (const [index, node] of recipe.entries()) finish(node, nodes[index], at, kindAt);
  return root === null ? nodes : at(root);
}

function create(node, nodes, bindings) {
  const pick = (index, suits) => {
    const suitable = nodes.filter(suits);
    return suitable[index % suitable.length];
  };
  const fromTemplate = (templates, ...args) => {
    const { value, bind } = templates[node.template](...args);
    bindings.push((at) => bind(at(node.a), at(node.b)));
    return value;
  };
  switch (node.kind) {
    case 'primitive':
      return primitive(node.text);
    case 'object':
      return {};
    case 'array':
      return new Array(node.length);
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'weakMap':
      return new WeakMap();
    case 'weakSet':
      return new WeakSet();
    case 'date':
      return new Date(node.time);
    case 'regexp': {
      const regexp = new RegExp(node.source, node.flags);
      regexp.lastIndex = node.lastIndex;
      return regexp;
    }
    case 'boxed':
      return Object(primitive(node.text));
    case 'boxedSymbol':
      return Object(pick(node.symbol, (value) => typeof value === 'symbol') ?? Symbol.iterator);
    case 'error':
      return node.type === 'AggregateError' ? new AggregateError([], node.message) : new globalThis[node.type](node.message);
    case 'buffer':
      return new Uint8Array(Array.from({ length: node.length }, (_, i) => i * 7)).buffer;
    case 'view':
    case 'bytesOf': {
      const buffer = pick(node.buffer, types.isArrayBuffer) ?? new ArrayBuffer(24);
      const [from, length] = [Math.min(8 * node.from, buffer.byteLength), 8 * node.to];
      const bytes = Math.min(length, buffer.byteLength - from);
      if (node.kind === 'bytesOf') return Buffer.from(buffer, from, bytes);
      const View = globalThis[node.type];
      return new View(buffer, from, bytes / (View.BYTES_PER_ELEMENT ?? 1));
    }
    case 'bytes':
      return Buffer.from(node.values);
    case 'symbol':
      return node.registered ? Symbol.for(`fuzz ${node.description}`) : Symbol(node.description);
    case 'intrinsic':
      return [...intrinsics, ...wellKnown][node.index % (intrinsics.length + wellKnown.length)];
    case 'function':
      return fromTemplate(functions);
    case 'sharer':
      return fromTemplate(sharers);
    case 'class':
    case 'privateClass': {
      const own = nodes.filter((value) => isClass(value));
      const Parent = [...own, ...parents][node.parent % (own.length + parents.length)];
      return fromTemplate(node.kind === 'class' ? classes : privateClasses, Parent);
    }
    case 'instance': {
      const Class = pick(node.class, isClass) ?? Map;
      return new Class();
    }
    case 'oldInstance': {
      const Old = pick(node.function, (value) => typeof value === 'function' && value.name === 'Old');
      return Old ? new Old() : {};
    }
    case 'bound': {
      // Not Error: each call of it would have a stack of its own.
      const target = pick(node.target, (value) => typeof value === 'function' && value !== Error) ?? Math.max;
      return Function.prototype.bind.call(
        target,
        nodes[node.self % (nodes.length || 1)],
        ...node.args.map((index) => nodes[index % (nodes.length || 1)]),
      );
    }
    case 'proxy': {
      const target = pick(node.target, (value) => isObject(value) && !types.isProxy(value)) ?? {};
      return new Proxy(target, proxyHandlers.parts());
    }
  }
}

function fill(node, value, at) {
  switch (node.kind) {
    case 'array':
      node.items.forEach((item, index) => {
        if (item % 5 !== 0) value[index] = at(item); // else a hole
      });
      break;
    case 'map':
      for (const [key, item] of node.entries) value.set(at(key), at(item));
      break;
    case 'set':
      for (const item of node.items) value.add(at(item));
      break;
    case 'weakMap':
      for (const [key, item] of node.entries) if (isObject(at(key))) value.set(at(key), at(item));
      break;
    case 'weakSet':
      for (const item of node.items) if (isObject(at(item))) value.add(at(item));
      break;
    case 'error':
      if (node.cause !== null) Object.defineProperty(value, 'cause', { value: at(node.cause), writable: true, configurable: true });
      if (node.type === 'AggregateError') value.errors = node.errors.map(at);
      break;
    case 'instance':
      value.keep?.(at(node.a), at(node.b));
      value.a = at(node.a);
      if (value instanceof Map) Map.prototype.set.call(value, 'b', at(node.b));
      if (value instanceof Set) Set.prototype.add.call(value, at(node.b));
      if (Array.isArray(value)) value.push(at(node.b));
  }
}

/** Own properties, prototype, integrity. What the language refuses is left as it is. */
function finish(node, value, at, kindAt) {
  if (!isObject(value) || !node.properties) return;
  for (const { key, value: item, flags, accessor } of node.properties) {
    const property = typeof key === 'string' ? key : at(key.symbol);
    if (typeof property !== 'string' && typeof property !== 'symbol') continue;
    const common = { enumerable: (flags & 2) !== 0, configurable: (flags & 4) !== 0 };
    const get = accessor === null ? undefined : at(accessor);
    if (property === 'length' && (typeof value === 'function' || Array.isArray(value))) continue;
    Reflect.defineProperty(
      value,
      property,
      typeof get === 'function' ? { ...common, get, set: undefined } : { ...common, value: at(item), writable: (flags & 1) !== 0 },
    );
  }
  // A function's prototype is its kind, and so is what gives a RegExp its flags.
  const mayChange = typeof value !== 'function' && node.kind !== 'regexp';
  if (node.prototype === null && mayChange) Reflect.setPrototypeOf(value, null);
  else if (node.prototype !== 'usual' && mayChange) {
    const prototype = at(node.prototype);
    // What inherits from an object with a state of its own is refused.
    if (isObject(prototype) && /^(object|array|function|class)$/.test(kindAt(node.prototype))) Reflect.setPrototypeOf(value, prototype);
  }
  // An instance of such a class cannot be made without its constructor: it is refused, with the reason.
  if (node.kind === 'privateClass') return;
  if (node.integrity === 'frozen') Object.freeze(value);
  else if (node.integrity === 'sealed') Object.seal(value);
  else if (node.integrity === 'fixed') Object.preventExtensions(value);
}

function primitive(text) {
  switch (text) {
    case 'undefined':
      return undefined;
    case '7n':
      return 7n;
    case '3n':
      return 3n;
    case 'null':
      return null;
    case 'true':
      return true;
    default:
      return text.startsWith("'") ? text.slice(1, -1) : Number(text);
  }
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isClass(value) {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
