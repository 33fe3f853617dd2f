// Recipes of random graphs: plain data, so that fast-check can shrink them and print them.
import fc from 'fast-check';
import { classes, functions, privateClasses, sharers } from './templates.native.mjs';

/** A node refers to another by a number, taken modulo the number of nodes that suit. */
const ref = fc.nat({ max: 40 });
const refs = fc.array(ref, { maxLength: 4 });
const text = fc.oneof(
  fc.constantFrom('a', 'b', 'x y', '0', '1', '-1', '', 'length', 'constructor', '__proto__', 'toString'),
  fc.string({ maxLength: 3 }),
);
const key = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.record({ symbol: ref }) });

const property = fc.record({
  key,
  value: ref,
  /** writable, enumerable, configurable. */
  flags: fc.oneof({ weight: 3, arbitrary: fc.constant(7) }, { weight: 1, arbitrary: fc.nat({ max: 7 }) }),
  accessor: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: ref }),
});

/** What any object may have beside its kind. */
const extras = {
  properties: fc.array(property, { maxLength: 3 }),
  integrity: fc.oneof(
    { weight: 5, arbitrary: fc.constant('open') },
    { weight: 1, arbitrary: fc.constantFrom('frozen', 'sealed', 'fixed') },
  ),
  prototype: fc.oneof(
    { weight: 8, arbitrary: fc.constant('usual') },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: ref },
  ),
};
const bare = { properties: fc.constant([]), integrity: fc.constant('open'), prototype: fc.constant('usual') };

const kind = (name, fields = {}, of = extras) => fc.record({ kind: fc.constant(name), ...fields, ...of });

const primitives = ['undefined', 'null', 'true', '0', '-0', '1.5', 'NaN', '-Infinity', '7n', "''", "'text'", "'__proto__'"];
const views = ['Uint8Array', 'Int16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'Uint8ClampedArray', 'DataView'];
const weighted = (...pairs) => fc.oneof(...pairs.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const node = weighted(
  [4, kind('primitive', { text: fc.constantFrom(...primitives) }, {})],
  [8, kind('object')],
  [4, kind('object', {}, { ...bare, properties: extras.properties })],
  [5, kind('array', { items: refs, length: fc.nat({ max: 6 }) })],
  [3, kind('map', { entries: fc.array(fc.tuple(ref, ref), { maxLength: 3 }) })],
  [3, kind('set', { items: refs })],
  [2, kind('weakMap', { entries: fc.array(fc.tuple(ref, ref), { maxLength: 3 }) })],
  [2, kind('weakSet', { items: refs })],
  [2, kind('date', { time: fc.constantFrom(0, 1e12, NaN) })],
  [
    2,
    kind('regexp', {
      source: fc.constantFrom('a', '(?:)', '\\/', '(?<n>.)'),
      flags: fc.constantFrom('', 'g', 'gimsuy', 'dv'),
      lastIndex: fc.nat({ max: 3 }),
    }),
  ],
  [2, kind('boxed', { text: fc.constantFrom('1', '-0', "'ab'", 'true', '3n') })],
  [1, kind('boxedSymbol', { symbol: ref })],
  [
    3,
    kind('error', {
      type: fc.constantFrom('Error', 'TypeError', 'RangeError', 'AggregateError'),
      message: text,
      cause: fc.option(ref),
      errors: refs,
    }),
  ],
  [2, kind('buffer', { length: fc.constantFrom(0, 8, 24) }, {})],
  [3, kind('view', { type: fc.constantFrom(...views), buffer: ref, from: fc.nat({ max: 2 }), to: fc.nat({ max: 3 }) }, {})],
  [1, kind('bytes', { values: fc.array(fc.nat({ max: 255 }), { maxLength: 4 }) }, {})],
  [1, kind('bytesOf', { buffer: ref, from: fc.nat({ max: 2 }), to: fc.nat({ max: 3 }) }, {})],
  [2, kind('symbol', { description: fc.option(text, { nil: undefined }), registered: fc.boolean() }, {})],
  [2, kind('intrinsic', { index: ref }, {})],
  [8, kind('function', { template: fc.constantFrom(...Object.keys(functions)), a: ref, b: ref })],
  [5, kind('class', { template: fc.constantFrom(...Object.keys(classes)), parent: ref, a: ref, b: ref })],
  [3, kind('privateClass', { template: fc.constantFrom(...Object.keys(privateClasses)), parent: ref, a: ref, b: ref })],
  [7, kind('instance', { class: ref, a: ref, b: ref })],
  [1, kind('oldInstance', { function: ref })],
  [2, kind('bound', { target: ref, self: ref, args: refs })],
  [2, kind('proxy', { target: ref }, {})],
);
const slowNode = kind('sharer', { template: fc.constantFrom(...Object.keys(sharers)), a: ref, b: ref });

/** `root` is a node, or null for a list of all of them. */
const recipeOf = (nodes) => fc.record({ nodes: fc.array(nodes, { minLength: 1, maxLength: 12 }), root: fc.option(ref, { freq: 3 }) });

export const recipes = recipeOf(node);
/** With functions that take V8's debugger to be read. */
export const slowRecipes = recipeOf(weighted([40, node], [1, slowNode]));
