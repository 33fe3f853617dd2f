/** What has been patched, so that functions which rely on it go to workers. */
import { expect, test } from 'vitest';
import { factsOf } from '../../src/placing/grammar.ts';
import { isPlainList, isPlainThrough } from '../../src/placing/items.ts';
import { stillOriginal } from '../../src/placing/known.ts';

test.each<[string, object, PropertyKey, string]>([
  ['what split asks a number for', Number.prototype, Symbol.split, '(x) => "abc".split(x)'],
  ['what replace asks a truth value for', Boolean.prototype, Symbol.replace, '(x) => ["a"][0].replace(true, "b") + x'],
  ['what includes asks an array for', Array.prototype, Symbol.match, '(x) => "abc".includes(x)'],
  ['what destructuring asks a number for', Number.prototype, Symbol.iterator, '([a]) => a'],
  ['how a method becomes text', Function.prototype, 'toString', ['(x) => `$', '{x.includes}`'].join('')],
  ['how a function becomes a number', Function.prototype, Symbol.toPrimitive, '(x) => +x.includes'],
  ['what a hole inherits from arrays', Array.prototype, 1, '(x) => x'],
  ['what a hole inherits from objects', Object.prototype, 1, '(x) => x'],
])('%s', (_, holder, key, text) => {
  const facts = factsOf(text)!;
  const before = Object.getOwnPropertyDescriptor(holder, key);
  let found: boolean;
  expect(stillOriginal(facts)).toBe(true);
  Object.defineProperty(holder, key, { configurable: true, get: () => () => 1 });
  try {
    found = stillOriginal(facts);
  } finally {
    if (before) Object.defineProperty(holder, key, before);
    else delete (holder as Record<PropertyKey, unknown>)[key];
    if (holder === Array.prototype) (holder as unknown[]).length = 0;
  }
  expect(found).toBe(false);
  expect(stillOriginal(facts)).toBe(true);
});

test('a list with a hole is none, also where another key makes up for it', () => {
  const list = Object.assign([1, 2, 3], { more: 1 });
  delete list[1];
  expect([isPlainList(list), isPlainThrough(list), isPlainThrough([1, 2, 3]), isPlainList([]), isPlainThrough([])]).toEqual([
    ...[false, false, true, true, true],
  ]);
});
