/** Which texts are proved to be short calculations, and which not. */
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../src/placing/grammar.ts';
import { proofOf } from '../../src/placing/proof.ts';
import { notProved, proved, withCalls, withCaptures, withGlobals } from './fixtures/functions.native.mjs';

const anyFunction = (fn: unknown) => fn as (...args: unknown[]) => unknown;

describe('proved', () => {
  for (const [name, fn] of Object.entries(proved))
    test(name, () => {
      const facts = proofOf(anyFunction(fn));
      expect(facts, String(fn)).toBeDefined();
      expect([...facts!.captures, ...facts!.globals]).toEqual([]);
    });
  for (const [name, fn] of Object.entries(withGlobals))
    test(`${name}: its globals are named`, () => {
      const facts = proofOf(anyFunction(fn));
      expect([...facts!.captures]).toEqual([]);
      expect(facts!.globals.size).toBeGreaterThan(0);
    });
  test('captures are named', () => expect([...proofOf(anyFunction(withCaptures.scaled))!.captures]).toEqual(['k']));
  for (const [name, fn] of Object.entries(withCalls))
    test(`${name}: what it calls is named`, () => {
      const facts = proofOf(anyFunction(fn));
      expect(facts!.calls.size).toBe(1);
      expect(facts!.captures.size).toBe(0);
    });
});

describe('not proved', () => {
  for (const [name, fn] of Object.entries(notProved)) test(name, () => expect(proofOf(anyFunction(fn)), String(fn)).toBeUndefined());
});

describe('texts', () => {
  const isProved = (text: string) => factsOf(text) !== undefined;

  test.each([
    ['a slash after a condition begins an expression', '(x) => { if (x) /re/.test(x); return 1 }'],
    ['a comment of HTML', '(x) => x <!--y\n'],
    ['an escaped name', '(x) => \\u0065val(x)'],
    ['a call on the next line', '(x) => { const a = x\n(x) }'],
    ['a template after a value', '(x) => x\n`a`'],
    ['an assignment in a default', '(x = y = 1) => x'],
    ['an assignment in a template', ['(x) => `$', '{x = 1}`'].join('')],
    ['a call in a template', ['(x) => `$', '{x()}`'].join('')],
    ['a call in an index', '(x) => x[x()]'],
    ['an unfinished text', '(x) => x +'],
    ['more than a function', '(x) => x; other()'],
    ['what tools write', '(x) => (cov_1().s[0]++, x)'],
    ['an imported name called', '(x) => (0, __vite_ssr_import_0__.helper)(x)'],
    ['native code', 'function sqrt() { [native code] }'],
    ['a long text', `(x) => ${'x + '.repeat(2000)}x`],
  ])('%s', (_, text) => expect(isProved(text)).toBe(false));

  test('a name declared in an inner block is not known outside it', () => {
    expect([...factsOf('(x) => { { const y = x; } return y }')!.captures]).toEqual(['y']);
  });

  test('calls of captured functions are counted, and who is given an item', () => {
    const { calls, takers } = factsOf('(x, i) => f(x) + f(x, 1) + g(x.a) + g(i) + h(x + 1) + v(2, x)')!;
    expect([...calls]).toEqual([
      ['f', 2],
      ['g', 2],
      ['h', 1],
      ['v', 1],
    ]);
    expect([...takers]).toEqual(['f']);
    expect(factsOf('(x) => f(x)')!.usesWhole).toBe(false);
    expect(factsOf('(x) => f(1, x)')!.usesWhole).toBe(true);
  });

  test('its own name is none that it may use', () => {
    expect(isProved('function f(x) { return f(x) }')).toBe(false);
    expect(isProved('function f(x) { return f === x }')).toBe(false);
    expect(isProved('function f(f) { return f }')).toBe(true);
  });

  test('a name of its own hides a global', () => {
    expect(isProved('(Math) => Math.abs(1)')).toBe(false);
    expect(isProved('(undefined) => undefined')).toBe(false);
  });

  test('an index that begins with a zero is another number', () => {
    const { properties, computes } = factsOf('(r) => r[010]')!;
    expect([[...properties], computes]).toEqual([[], true]);
    expect([...factsOf('(r) => r[10]')!.properties]).toEqual(['10']);
  });

  test('a parameter named like the function is the parameter', () => expect(isProved('function f(f) { return f + 1 }')).toBe(true));

  test('knows whether an item is used as a whole', () => {
    const uses = (text: string) => factsOf(text)!.usesWhole;
    expect([uses('(r) => r.a'), uses('(r, i) => r.a * i'), uses('(r) => { const { a } = r; return a }'), uses('({ a }) => a')]).toEqual(
      Array(4).fill(false),
    );
    expect(uses(['(r) => { const { length } = `$', '{r}`; return length }'].join(''))).toBe(true);
    expect([
      uses(['(r) => `$', '{r}`'].join('')),
      uses('(r) => r[r.a]'),
      uses('([a]) => a'),
      uses('(r) => { const s = r; return s.a }'),
    ]).toEqual(Array(4).fill(true));
  });
});
