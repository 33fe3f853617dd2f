import { expect, test } from 'vitest';
import { analyze } from '../../src/ship/free-variables.ts';

const captured = (text: string): string[] => [...analyze(text).free.keys()].sort();

test('parameters, locals and inner functions are not captured', () => {
  expect(captured('(a, { b, c: [d] }, ...e) => { var f = a; let g; function h() {} class I {} return [b, d, e, f, g, h, I, j]; }')).toEqual(
    ['j'],
  );
});

test('defaults do not see the names of the body', () => {
  expect(captured('function f(a = x) { var x = 1; return a; }')).toEqual(['x']);
});

test('a name declared below its use, in a block or by var, is no capture', () => {
  expect(captured('() => { use(late); { var late = 1; } }')).toEqual(['use']);
});

test('labels, member names and keys are no captures', () => {
  expect(captured('() => { out: for (;;) { break out; } return { key: o.member, short, [computed]: 1 }; }')).toEqual([
    'computed',
    'o',
    'short',
  ]);
});

test('class fields with names like keywords, static blocks and private names', () => {
  const analysis = analyze(
    'class A extends B { with = 1; static = 2; async = x; get = 3; static #p = y; static { z(); } m() { return this.#p; } }',
  );
  expect([...analysis.free.keys()]).toEqual(['x']);
  expect(analysis.usesPrivateNames).toBe(false);
});

test('a private name of a class around it is noticed', () => {
  expect(analyze('() => this.#p').usesPrivateNames).toBe(true);
  expect(analyze('m() { return this.#p; }')).toMatchObject({ kind: 'method', usesPrivateNames: true });
});

test('assigned, changed, and only read by members', () => {
  const { free } = analyze('() => { n++; [m] = [1]; list.push(1); o.x.y = 1; for (k of ns.a) ns.b(); delete d.e; }');
  const how = (name: string) => [free.get(name)?.written, free.get(name)?.changed];
  expect(['n', 'm', 'k'].map((name) => how(name)[0])).toEqual([true, true, true]);
  expect(['list', 'o', 'd'].map((name) => how(name)[1])).toEqual([true, true, true]);
  expect([...(free.get('ns')?.members ?? [])]).toEqual(['a', 'b']);
});

test('this, arguments and new.target belong to an arrow’s surroundings, not to a function’s', () => {
  expect(analyze('() => [this, arguments, new.target]')).toMatchObject({
    lexicalThis: true,
    lexicalArguments: true,
    lexicalNewTarget: true,
  });
  expect(analyze('function f() { return () => [this, arguments, new.target]; }')).toMatchObject({
    lexicalThis: false,
    lexicalArguments: false,
    lexicalNewTarget: false,
  });
});

test('direct eval is noticed, a local function of that name is not', () => {
  expect(analyze('() => eval("x")').usesEval).toBe(true);
  expect(analyze('(eval) => eval("x")').usesEval).toBe(false);
});

test('every form of text has the position that V8 reports', () => {
  expect(analyze('(x) => x').origin).toBe(0);
  expect(analyze('async function* name (x) {}').origin).toBe(21);
  expect(analyze('get name() { return 1; }').origin).toBe(8);
  expect(analyze('class A { a = 1; constructor() {} }').origin).toBe(28);
});
