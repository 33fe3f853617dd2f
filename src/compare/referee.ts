/** The referee: whether a method gave what the first one gave. */
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../errors.ts';
import { show } from '../show.ts';
import { count } from './figures.ts';

/** Objects are compared to their depth at this many places, spread evenly; comparing a million of them would take longer than making them. */
const DEEPLY = 10_000;

/** What was run, for the message. */
export interface Case {
  readonly method: string;
  readonly reference: string;
  readonly size: number;
}

/**
 * Compares every result that is no object, and objects to their depth: all of them up to 10,000 results, above that 10,000 spread evenly.
 *
 * @throws UsageError DIFFERENT_RESULTS that names the method, the size and the index.
 */
export function checkSame({ method, reference, size }: Case, expected: ArrayLike<unknown> | undefined, results: unknown): void {
  const where = `compare: ${show(method)} over ${count(size)} items`;
  const list = results as ArrayLike<unknown> | null | undefined;
  if (typeof list !== 'object' || typeof list?.length !== 'number')
    throw new UsageError('DIFFERENT_RESULTS', `${where} gave ${show(results)}; it must give an array with one result for each item`);
  if (list.length !== size)
    throw new UsageError('DIFFERENT_RESULTS', `${where} gave ${count(list.length)} results; it must give one for each item`);
  // The reference itself.
  if (!expected) return;
  const step = Math.max(1, Math.ceil(expected.length / DEEPLY));
  // A Float32Array rounds what is put into it; a list of plain numbers has not been rounded.
  const rounded = expected instanceof Float32Array ? Math.fround : undefined;
  for (let i = 0; i < expected.length; i++) {
    const a = expected[i];
    const b = rounded && typeof list[i] === 'number' ? rounded(list[i] as number) : list[i];
    if (Object.is(a, b)) continue;
    if (isObject(a) && isObject(b) && (i % step !== 0 || isDeepStrictEqual(a, b))) continue;
    throw new UsageError(
      'DIFFERENT_RESULTS',
      `${where} gave another result than ${show(reference)} at index ${i}: ${showResult(b)} and not ${showResult(a)}. ` +
        'The function must give the same for the same item, wherever and whenever it runs.',
    );
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Short enough for a message. */
function showResult(value: unknown): string {
  const text = Object.is(value, -0) ? '-0' : show(value);
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
}
