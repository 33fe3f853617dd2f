// parallelConfig: defaults for everything called inside, also after awaits, and nothing outside.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const one = (x) => x + 1;

/** Where a call of each door runs. */
const places = async ({ Parallel, delayed, map, context }) => {
  const here = () => context.workerId;
  const [parallel] = await Parallel()([delayed(here)()]);
  await turn();
  const [mapped] = await map([1], here);
  return [parallel, mapped];
};
const ofConfig = (places) => places.map((place) => (place === 'inline' ? 'inline' : 'threads')).join();

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'defaults hold for Parallel and map inside, after awaits, and not outside',
    async (api) => {
      const { parallelConfig } = api;
      assert.equal(ofConfig(await parallelConfig({ backend: 'inline' }, () => places(api))), 'inline,inline');
      assert.equal(
        ofConfig(
          await parallelConfig({ backend: 'inline' }, async () => {
            await turn();
            return places(api);
          }),
        ),
        'inline,inline',
      );
      assert.equal(ofConfig(await places(api)), 'threads,threads');
      assert.throws(() =>
        parallelConfig({ backend: 'inline' }, () => {
          throw new Error('from inside');
        }),
      );
      assert.equal(
        parallelConfig({ nJobs: 2 }, () => 5),
        5,
      );
      assert.equal(ofConfig(await places(api)), 'threads,threads');
    },
  ],
  [
    'two configurations at the same time do not mix, and nested ones go before',
    async (api) => {
      const { parallelConfig, Pool } = api;
      const workers = async () => {
        await turn();
        const pool = new Pool();
        await pool.close();
        return pool.workers;
      };
      const [a, b, nested] = await Promise.all([
        parallelConfig({ nJobs: 2 }, workers),
        parallelConfig({ nJobs: 5 }, workers),
        parallelConfig({ nJobs: 2 }, async () => [await parallelConfig({ nJobs: 7 }, workers), await workers()]),
      ]);
      assert.deepEqual([a, b, nested], [2, 5, [7, 2]]);
    },
  ],
  [
    'what a call says itself goes before the configuration',
    async ({ parallelConfig, Parallel, Pool, delayed, map, context }) => {
      const here = () => context.workerId;
      const pool = new Pool({ backend: 'inline' });
      await parallelConfig({ nJobs: 2, backend: 'threads' }, async () => {
        assert.deepEqual(await map([1], here, { backend: 'inline' }), ['inline']);
        assert.deepEqual(await map([1], here, { pool }), ['inline']);
        assert.deepEqual(await Parallel({ nJobs: 1 })([delayed(here)()]), ['inline']);
        assert.deepEqual(await Parallel({ pool })([delayed(here)()]), ['inline']);
        const own = new Pool({ workers: 3 });
        assert.deepEqual([own.workers, own.backend], [3, 'threads']);
        await own.close();
      });
      await parallelConfig({ pool }, async () => {
        assert.deepEqual(await map([1], here), ['inline']);
        assert.match((await map([1], here, { workers: 2 }))[0], /^t/);
        assert.deepEqual(await Parallel()([delayed(here)()]), ['inline']);
        assert.match((await Parallel({ nJobs: 2 })([delayed(here)()]))[0], /^t/);
      });
      await pool.close();
    },
  ],
  [
    'an inner configuration of workers takes the place of an outer pool, and the other way round',
    async (api) => {
      const { parallelConfig, Pool } = api;
      const pool = new Pool({ backend: 'inline' });
      const inside = (outer, inner) => parallelConfig(outer, () => parallelConfig(inner, () => places(api)));
      assert.equal(ofConfig(await inside({ pool }, { nJobs: 2 })), 'threads,threads');
      assert.equal(ofConfig(await inside({ pool }, { backend: 'threads' })), 'threads,threads');
      assert.equal(ofConfig(await inside({ nJobs: 2, backend: 'threads' }, { pool })), 'inline,inline');
      assert.equal(ofConfig(await inside({ pool }, { verbose: 0 })), 'inline,inline');
      for (const both of [
        { pool, nJobs: 2 },
        { pool, backend: 'threads' },
      ]) {
        const message = /parallelConfig: option "(nJobs|backend)" does not go with "pool"/;
        assert.throws(() => parallelConfig(both, () => 0), { code: 'BAD_OPTION', message });
      }
      await pool.close();
    },
  ],
  [
    'batchSize, preDispatch and verbose of a configuration concern Parallel alone',
    async ({ parallelConfig, Parallel, Pool, delayed, map }, o) => {
      const pool = new Pool({ workers: 2, ...o });
      await parallelConfig({ pool, preDispatch: 2, batchSize: 1, verbose: 0 }, async () => {
        let read = 0;
        let ahead = 0;
        let taken = 0;
        function* calls() {
          for (; read < 40; read++) {
            ahead = Math.max(ahead, read - taken);
            yield delayed(one)(read);
          }
        }
        for await (const y of Parallel({ returnAs: 'generator' })(calls())) assert.equal(y, ++taken);
        assert.ok(ahead <= 3, `${ahead}`);
        assert.deepEqual(await map([1], one), [2]);
      });
      await pool.close();
    },
  ],
  [
    'wrong configurations are refused',
    async ({ parallelConfig }) => {
      assert.throws(() => parallelConfig({ nJobs: 0 }, () => 0), { code: 'BAD_OPTION' });
      assert.throws(() => parallelConfig({ workers: 2 }, () => 0), { code: 'UNKNOWN_OPTION', message: /it is called "nJobs" here/ });
      assert.throws(() => parallelConfig({ returnAs: 'array' }, () => 0), { code: 'UNKNOWN_OPTION' });
      assert.throws(() => parallelConfig({ nJobs: 2 }), { code: 'BAD_ARGUMENT', message: /the second argument is undefined/ });
      assert.throws(() => parallelConfig(() => 0), { code: 'BAD_OPTION' });
    },
  ],
  [
    'a task in line that calls map under a configured pool in line does not wait for its own place',
    async ({ parallelConfig, Pool, Parallel, delayed }) => {
      const { map } = await import('allcores');
      const pool = new Pool({ backend: 'inline' });
      const results = await parallelConfig({ pool }, async () => [
        await map([1, 2], async (x) => (await map([x], (y) => y + 1))[0]),
        await Parallel()([delayed(async (x) => (await map([x, x], async (y) => (await map([y], (z) => z * 2))[0])).join())(3)]),
      ]);
      assert.deepEqual(results, [[2, 3], ['6,6']]);
      await pool.close();
      assert.equal((await rejects(pool.map(one, [1]))).code, 'POOL_CLOSED');
    },
  ],
];
