/** Nobody can tell by the results where a call ran: in line, on workers, or in a loop, for functions and items of every kind. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { map, mapSettled, Pool, whereFailed } from '../../dist/index.js';

const pool = new Pool(2);
afterAll(() => pool.terminate());

const leaf = fc.constantFrom(
  'x',
  'i',
  'x.a',
  'x.b.c',
  'x[0]',
  'x[i]',
  'x.length',
  '1',
  '-0',
  '0.5',
  '"a"',
  'null',
  'undefined',
  '[1, x][i]',
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '%', '<', '>=', '===', '==', '&&', '||', '&', '>>>'), tie('expression'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(fc.constantFrom('- ', '!', '~', 'typeof '), tie('expression')).map(([op, a]) => `(${op}${a})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('at(0)', 'includes(1)', 'slice(1)', 'toString()', 'trim()', 'indexOf("a")', 'toFixed(1)'))
      .map(([a, call]) => `(${a})${a.length % 2 ? '?.' : '.'}${call}`),
    tie('expression').map((a) => `\`<${'${'}${a}}>\``),
    fc
      .tuple(fc.constantFrom('Math.abs', 'Math.round', 'Number', 'String', 'isNaN', 'Number.isInteger', 'parseInt'), tie('expression'))
      .map(([fn, a]) => `${fn}(${a})`),
  ),
}));
const functionText = fc.oneof(
  expression.map((body) => `(x, i) => ${body}`),
  fc.tuple(expression, expression, expression).map(([a, b, c]) => `(x, i) => { const y = ${a}; if (${b}) return y; else return ${c}; }`),
  fc.tuple(expression, expression).map(([a, b]) => `function (x, i) { const z = ${a}, w = z; return w === z ? z : ${b} }`),
);

class Point {
  a = 1;
  get b() {
    return { c: this.a };
  }
}
const primitive = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constantFrom(null, undefined, true, -0, Number.NaN, 5n));
const row = fc.record({ a: primitive, b: fc.record({ c: primitive }), tags: fc.array(primitive, { maxLength: 3 }) }, { requiredKeys: [] });
const item = fc.oneof(
  { weight: 6, arbitrary: primitive },
  { weight: 6, arbitrary: row },
  { weight: 2, arbitrary: fc.array(primitive, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constant(0).map(() => new Point()) },
  { weight: 1, arbitrary: primitive.map((a) => ({ a, valueOf: 3 })) },
  { weight: 1, arbitrary: primitive.map((a) => new Date(Number.isFinite(Number(String(a))) ? 1000 : 0)) },
);
const items = fc.oneof(
  fc.array(fc.oneof(fc.integer(), fc.double()), { maxLength: 40 }),
  fc.array(row, { maxLength: 40 }),
  fc.array(item, { maxLength: 20 }),
);

type Outcome = { readonly value: unknown } | { readonly error: string; readonly kind: string };
const failed = (error: unknown): Outcome => ({ error: (error as Error).message, kind: (error as Error).name });

describe('the same everywhere', () => {
  test('results and errors of each item', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(functionText, items, async (text, list) => {
        const fn = new Function(`return ${text}`)() as (x: unknown, i?: number) => unknown;
        const on = async (placing: 'auto' | 'workers') =>
          (await mapSettled(list, fn, { pool, placing })).map(
            (o): Outcome => (o.status === 'fulfilled' ? { value: o.value } : failed(o.reason)),
          );
        const inLoop = list.map((x, i): Outcome => {
          try {
            return { value: fn(x, i) };
          } catch (error) {
            return failed(error);
          }
        });
        const here = await on('auto');
        expect(here).toStrictEqual(await on('workers'));
        // A result that is part of an item comes back as a copy, which is equal all the same.
        expect(here).toStrictEqual(inLoop);
      }),
      { numRuns: 150 },
    );
  });

  test('chains of helpers, one of which is replaced between calls', { timeout: 120_000 }, async () => {
    const calling = fc
      .tuple(expression, fc.constantFrom('h(x, i)', 'h(x.a)', 'h(x.b, x)', 'h(h(x))', 'h(i)', 'h(x)?.a', 'K'))
      .map(([a, call]) => `(${a} === 1 ? ${a} : ${call})`);
    const chain = fc.array(fc.oneof(calling, expression), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(functionText, chain, functionText, primitive, items, async (inner, callers, other, k, list) => {
        // Each calls the one before it; what the first stands for is a variable.
        const texts = callers.map(
          (body, i) => `const f${i} = ((h) => (x, i) => ${body})(${i === 0 ? '(x, i) => first(x, i)' : `f${i - 1}`});`,
        );
        const all = `let first = ${inner}; ${texts.join(' ')} return [f${callers.length - 1}, () => { first = ${other}; }]`;
        const [fn, replace] = new Function('K', all)(k) as [(x: unknown, i?: number) => unknown, () => void];
        for (let round = 0; round < 4; round++) {
          if (round === 3) replace();
          const here = (await mapSettled(list, fn, { pool, placing: 'auto' })).map(
            (o): Outcome => (o.status === 'fulfilled' ? { value: o.value } : failed(o.reason)),
          );
          const inLoop = list.map((x, i): Outcome => {
            try {
              return { value: fn(x, i) };
            } catch (error) {
              return failed(error);
            }
          });
          expect(here).toStrictEqual(inLoop);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('map over primitives and rows gives what the loop gives, by Object.is', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(functionText, fc.oneof(fc.array(primitive), fc.array(row)), async (text, list) => {
        const fn = new Function(`return ${text}`)() as (x: unknown, i?: number) => unknown;
        const attempt = (index: number) => {
          try {
            return { value: fn(list[index], index) };
          } catch (error) {
            return failed(error);
          }
        };
        try {
          const results = await map<readonly unknown[], unknown>(list, fn, { pool, placing: 'auto' });
          expect(results.length).toBe(list.length);
          results.forEach((value, i) => {
            const inLoop = attempt(i);
            expect(inLoop).toHaveProperty('value');
            if (typeof value !== 'object' || value === null) expect(Object.is(value, (inLoop as { value: unknown }).value)).toBe(true);
          });
        } catch (error) {
          if ((error as Error).name === 'AssertionError') throw error;
          const place = whereFailed(error);
          expect(place).toBeDefined();
          expect(attempt(place!.index)).toEqual(failed(error));
        }
      }),
      { numRuns: 150 },
    );
  });
});
