/** Which functions are proved cheap and pure: what their texts say, kept by function and by text. */
import type { Facts } from './facts.ts';
import { factsOf } from './grammar.ts';
import { isKnownValue } from './known.ts';

// biome-ignore lint/suspicious/noExplicitAny: doors check their functions' types; here any function will do.
export type AnyFunction = (...args: any[]) => unknown;

const FUNCTION = Function.prototype;
/** Taken at import: another `toString` could say anything. */
export const textOf = Function.prototype.call.bind(Function.prototype.toString) as unknown as (fn: AnyFunction) => string;

/** What a function of the language does with its arguments: it turns them into numbers or text. */
const KNOWN_VALUE: Facts = {
  globals: new Set(),
  methods: new Set(),
  properties: new Set(),
  captures: new Set(),
  calls: new Map(),
  takers: new Set(),
  computes: false,
  usesWhole: true,
  looksInside: false,
};

const KEPT = 1000;
const byFunction = new WeakMap<AnyFunction, Facts | null>();
/** A program that makes the same arrow for each call has it read once. */
const byText = new Map<string, Facts | null>();

/** The facts of a function that is proved straight-line and pure; undefined for any other. Costs some ten microseconds, once. */
export function proofOf(fn: AnyFunction): Facts | undefined {
  const known = byFunction.get(fn);
  if (known !== undefined) return known ?? undefined;
  // One of another realm has other originals.
  const isOurs = Object.getPrototypeOf(fn) === FUNCTION;
  const facts = !isOurs ? undefined : isKnownValue(fn) ? KNOWN_VALUE : factsByText(textOf(fn));
  byFunction.set(fn, facts ?? null);
  return facts ?? undefined;
}

function factsByText(text: string): Facts | undefined {
  const known = byText.get(text);
  if (known !== undefined) return known ?? undefined;
  const facts = factsOf(text);
  byText.set(text, facts ?? null);
  if (byText.size > KEPT) byText.delete(byText.keys().next().value!);
  return facts;
}

/** Where calls of a function run that do not say, and why, for people: small work, and workers for all else. */
export interface FunctionPlacing {
  readonly where: 'inline' | 'workers';
  readonly why: string;
}

export function placingOfFunction(fn: AnyFunction): FunctionPlacing {
  const facts = proofOf(fn);
  if (!facts) return { where: 'workers', why: 'its text is not that of a short calculation' };
  const listed = (names: Iterable<string>) => [...names].map((name) => `\`${name}\``).join(', ');
  const why = ['its text is that of a short calculation, which changes nothing'];
  if (facts.calls.size > 0)
    why.push(`as long as ${listed(facts.calls.keys())} ${facts.calls.size > 1 ? 'are' : 'is'} such a function, too`);
  if (facts.captures.size > 0) why.push(`while ${listed(facts.captures)} may not be an object`);
  if (facts.calls.size + facts.captures.size > 0) why.push('and for 4 ms at most where one of them is ever assigned');
  return { where: 'inline', why: why.join(', ') };
}
