// biome-ignore-all lint: odd code is what these cases are about
// How much a function may take along, and what is told of large captures.
import assert from 'node:assert/strict';
import { newNotes, note, noted } from './notes.native.mjs';
import { rejects } from './rejects.native.mjs';

/** What to do about large binary data: processes share no memory. */
const adviceFor = (backend, variable) => (backend === 'processes' ? new RegExp(`const ${variable} = perWorker`) : /SharedArrayBuffer/);

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'captures above maxShipBytes are refused before anything runs, with what is large by path, the largest first',
    async ({ map, Pool, mapReduce, Parallel, delayed }, o) => {
      const config = { k: 1, table: new Float64Array(20_000) };
      const rows = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `row ${id}` }));
      const ran = newNotes();
      const sum = (x) => {
        note(ran);
        return x + config.table.length + rows.length;
      };
      const limit = { ...o, maxShipBytes: 50_000 };
      const error = await rejects(map([1], sum, limit));
      assert.equal(error.code, 'NOT_SHIPPABLE');
      assert.match(
        error.message,
        /^Cannot ship `sum` \(sizes\.native\.mjs:\d+:\d+\): what it captures takes 2\d\d kB, more than maxShipBytes, 50 kB: `config\.table` 160 kB, `rows` \d+ kB\. .*maxShipBytes/,
      );
      assert.match(error.message, adviceFor(o.backend, 'config'));
      const pool = new Pool({ workers: 1, ...o });
      for (const promise of [
        pool.map(sum, [1], { maxShipBytes: 50_000 }),
        mapReduce([1], sum, (a, b) => a + b, limit),
        Parallel({ ...limit, nJobs: 2 })([delayed(sum)(1)]),
      ]) {
        assert.match((await rejects(promise)).message, /more than maxShipBytes/);
      }
      await pool.close();
      assert.deepEqual(noted(ran), []);
      assert.equal((await map([1], sum, { ...o, maxShipBytes: 1_000_000 }))[0], 22_001);
    },
  ],
  [
    'rows that are too large are to be loaded in each worker',
    async ({ map }, o) => {
      const rows = Array.from({ length: 2_000 }, (_, id) => ({ id }));
      const helper = () => rows.length;
      const error = await rejects(map([1], () => helper(), { ...o, maxShipBytes: 1000 }));
      assert.match(error.message, /`rows` \d+ kB \(captured by `helper`\).*`const rows = perWorker\(\(\) => load\(\)\);`/);
    },
  ],
  [
    'what is captured twice counts once',
    async ({ map }, o) => {
      const table = new Float64Array(10_000);
      const both = { one: { table }, two: { table } };
      const text = 'x'.repeat(10_000);
      const rows = Array.from({ length: 100 }, () => ({ shared: { text } }));
      const same = { text };
      const alike = Array.from({ length: 1_000 }, () => ({ same }));
      const limit = { ...o, maxShipBytes: 130_000 };
      assert.deepEqual(await map([1], () => [both.one.table === both.two.table, table.length, alike.length], limit), [
        [true, 10_000, 1_000],
      ]);
      assert.match((await rejects(map([1], () => rows.length, limit))).message, /`rows` 1\.0 MB/);
    },
  ],
  [
    'shared memory does not count',
    async ({ map }, o) => {
      const cells = new Float64Array(new SharedArrayBuffer(800_000));
      assert.deepEqual(await map([1], () => cells.length, { ...o, maxShipBytes: 130_000 }), [100_000]);
    },
    { processes: 'they share no memory' },
  ],
  [
    'large captures are warned of once, with their paths, the workers and the time',
    async ({ Pool }, o) => {
      const heard = [];
      const listener = (warning) => warning.code === 'ALLCORES_BIG_CAPTURES' && heard.push(warning.message);
      process.on('warning', listener);
      const state = { table: new Float64Array(9_000_000), k: 1 };
      const pool = new Pool({ workers: 2, ...o });
      for (let call = 0; call < 2; call++) await pool.map(function first(x) { return state.table[x]; }, [1]); // biome-ignore format: one place
      await new Promise((resolve) => setImmediate(resolve));
      await pool.close();
      process.off('warning', listener);
      if (o.backend === 'inline') assert.deepEqual(heard, []);
      else {
        assert.equal(heard.length, 1, heard.join('\n'));
        assert.match(
          heard[0],
          /^`first` \(sizes\.native\.mjs:\d+:\d+\) captures 72 MB: `state\.table` 72 MB\. Each of 2 workers gets a copy, 144 MB in all, and reading it took \d+ ms on this thread\./,
        );
        assert.match(heard[0], adviceFor(o.backend, 'state'));
      }
    },
  ],
  [
    'maxShipBytes is checked like any option',
    async ({ map }, o) => {
      for (const maxShipBytes of [0, -1, 1.5, '1 GB', null]) {
        assert.equal((await rejects(map([1], (x) => x, { ...o, maxShipBytes }))).code, 'BAD_OPTION');
      }
    },
  ],
];
