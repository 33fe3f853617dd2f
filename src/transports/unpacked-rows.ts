/** Rows where they arrive: cell by cell from their columns, and put together by code of their own. */
import { ROW_MARKS } from '../transport.ts';

/** Reads cells in the order in which they were written. */
export class CellReader {
  readonly #numbers: Float64Array;
  readonly #marks: Int32Array;
  readonly #text: string;
  #n = 0;
  #m = 0;
  #at = 0;

  constructor(numbers: Float64Array, marks: Int32Array, text: string) {
    this.#numbers = numbers;
    this.#marks = marks;
    this.#text = text;
  }

  number(): number {
    return this.#numbers[this.#n++]!;
  }

  cell(): unknown {
    const mark = this.#marks[this.#m++]!;
    if (mark >= ROW_MARKS.text) {
      const from = this.#at;
      this.#at += mark - ROW_MARKS.text;
      return this.#text.substring(from, this.#at);
    }
    if (mark > ROW_MARKS.list) {
      if (mark === ROW_MARKS.number) return this.number();
      if (mark === ROW_MARKS.nothing) return null;
      return mark === ROW_MARKS.absent ? undefined : mark === ROW_MARKS.yes;
    }
    const list: unknown[] = [];
    for (let left = ROW_MARKS.list - mark; left > 0; left--) list.push(this.cell());
    return list;
  }
}

type Maker = (values: readonly unknown[]) => unknown;

const KEPT = 200;
const makers = new Map<string, Maker>();

/** Makes an object with these names from its values. */
export function makerOf(names: readonly string[]): Maker {
  const key = JSON.stringify(names);
  const maker = makers.get(key) ?? newMaker(names);
  makers.set(key, maker);
  if (makers.size > KEPT) makers.delete(makers.keys().next().value!);
  return maker;
}

/** An object literal has its shape from the start. */
function newMaker(names: readonly string[]): Maker {
  try {
    const properties = names.map((name, i) => `${JSON.stringify(name)}: v[${i}]`);
    return new Function('v', `return { ${properties.join(', ')} };`) as Maker;
  } catch {
    // Under --disallow-code-generation-from-strings.
    return (values) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
  }
}
