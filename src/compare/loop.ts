/** The plain loop that a person would write, compiled anew for each comparison. */
import { compileFunction } from 'node:vm';
import { Range } from '../range.ts';
import { resultClassOf } from '../run/sinks.ts';
import { isTypedArray } from '../run/source.ts';
import type { Prefix } from './methods.ts';

/** Runs the function over the items here; a promise of the results when the function gives promises. */
export type Loop = (fn: (item: never) => unknown, items: Prefix) => unknown;

/**
 * A trick: the text of the loop is compiled for each comparison. V8 keeps what it has learned about a function with its code, and one loop
 * that has run many functions over many kinds of arrays calls none of them in line: measured, it was half as fast after seven functions
 * as a loop that somebody has just written. The comparison must not win that way.
 */
export function freshLoop(items: Prefix): Loop {
  const item = items instanceof Range ? 'items.start + (items.first + i) * items.step' : 'items[i]';
  const [start, keep] = isTypedArray(items) ? ['new Results(n)', 'results[i] = result'] : ['[]', 'results.push(result)'];
  const Results = isTypedArray(items) ? resultClassOf(items) : Array;
  const text = `
    const n = items.length;
    const results = ${start};
    for (let i = 0; i < n; i++) {
      const result = fn(${item});
      if (typeof result === 'object' && result !== null && typeof result.then === 'function') return goOn(i, result);
      ${keep};
    }
    return results;
    // From the first promise on: one after the other, as a loop with await does it.
    async function goOn(i, promise) {
      { const result = await promise; ${keep}; }
      for (i++; i < n; i++) { const result = await fn(${item}); ${keep}; }
      return results;
    }`;
  const loop = compileFunction(text, ['fn', 'items', 'Results'], { filename: 'allcores:the-plain-loop' }) as (
    fn: unknown,
    items: unknown,
    into: unknown,
  ) => unknown;
  return (fn, prefix) => loop(fn, prefix, Results);
}
