/** The options of `compare`: type, default, unit, check. */

import { checkByRules, ELSEWHERE, oursFor } from '../check-options.ts';
import { UsageError } from '../errors.ts';
import type { ValueRule } from '../option-rule.ts';
import { OPTIONS } from '../options.ts';
import { WORKER_MARKER } from '../protocol.ts';
import { Range } from '../range.ts';
import { poolSettings } from '../settings.ts';
import { show } from '../show.ts';
import type { ComparisonRow } from './comparison.ts';
import { count } from './figures.ts';
import { DEFAULT_METHODS, METHOD_NAMES, type Method, type MethodName } from './methods.ts';

/** Options of `compare`. */
export interface CompareOptions<T = unknown, R = unknown> {
  /** How many of the items to run over, each a prefix of the list. @default 1, 10, 100, … and the length of the list */
  readonly sizes?: readonly number[] | Range | undefined;
  /** What is compared: names, or objects for methods of your own. @default ['loop', 'Pool.map', 'Parallel'] */
  readonly methods?: readonly (MethodName | Method<T, R>)[] | undefined;
  /** Runs of each method over each size. @default 5 */
  readonly repetitions?: number | undefined;
  /** Workers of the parallel methods. @default cpuCount(), or the environment variable ALLCORES_WORKERS */
  readonly workers?: number | undefined;
  /** What the table, the page and the chart are called. @default the function's name, or its text when it is short */
  readonly title?: string | undefined;
  /** What an item is, in the plural. @default 'items' */
  readonly unit?: string | undefined;
  /** Seconds that one method may take over one size before it gets fewer repetitions; it always gets one, however long that takes. @default 5 */
  readonly maxSeconds?: number | undefined;
  /** Ends the comparison before the next run, and parallel runs at once; it rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** A file to write the page with the charts to. Its folder must exist. @default no page */
  readonly page?: string | undefined;
  /** Called with each row as soon as its size is measured, in the order of the rows. */
  readonly onRow?: ((row: ComparisonRow) => void) | undefined;
}

/** What a comparison runs with. */
export interface CompareSettings {
  readonly sizes: readonly number[];
  readonly methods: readonly (MethodName | Method)[];
  readonly repetitions: number;
  readonly workers: number;
  readonly title: string;
  readonly unit: string;
  readonly maxMs: number;
  readonly signal: AbortSignal | undefined;
  readonly page: string | undefined;
  readonly onRow: (row: ComparisonRow) => void;
}

const DEFAULT_REPETITIONS = 5;
const DEFAULT_MAX_SECONDS = 5;
const LONGEST_METHOD_NAME = 40;
const LONGEST_FUNCTION_TEXT = 60;

const wholeFrom1 = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 1;
const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';

const A_METHOD = `one of ${METHOD_NAMES.map((name) => `'${name}'`).join(', ')}, or an object such as { name: 'mine', run(fn, items) { … } }`;

const RULES: Readonly<Record<keyof CompareOptions, ValueRule>> = {
  sizes: {
    allowed: 'an array or range of whole numbers from 1, at least one',
    ok: (v) => isList(listOf(v)) && listOf(v).every(wholeFrom1),
  },
  methods: { allowed: `an array, each entry ${A_METHOD}, at least one`, ok: isList },
  repetitions: { allowed: 'a whole number from 1', ok: wholeFrom1 },
  workers: OPTIONS.workers!,
  title: { allowed: 'a string that is not empty', ok: isText },
  unit: { allowed: 'a string that is not empty', ok: isText },
  maxSeconds: { allowed: 'a number of seconds above 0', ok: (v) => typeof v === 'number' && v > 0 },
  signal: OPTIONS.signal!,
  page: { allowed: 'the path of a file to write', ok: isText },
  onRow: { allowed: 'a function', ok: (v) => typeof v === 'function' },
};
const KNOWN = Object.keys(RULES) as readonly (keyof CompareOptions)[];

