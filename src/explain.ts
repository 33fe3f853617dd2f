/** `explain`: what would travel with a function, without running anything. */
import { checkOptions } from './check-options.ts';
import { UsageError } from './errors.ts';
import { explanationText } from './explain-text.ts';
import type { CallOptions } from './options.ts';
import { type FunctionPlacing, placingOfFunction } from './placing/proof.ts';
import { now } from './run/clock.ts';
import { type ExplainedFunction, type ExplainedProblem, findOut } from './ship/explaining.ts';
import { show } from './show.ts';

/** Options of `explain`. */
export type ExplainOptions = Pick<CallOptions, 'maxShipBytes'>;

/** An explanation as plain data: what `toJSON()` gives. */
export interface ExplanationData {
  readonly name: string;
  /** `file.ts:12:14`, or the module it travels as. */
  readonly place: string;
  /** The function, and each that it takes along. */
  readonly functions: readonly ExplainedFunction[];
  /** All captures together: what several functions capture counts once. Each worker gets a copy. */
  readonly bytes: number;
  /** The texts of the functions, in UTF-8. */
  readonly codeBytes: number;
  /** How long reading it took, in milliseconds. A second time takes less. */
  readonly ms: number;
  /** What a call would warn of. */
  readonly warnings: readonly { readonly code: string; readonly text: string }[];
  /** Why it cannot travel; undefined when it can. What was found before stands in `functions`. */
  readonly problem: ExplainedProblem | undefined;
  /** Where a call runs that does not say, as long as it is small; see docs/placing.md. */
  readonly placing: FunctionPlacing;
  /** For an imported function: the name under which a worker imports it. */
  readonly as: string | undefined;
}

/** What `explain` gives. */
export interface Explanation extends ExplanationData {
  /** The table for a terminal. */
  toString(): string;
  toJSON(): ExplanationData;
}

/**
 * What would travel with `fn`, without running anything: the functions that it takes along, what each captures, by value or by name, and the
 * bytes of it; or why it cannot travel.
 *
 * @param options `maxShipBytes`, as a call would have it.
 * @throws UsageError when `fn` is no function.
 * @example console.log(String(explain((x) => x * table[x % 10])));
 */
export function explain(fn: (...args: never[]) => unknown, options?: ExplainOptions): Explanation {
  if (typeof fn !== 'function')
    throw new UsageError('BAD_ARGUMENT', `explain: the function is ${show(fn)}; it must be a function, as in explain((x) => x * k)`);
  const { maxShipBytes } = checkOptions<ExplainOptions>('explain', options, ['explain']);
  const from = now();
  const found = findOut(fn, maxShipBytes);
  const ms = now() - from;
  const place = found.functions[0]?.place ?? found.as ?? 'unknown';
  const data: ExplanationData = {
    name: fn.name || 'anonymous function',
    place,
    ...found,
    ms,
    placing: placingOfFunction(fn as (...args: unknown[]) => unknown),
  };
  return Object.freeze({ ...data, toString: () => explanationText(data), toJSON: () => data });
}
