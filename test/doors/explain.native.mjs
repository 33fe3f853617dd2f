// biome-ignore-all lint: odd code is what these cases are about
// What would travel with a function.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import v8 from 'node:v8';
import { mean } from 'simple-statistics';

const anywhere = { inline: 'it does not depend on the backend' };

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'explain tells each capture, how it travels and how large it is, the largest first',
    async ({ explain, perWorker }) => {
      const config = { k: 1, table: new Float64Array(20_000) };
      const rows = Array.from({ length: 1_000 }, (_, id) => ({ id, name: `row ${id}` }));
      const cells = new Int32Array(new SharedArrayBuffer(8));
      const db = perWorker(() => rows.length);
      const helper = (x) => x + rows.length;
      const task = (x) => helper(x) * config.k + cells[0] + db.get() + mean([x]) + Math.max(x, 1) + rows.length + readFile.length;
      const { name, place, functions, bytes, codeBytes, ms, warnings, problem } = explain(task);
      assert.equal(name, 'task');
      assert.match(place, /^explain\.native\.mjs:\d+:\d+$/);
      assert.deepEqual(
        functions.map((one) => one.name),
        ['task', 'helper', 'anonymous function'],
      );
      const captures = Object.fromEntries(functions[0].captures.map((capture) => [capture.name, capture]));
      assert.deepEqual(
        Object.values(captures)
          .map(({ name: variable, path, travels, as }) => [variable, path, travels, as])
          .sort(),
        [
          ['cells', 'cells', 'shared', undefined],
          ['config', 'config.table', 'value', undefined],
          ['db', 'db', 'perWorker', undefined],
          ['helper', 'helper', 'function', undefined],
          ['mean', 'mean', 'name', 'simple-statistics#mean'],
          ['readFile', 'readFile', 'name', 'node:fs/promises#readFile'],
          ['rows', 'rows', 'value', undefined],
        ],
      );
      assert.deepEqual([functions[0].captures[0].name, functions[0].captures[1].name], ['config', 'rows']);
      for (const variable of ['config', 'rows']) {
        const written = v8.serialize(variable === 'config' ? config : rows).length;
        assert.ok(Math.abs(captures[variable].bytes / written - 1) < 0.2, `${variable}: ${captures[variable].bytes} for ${written}`);
      }
      // What the helper captures as well has been counted.
      assert.deepEqual(
        functions[1].captures.map((capture) => [capture.name, capture.bytes]),
        [['rows', 0]],
      );
      assert.equal(
        bytes,
        functions.flatMap((one) => one.captures).reduce((sum, capture) => sum + capture.bytes, 0),
      );
      assert.ok(codeBytes > task.toString().length && ms > 0);
      assert.deepEqual([warnings, problem], [[], undefined]);
    },
    anywhere,
  ],
  [
    'an explanation is a table as text and data as JSON',
    async ({ explain }) => {
      const table = new Float64Array(1_000);
      let n = 0;
      const explanation = explain(function count() { n += 1; return table.length; }); // biome-ignore format: one place
      assert.match(
        String(explanation),
        /^count \(explain\.native\.mjs:\d+:\d+\)\n\n {2}captures {2}travels +size\n.*\n {2}table {5}by value .*8\.\d kB\n {2}n .*by value.*\n\n {2}In all 8\.\d kB of values and \d+ B of code, read in [\d.]+ ms\. Each worker gets a copy\.\n {2}Warning: `n` is assigned by `count`/,
      );
      const data = JSON.parse(JSON.stringify(explanation));
      assert.deepEqual([data.name, data.functions[0].captures[0].name, data.warnings[0].code], ['count', 'table', 'ALLCORES_CAPTURE']);
    },
    anywhere,
  ],
  [
    'what cannot travel is told as data, and nothing is thrown',
    async ({ explain }) => {
      const db = { pool: [{ socket: new net.Socket() }] };
      const big = 'x'.repeat(1000);
      const helper = () => db.pool;
      const { problem, functions, toString } = explain((x) => [big, helper(x)]);
      assert.deepEqual([problem.path, problem.capturedBy], ['db.pool[0].socket', 'helper']);
      assert.match(problem.place, /^explain\.native\.mjs:\d+:\d+$/);
      assert.match(problem.why, /^is a net\.Socket/);
      assert.match(problem.advice, /perWorker/);
      assert.match(problem.message, /^Cannot ship `db\.pool\[0\]\.socket`/);
      assert.deepEqual(
        functions.map((one) => one.name),
        ['anonymous function', 'helper'],
      );
      assert.match(toString(), /It cannot travel\. Cannot ship `db/);
      assert.match(explain((x) => big[x], { maxShipBytes: 10 }).problem.message, /more than maxShipBytes, 10 B: `big` 1\.0 kB/);
    },
    anywhere,
  ],
  [
    'nothing runs: neither the function nor what it captures',
    async ({ explain }) => {
      let ran = 0;
      const trap = {
        get value() {
          ran += 1;
          return 1;
        },
      };
      explain(() => {
        ran += 1;
        return trap.value;
      });
      assert.equal(ran, 0);
    },
    anywhere,
  ],
  [
    'a function that travels by its name, and a class, and one that captures nothing',
    async ({ explain }) => {
      assert.deepEqual([explain(readFile).as, explain(readFile).bytes], ['node:fs/promises#readFile', 0]);
      assert.match(String(explain(readFile)), /It travels by its name: the worker imports node:fs\/promises#readFile\./);
      assert.match(String(explain((x) => x)), /captures nothing/);
      class Point {
        #x = 1;
        static zero = new Point();
        x() { return this.#x; } // biome-ignore format: short
      }
      assert.deepEqual(
        explain(() => Point.zero.x()).functions.map((one) => one.name),
        ['anonymous function', 'Point'],
      );
    },
    anywhere,
  ],
  [
    'explain of what is no function, or with an unknown option, is refused',
    async ({ explain }) => {
      assert.throws(() => explain(5), { code: 'BAD_ARGUMENT', message: /explain: the function is 5/ });
      assert.throws(() => explain(() => 1, { workers: 2 }), { code: 'UNKNOWN_OPTION' });
    },
    anywhere,
  ],
];