const NAMES_ELSEWHERE: typeof ELSEWHERE = {
  ...ELSEWHERE,
  runs: ['repetitions'],
  repeat: ['repetitions'],
  repeats: ['repetitions'],
  reps: ['repetitions'],
  iterations: ['repetitions'],
  n: ['sizes'],
  lengths: ['sizes'],
  name: ['title'],
  method: ['methods'],
  html: ['page'],
  output: ['page'],
  out: ['page'],
  timeout: ['maxSeconds'],
  maxTime: ['maxSeconds'],
};

/**
 * Options and defaults, checked.
 *
 * @throws UsageError naming the option, its value and what is allowed.
 */
export function compareSettings(options: CompareOptions<never, never> | undefined, fn: unknown, length: number): CompareSettings {
  const checked = checkByRules<CompareOptions>('compare', options as CompareOptions, {
    ruleOf: (name) => (Object.hasOwn(RULES, name) ? RULES[name as keyof CompareOptions] : undefined),
    example: '{ sizes: [10, 1000] }',
    unknown: unknownOption,
  });
  const { methods = DEFAULT_METHODS, maxSeconds = DEFAULT_MAX_SECONDS } = checked;
  const sizes = checked.sizes === undefined ? defaultSizes(length) : [...checked.sizes];
  const tooLarge = sizes.findIndex((size) => size > length);
  if (tooLarge >= 0) {
    throw bad(`option "sizes" asks for ${count(sizes[tooLarge]!)} items at sizes[${tooLarge}], but there are only ${count(length)}`);
  }
  checkMethods(methods);
  return {
    sizes: [...new Set(sizes)].sort((a, b) => a - b),
    methods: [...methods],
    repetitions: checked.repetitions ?? DEFAULT_REPETITIONS,
    workers: poolSettings({ workers: checked.workers }, WORKER_MARKER in globalThis).workers,
    title: checked.title ?? titleOf(fn),
    unit: checked.unit ?? 'items',
    maxMs: maxSeconds * 1000,
    signal: checked.signal,
    page: checked.page,
    onRow: checked.onRow ?? (() => {}),
  };
}

/** 1, 10, 100, … below the length, and the length. */
export function defaultSizes(length: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < length; size *= 10) sizes.push(size);
  return [...sizes, length];
}

function checkMethods(methods: readonly unknown[]): void {
  const names = methods.map((method, i) => nameOf(method, `methods[${i}]`));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw bad(`option "methods" names ${show(twice)} twice; every method needs a name of its own`);
}

function nameOf(method: unknown, place: string): string {
  if (typeof method === 'string') {
    if (METHOD_NAMES.includes(method as MethodName)) return method;
    throw bad(`option "${place}" is ${show(method)}; it must be ${A_METHOD}`);
  }
  const { name, run, close } = (method ?? {}) as Partial<Record<keyof Method, unknown>>;
  if (typeof run !== 'function' || (close !== undefined && typeof close !== 'function'))
    throw bad(`option "${place}" is ${show(method)}; it must be ${A_METHOD}`);
  if (typeof name !== 'string' || name.trim() === '' || name.length > LONGEST_METHOD_NAME || /\p{Cc}/u.test(name))
    throw bad(`option "${place}" has the name ${show(name)}; it must be a string of 1 to ${LONGEST_METHOD_NAME} characters on one line`);
  if (name === 'loop') throw bad(`option "${place}" has the name "loop", which is the plain loop's; give it another`);
  return name;
}

function unknownOption(name: string): UsageError {
  const start = `compare: unknown option "${name}"`;
  const ours = oursFor(name, KNOWN, NAMES_ELSEWHERE) as keyof CompareOptions | undefined;
  const rest = ours ? `: it is called "${ours}" here (${RULES[ours].allowed})` : `. Options here: ${KNOWN.join(', ')}`;
  return new UsageError('UNKNOWN_OPTION', start + rest);
}

function titleOf(fn: unknown): string {
  const { name } = fn as { readonly name: unknown };
  if (typeof name === 'string' && name !== '') return name;
  const text = String(fn).replace(/\s+/g, ' ');
  return text.length <= LONGEST_FUNCTION_TEXT ? text : 'a function';
}

/** A range is a list as good as an array; other iterables could be read only once. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value instanceof Range ? [...value] : [];
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function bad(message: string): UsageError {
  return new UsageError('BAD_OPTION', `compare: ${message}`);
}
