// biome-ignore-all lint: odd code is what these cases are about
// What is imported or required, from packages, from Node and from own modules.

import fs, { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import util from 'node:util';
import { mean, median as med } from 'simple-statistics';
import data from './fixtures/data.json' with { type: 'json' };
import * as all from './fixtures/exports.native.mjs';
import anonymous, { makePlain, makeUnexported, renamed, tag, tagOf } from './fixtures/exports.native.mjs';
import sum from './fixtures/sum.cjs';
import * as vec from './fixtures/vec.native.mjs';
import def, { bump as bumpFix, makeLocal, Point, scaled, Vec, where } from './fixtures/vec.native.mjs';

const require = createRequire(import.meta.url),
  lib = require('./fixtures/lib.cjs'),
  { quad, Counter } = require('./fixtures/lib.cjs');
const K = 3;
const ss = await import('simple-statistics');

export const cases = [
  ['import: package, named and renamed', async (run, t) => t.equal(await run(() => [mean([1, 2, 3]), med([5, 1, 9])]), [2, 5])],
  ['import: package default (CommonJS)', async (run, t) => t.equal(await run(() => sum([1, 2, 3])), 6)],
  [
    'import: built-in default, named, namespace',
    async (run, t) =>
      t.equal(await run(() => [typeof fs.readFileSync, typeof readFileSync, path.basename('/a/b'), util.inspect([1])]), [
        'function',
        'function',
        'b',
        '[ 1 ]',
      ]),
  ],
  [
    'import: own module by reference',
    async (run, t) => t.equal(await run(() => [scaled(2), def(1), where().endsWith('vec.native.mjs')]), [20, 11, true]),
  ],
  ['import: namespace of own module', async (run, t) => t.equal(await run(() => vec.scaled(3)), 30)],
  ['imported function is the task', async (run, t) => t.equal(await run(scaled, 4), 40)],
  [
    'imported module keeps its own state per worker',
    async (run, t) => {
      const a = await run(() => bumpFix()),
        b = await run(() => bumpFix());
      t.equal(b - a, 1);
      t.equal(vec.count, 0);
    },
  ],
  [
    'a closure made in another module',
    async (run, t) => {
      const f = makeLocal();
      t.equal(await run(f, 2), 20);
    },
  ],
  [
    'imported class, instance without privates',
    async (run, t) => {
      const p = new Point(3, 4);
      t.equal(await run(() => [p.norm(), p instanceof Point, Point.origin.norm()]), [5, true, 0]);
    },
  ],
  [
    'imported class, instance with privates',
    async (run, t) => {
      const v = new Vec(3);
      t.equal(await run(() => [v.x, v.times(2).x, v instanceof Vec]), [3, 6, true]);
    },
  ],
  ['await import() held in a const', async (run, t) => t.equal(await run(() => ss.max([1, 7])), 7)],
  [
    'dynamic import inside, relative and bare',
    async (run, t) =>
      t.equal(
        await run(async () => [(await import('./fixtures/vec.native.mjs')).scaled(1), (await import('simple-statistics')).min([3, 2])]),
        [10, 2],
      ),
  ],
  [
    'import.meta.url inside',
    async (run, t) =>
      t.equal(await run(() => [import.meta.url, import.meta.dirname]), [
        import.meta.url,
        import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname),
      ]),
  ],
  [
    'require()d module, function and class',
    async (run, t) => {
      const c = new Counter(1);
      t.equal(await run(() => [quad(2), lib.quad(3), c.inc().n, c instanceof Counter]), [8, 12, 2, true]);
    },
  ],
  [
    'closure made in a CommonJS module',
    async (run, t) => {
      const f = lib.make();
      t.equal(await run(f, 1), f(1));
    },
  ],
  ['arrow this in CommonJS', async (run, t) => t.equal(await run(lib.arrowThis), 'T')],
  [
    'a logger-like object: symbols of an imported module',
    async (run, t) => {
      const { symbols } = lib,
        o = { [symbols.level]: 3, f: () => 0 };
      t.equal(await run(() => lib.levelOf(o)), 3);
    },
  ],
  [
    'promisified and memoised library functions',
    async (run, t) => {
      const read = util.promisify(fs.readFile),
        m = sum.memoize((x) => x * K);
      t.equal(await run(async () => [(await read(new URL(import.meta.url), 'utf8')).length > 10, m(2)]), [true, 6]);
    },
  ],
  [
    'exports in every form travel by name',
    async (run, t) => {
      const { second, Exported } = all;
      const list = [renamed, anonymous, second, Exported];
      const s = t.ship(() => list);
      t.equal(
        s.graph.nodes.filter((n) => n.type === 'module').map((n) => n.name),
        ['renamed', 'default', 'second', 'Exported'],
      );
      t.equal(await run(() => list.map((f) => f.name)), ['first', 'default', 'second', 'Plain']);
    },
  ],
  [
    'an instance of a class of another module is an instance there',
    async (run, t) => {
      const p = makePlain(4);
      t.equal(await run(() => [p.twice(), p instanceof all.Exported]), [8, true]);
      const back = await run(() => p);
      t.ok(back instanceof all.Exported);
    },
  ],
  [
    'an unexported function of another module',
    async (run, t) => {
      const f = makeUnexported();
      t.equal(await run(() => f(1)), 2);
    },
  ],
  [
    'a symbol of another module stays that symbol',
    async (run, t) => {
      const o = { [tag]: 5, f: () => 0 };
      t.equal(await run(() => tagOf(o)), 5);
    },
  ],
  [
    'a module object passed whole',
    async (run, t) => {
      const ns = all;
      t.equal(
        await run(() => {
          const x = ns;
          return [x.renamed(), Object.keys(x).length];
        }),
        ['first', Object.keys(all).length],
      );
    },
  ],
  ['JSON import with attributes', async (run, t) => t.equal(await run(() => data.answer), 42)],
];
