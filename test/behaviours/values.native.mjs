// What travels: options, functions, values, errors. The names start with the ids of inventory.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const square = (x) => x * x;

/** Runs a program of fixtures/ by itself. */
const program = (file, { backend }) => {
  const path = fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
  const env = { ...process.env, NODE_OPTIONS: '', ALLCORES_BACKEND: backend };
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [path], { encoding: 'utf8', env, timeout: 15_000 });
  return { status, signal, stdout, stderr };
};

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'J31 unknown, misspelt and inherited options are rejected, and so is what a polluted prototype brings',
    async ({ Pool, map, Parallel }, o) => {
      const unknown = { name: 'UsageError', code: 'UNKNOWN_OPTION' };
      assert.throws(() => new Pool({ threads: 2, ...o }), unknown);
      assert.throws(() => new Pool({ constructor: 1, ...o }), unknown);
      assert.throws(() => new Pool(JSON.parse('{ "__proto__": { "workers": 2 } }')), { name: 'UsageError' });
      assert.throws(() => Parallel({ n: 2, ...o }), unknown);
      for (const wrong of [{ chunksize: 1 }, { toString: 1 }, { hasOwnProperty: 1 }, { workerType: 'process' }])
        await assert.rejects(map([1], square, { ...o, ...wrong }), unknown);
      await assert.rejects(map([1], square, Object.create({ chunkSize: 1 })), { name: 'UsageError', message: /inherited/ });
      const { status, stdout } = program('polluted.mjs', o);
      assert.match(stdout, /^UsageError .*"chunkSize" is inherited.*\nUsageError .*"chunkSize".*\n\[1,4\]\n$/);
      assert.equal(status, 0);
      assert.deepEqual(await map([1, 2], square, { ...o }), [1, 4]);
    },
  ],
  [
    'J33 the text of a function may hold any character',
    async ({ map }, o) => {
      const größe = 3;
      const 名前 = 'ñandú 漢字 🙂 \u2028 \0';
      const täglich = (ξ) => `${名前}: ${ξ * größe} ${/[ü-ÿ]+/u.test('zÿ')} ${'🙂'.codePointAt(0)}`;
      assert.deepEqual(await map([1, 2], täglich, o), [täglich(1), täglich(2)]);
    },
  ],
  [
    'J34 Map, Set, Date, BigInt, NaN, -0, RegExp, typed arrays, Buffer, URL, undefined, holes and cycles come back as they went',
    async ({ map }, o) => {
      const cyclic = { name: 'cyclic', list: [] };
      cyclic.list.push(cyclic, new Map([[cyclic, cyclic]]));
      const shared = { shared: true };
      // biome-ignore lint/suspicious/noSparseArray: holes travel
      const holes = [1, , 3];
      const values = [
        new Map([
          ['a', new Set([1, Number.NaN, -0])],
          [{ key: 1 }, 2n],
        ]),
        new Date(1e12),
        2n ** 70n,
        Number.NaN,
        -0,
        Number.POSITIVE_INFINITY,
        /a(?<b>.)+/giu,
        undefined,
        null,
        holes,
        cyclic,
        [shared, shared],
        ...[Uint8Array, Int16Array, Float32Array, Float64Array, BigInt64Array].map((Type) =>
          Type.of(...(Type === BigInt64Array ? [1n, 2n] : [1, 2])),
        ),
        new Float64Array([1, Number.NaN, -0]).subarray(1),
        new DataView(new Uint8Array([1, 2, 3]).buffer, 1),
        new Uint8Array([1, 2]).buffer,
        Buffer.from('bytes'),
        new URL('https://user@example.com/a?b=c#d'),
        Object.assign(Object.create(null), { bare: 1 }),
        new RangeError('range', { cause: new TypeError('type') }),
      ];
      const back = await map(values, (x) => x, o);
      for (const [i, value] of values.entries()) {
        assert.deepStrictEqual(back[i], value, `values[${i}]`);
        if (typeof value === 'object' && value !== null) assert.equal(Object.getPrototypeOf(back[i]), Object.getPrototypeOf(value));
      }
      assert.ok(!(1 in back[values.indexOf(holes)]));
      // Node's deepStrictEqual knows no two invalid dates that are equal.
      assert.ok(Number.isNaN((await map([new Date(Number.NaN)], (date) => date, o))[0].getTime()));
      const there = back[values.indexOf(cyclic)];
      assert.ok(there.list[0] === there && there.list[1].get(there) === there);
      const [one, other] = back[values.findIndex((v) => v?.[0] === shared)];
      assert.equal(one, other);
    },
  ],
  [
    'J35 an error of an own class keeps class, name, message, code, own properties, cause and where it was thrown',
    async ({ map, whereFailed }, o) => {
      class QuotaError extends RangeError {
        name = 'QuotaError';
        code = 'E_QUOTA';
        constructor(message, details, options) {
          super(message, options);
          this.details = details;
        }
        get left() {
          return this.details.limit - this.details.used;
        }
      }
      const overdraw = (x) => {
        throw new QuotaError(`too much: ${x}`, { limit: 3, used: x, at: new Date(5) }, { cause: new URIError('inner') });
      };
      const error = await map([7], overdraw, o).then(assert.fail, (e) => e);
      assert.ok(error instanceof QuotaError && error instanceof RangeError);
      assert.deepEqual([error.name, error.message, error.code, error.left], ['QuotaError', 'too much: 7', 'E_QUOTA', -4]);
      assert.deepEqual(error.details, { limit: 3, used: 7, at: new Date(5) });
      assert.ok(error.cause instanceof URIError && error.cause.message === 'inner');
      assert.match(error.stack, /overdraw.*values\.native\.mjs:\d+:\d+/);
      assert.equal(whereFailed(error).index, 0);
    },
  ],
  [
    'J37 a task may give a function, which works at the caller with what it captured',
    async ({ map }, o) => {
      const k = 4;
      const [times] = await map([3], (x) => (y) => x * y * k, o);
      assert.equal(times(2), 24);
    },
  ],
  [
    'J36 a program ends by itself although it has closed nothing, and with its own exit code',
    async (_, o) => {
      assert.deepEqual(program('ends-open.mjs', o), { status: 5, signal: null, stdout: '[1,4,9]\n1\nlast line\n', stderr: '' });
    },
  ],
];
