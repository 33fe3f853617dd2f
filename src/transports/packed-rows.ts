/**
 * Rows on their way: small objects with the same names, as tables have them. Their numbers travel side by side, their strings as one text.
 * Structured clone writes and reads each name of each row, which takes five times as long.
 */
import { isProxy } from 'node:util/types';
import { type PackedRows, ROW_MARKS } from '../transport.ts';
import { CellReader, makerOf } from './unpacked-rows.ts';

/** Fewer values cross as quickly as they are. */
const FEWEST = 16;
/** Of more names hardly any list of rows is alike. */
const MOST_NAMES = 32;
/** Longer lists inside a row may be one and the same in all rows, which structured clone sends once. */
const LONGEST_LIST = 16;
/** A message grows around its text. */
const LONGEST_TEXT = 1 << 22;

/** All of it is written. */
const DONE = -1;
/** Something is not for here. */
const ODD = -2;

/** What has been written, in memory that is used again. */
interface Ink {
  numbers: Float64Array;
  marks: Int32Array;
  /** How many numbers and marks there are. */
  n: number;
  m: number;
  text: string;
}

/** Writes rows. Gives DONE, ODD, or the number of a column that has something else than numbers. */
type Writer = (rows: ArrayLike<unknown>, ink: Ink) => number;

interface Shape {
  /** A column of nothing but numbers needs no marks. */
  readonly isNumber: boolean[];
  writer: Writer | undefined;
}

/** Undefined where structured clone is to carry them: anything that is no row, or not like the first. */
export function packRows(values: ArrayLike<unknown>): PackedRows | undefined {
  const { length } = values;
  if (length < FEWEST || !Array.isArray(values)) return undefined;
  const [first] = values as readonly unknown[];
  if (typeof first !== 'object' || first === null || isProxy(first) || Object.getPrototypeOf(first) !== Object.prototype) return undefined;
  const names = Object.keys(first);
  if (names.length === 0 || names.length > MOST_NAMES || names.includes('__proto__')) return undefined;
  // What all objects inherit would be taken for their own.
  for (const _ in Object.prototype) return undefined;
  try {
    return write(values, names, first as Readonly<Record<string, unknown>>);
  } catch {
    // A getter of the caller's that throws, or a text that is too long: the other way tells what is wrong.
    return undefined;
  }
}

const KEPT = 200;
const shapes = new Map<string, Shape>();

function shapeOf(names: readonly string[], first: Readonly<Record<string, unknown>>): Shape {
  const key = JSON.stringify(names);
  let shape = shapes.get(key);
  if (!shape) {
    shape = { isNumber: names.map((name) => typeof first[name] === 'number'), writer: undefined };
    shapes.set(key, shape);
    if (shapes.size > KEPT) shapes.delete(shapes.keys().next().value!);
  }
  return shape;
}

const ink: Ink = { numbers: new Float64Array(0), marks: new Int32Array(0), n: 0, m: 0, text: '' };

function write(values: ArrayLike<unknown>, names: readonly string[], first: Readonly<Record<string, unknown>>): PackedRows | undefined {
  const shape = shapeOf(names, first);
  for (;;) {
    shape.writer ??= writerFor(names, shape.isNumber);
    const end = shape.writer(values, ink);
    if (end === ODD) return undefined;
    if (end !== DONE) {
      shape.isNumber[end] = false;
      shape.writer = undefined;
      continue;
    }
    const { n, m, text } = ink;
    ink.text = '';
    return {
      length: values.length,
      names,
      isNumber: [...shape.isNumber],
      cells: ink.numbers.slice(0, n),
      marks: ink.marks.slice(0, m),
      text,
    };
  }
}

/**
 * Code for these names alone: V8 knows then what each place meets. A row is for here if it has just these properties and no others, symbols
 * included, and if each holds a primitive or a short list of primitives, which nothing else of the row holds.
 */
function writerFor(names: readonly string[], isNumber: readonly boolean[]): Writer {
  const { text, number, nothing, absent, yes, no, list } = ROW_MARKS;
  const primitive = (value: string) => `if (typeof ${value} === 'string') { M[m++] = ${text} + ${value}.length; s += ${value}; }
        else if (typeof ${value} === 'number') { M[m++] = ${number}; F[n++] = ${value}; }
        else if (${value} === null) M[m++] = ${nothing};
        else if (${value} === true) M[m++] = ${yes};
        else if (${value} === false) M[m++] = ${no};`;
  const column = (name: string, at: number) => {
    const value = `v${at}`;
    const read = `const ${value} = row[${JSON.stringify(name)}];`;
    if (isNumber[at]) return `${read} if (typeof ${value} !== 'number') return ${at}; F[n++] = ${value};`;
    const others = names.flatMap((_, i) => (i < at && !isNumber[i] ? [` || ${value} === v${i}`] : [])).join('');
    return `${read}
      ${primitive(value)}
      else if (${value} === undefined) M[m++] = ${absent};
      else {
        if (!isArray(${value}) || isProxy(${value}) || prototypeOf(${value}) !== ARRAY${others}) return ${ODD};
        const { length } = ${value};
        if (length > ${LONGEST_LIST} || keys(${value}).length !== length) return ${ODD};
        M[m++] = ${list} - length;
        for (let j = 0; j < length; j++) {
          const e = ${value}[j];
          ${primitive('e')}
          else return ${ODD};
        }
      }`;
  };
  const room = names.length * (LONGEST_LIST + 1);
  const code = `(rows, ink) => {
    let F = ink.numbers, M = ink.marks, n = 0, m = 0, s = '', before;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      if (typeof row !== 'object' || row === null || row === before || isProxy(row) || prototypeOf(row) !== OBJECT) return ${ODD};
      before = row;
      let k = 0;
      for (const key in row) if (key !== NAMES[k++]) return ${ODD};
      if (k !== ${names.length} || symbols(row).length > 0 || s.length > ${LONGEST_TEXT}) return ${ODD};
      if (n + ${room} > F.length) F = ink.numbers = larger(F, ${room});
      if (m + ${room} > M.length) M = ink.marks = larger(M, ${room});
      ${names.map(column).join('\n      ')}
    }
    ink.n = n;
    ink.m = m;
    ink.text = s;
    return ${DONE};
  }`;
  const known = {
    ...{ isProxy, larger, NAMES: names, ARRAY: Array.prototype, OBJECT: Object.prototype, isArray: Array.isArray },
    ...{ prototypeOf: Object.getPrototypeOf, symbols: Object.getOwnPropertySymbols, keys: Object.keys },
  };
  try {
    return new Function(...Object.keys(known), `return ${code};`)(...Object.values(known)) as Writer;
  } catch {
    // Under --disallow-code-generation-from-strings.
    return () => ODD;
  }
}

function larger<A extends Float64Array | Int32Array>(array: A, room: number): A {
  const copy = new (array.constructor as new (length: number) => A)(2 * array.length + room);
  copy.set(array as never);
  return copy;
}

/** The rows again. */
export function unpackRows({ length, names, isNumber, cells, marks, text }: PackedRows): unknown[] {
  const make = makerOf(names);
  const reader = new CellReader(cells, marks, text);
  const columns = names.length;
  const values: unknown[] = new Array(columns);
  // Pushed, because the cloner takes ten times as long for what `new Array` gives.
  const rows: unknown[] = [];
  for (let i = 0; i < length; i++) {
    for (let c = 0; c < columns; c++) values[c] = isNumber[c] ? reader.number() : reader.cell();
    rows.push(make(values));
  }
  return rows;
}
