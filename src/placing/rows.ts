/**
 * Which rows of a list a function may read on the host. The rows of a list are alike: the first are walked through, of the others what the
 * function reads is looked at.
 */
import { types } from 'node:util';
import type { Facts } from './facts.ts';
import { isPlainThrough, isSmallPrimitive, LONGEST_TEXT as longest } from './items.ts';

/** What turns an array into text or a number, beside what the function calls. */
const CONVERSIONS = ['toString', 'join', 'valueOf'] as const;

type Check = (value: object) => boolean;

/** Says of each object among so many items whether it may be read. */
export function rowCheck(facts: Facts, size: number): Check {
  return facts.usesWhole || size <= WHOLE_ROWS ? isPlainThrough : checkFor(facts);
}

/** The first are looked at from all sides. */
const WHOLE_ROWS = 16;

/** Whether those of the items [from, to) are plain data that are looked at from all sides: the first of the list, and the first of each block. */
export function areAlike(items: ArrayLike<unknown>, from: number, to: number): boolean {
  const end = Math.min(to, Math.max(WHOLE_ROWS, from + 1));
  for (let i = from; i < end; i++) {
    const item = items[i];
    if (typeof item === 'object' && item !== null && !isPlainThrough(item)) return false;
  }
  return true;
}

const KEPT = 200;
const checks = new Map<string, Check>();

function checkFor({ properties, methods }: Facts): Check {
  // A row with a `then` is awaited, as p-map does.
  const names = [...new Set([...properties, ...methods, 'then'])].sort();
  const key = JSON.stringify([names, [...methods].sort()]);
  const check = checks.get(key) ?? newCheck(names, methods);
  checks.set(key, check);
  if (checks.size > KEPT) checks.delete(checks.keys().next().value!);
  return check;
}

/**
 * A check for these names alone, written as code: V8 knows then what each place meets, and looks at a row in a few nanoseconds. By names in
 * a list it takes a hundred. The names are of the function's own text, and stand in the code as strings.
 */
function newCheck(names: readonly string[], methods: Iterable<string>): Check {
  const taken = [...new Set([...CONVERSIONS, ...methods])].filter((name) => Object.hasOwn(Array.prototype, name));
  const same = taken.map((name) => `value[${JSON.stringify(name)}] !== ARRAY[${JSON.stringify(name)}]`).join(' || ');
  // `constructor` tells V8 the shape, by which it knows the prototype without asking.
  const list = `(value) => {
    if (value === null) return true;
    if (typeof value !== 'object' || isProxy(value)) return false;
    if (value.constructor !== Array || prototypeOf(value) !== ARRAY || !isArray(value)) return isPlainThrough(value);
    if (${same} || value[toPrimitive] !== undefined${taken.includes('concat') ? ' || value[isConcatSpreadable] !== undefined' : ''}) return false;
    for (let i = 0; i < value.length; i++) {
      const element = value[i];
      if (typeof element === 'string' ? element.length > longest : typeof element !== 'number' && !isSmallPrimitive(element)) return isPlainThrough(value);
    }
    return true;
  }`;
  const each = names.map((name) => {
    const text = JSON.stringify(name);
    // What an object inherits by this name is the language's own: that was asked before.
    return `{ const own = row[${text}]; if (typeof own === 'string' ? own.length > longest : typeof own !== 'number' && !isSmallPrimitive(own) && own !== OBJECT[${text}] && !isList(own)) return false; }`;
  });
  const row = `(row) => {
    if (isProxy(row) || row.constructor !== Object || prototypeOf(row) !== OBJECT) return isPlainThrough(row);
    ${each.join('\n    ')}
    return true;
  }`;
  const { toPrimitive, isConcatSpreadable } = Symbol;
  const known = {
    ...{ isProxy: types.isProxy, prototypeOf: Object.getPrototypeOf, isArray: Array.isArray, Array, Object },
    ...{ isPlainThrough, isSmallPrimitive },
  };
  const all = { ...known, ARRAY: Array.prototype, OBJECT: Object.prototype, toPrimitive, isConcatSpreadable, longest };
  try {
    return new Function(...Object.keys(all), `const isList = ${list};\nreturn ${row};`)(...Object.values(all)) as Check;
  } catch {
    // Under --disallow-code-generation-from-strings.
    return isPlainThrough;
  }
}
