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

const change = (text: string, name: string) => {
  const { changed, assignedThrough } = analyze(text).free.get(name)!;
  return changed ? (assignedThrough ? 'assigned' : 'method') : 'none';
};

test('Object.assign and its like change their first argument, and only read the others', () => {
  expect(change('() => { Object.assign(target, source); }', 'target')).toBe('assigned');
  expect(change('() => { Object.assign(target, source); }', 'source')).toBe('none');
  expect(change('() => { Object.defineProperty(o.x, "y", {}); }', 'o')).toBe('assigned');
  expect(change('() => { Reflect.set(o, "k", 1); }', 'o')).toBe('assigned');
  expect(change('() => { Object.assign({}, target); }', 'target')).toBe('none');
});

test('what is changed through an alias is changed where the alias comes from', () => {
  expect(change('() => { const rows = state.rows; rows.push(1); }', 'state')).toBe('method');
  expect(change('() => { const { cache } = state; cache.size = 1; }', 'state')).toBe('assigned');
  expect(change('() => { const a = state; const b = a; b.x = 1; }', 'state')).toBe('assigned');
  expect(change('() => { for (const row of rows) row.done = true; }', 'rows')).toBe('assigned');
  expect(change('(id) => { const user = users.get(id); user.visits++; }', 'users')).toBe('assigned');
  expect(change('() => { let copy = rows.slice(); copy.push(1); }', 'rows')).toBe('none');
  expect(change('() => { let n = counts.n; n++; }', 'counts')).toBe('none');
  expect(change('() => { const rows = state.rows; return () => { const rows = []; rows.push(1); }; }', 'state')).toBe('none');
});

test('an alias of itself, or of another in a circle, ends', () => {
  expect(change('() => { var a = b, c = a; a = c; c.x = 1; }', 'b')).toBe('assigned');
  expect(captured('() => { var a = c; var c = a; c.x = 1; }')).toEqual([]);
});

test('a class static and a member deep inside are changed through the first name', () => {
  expect(change('() => { Counter.count++; }', 'Counter')).toBe('assigned');
  expect(change('() => { state.lists.a.push(1); }', 'state')).toBe('method');
  expect(change('(k) => { groups.get(k).push(1); }', 'groups')).toBe('method');
});

test('of a name the used parts are known; what a method is called on is used as a whole', () => {
  const paths = (text: string, name: string) => [...analyze(text).free.get(name)!.paths].sort();
  expect(paths('() => req.body.id + req.params[0] + req.body.map(f)', 'req')).toEqual(['.body', '.body.id', '.params']);
  expect(paths('() => req.get("x")', 'req')).toEqual(['']);
  expect(paths('() => req?.body?.id', 'req')).toEqual(['.body.id']);
  expect(paths('() => f(config, config.k)', 'config')).toEqual(['', '.k']);
  expect([...analyze('() => this.k * this.scale.x').thisUse.paths]).toEqual(['.k', '.scale.x']);
  expect(analyze('() => { this.total += 1; }').thisUse.changed).toBe(true);
  expect(analyze('function f() { this.total += 1; }').thisUse.changed).toBe(false);
});
