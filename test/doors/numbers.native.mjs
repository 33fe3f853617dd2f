// Numbers that are shared instead of copied, and memory that moves.
import assert from 'node:assert/strict';
import { rejects } from './rejects.native.mjs';

const here = 'shared memory is for threads';

/** [name, body, skip reasons by backend] */
export const cases = [
  [
    'share gives typed arrays of the same kind in shared memory, and what is shared as it is',
    async ({ share }) => {
      const given = new Int16Array([1, -2, 3]);
      const shared = share(given);
      assert.deepEqual(shared, given);
      assert.ok(shared.buffer instanceof SharedArrayBuffer);
      assert.equal(share(shared), shared);
      assert.deepEqual(share([1.5, -0, Number.NaN]), new Float64Array([1.5, -0, Number.NaN]));
      assert.deepEqual([...share(Buffer.from('ab'))], [97, 98]);
      assert.deepEqual(share(new BigInt64Array([5n])), new BigInt64Array([5n]));
      for (const wrong of ['text', new DataView(new ArrayBuffer(8)), [1, 'b'], new Array(2), undefined])
        assert.throws(() => share(wrong), { name: 'UsageError', code: 'BAD_ARGUMENT', message: /^share: / });
    },
  ],
  [
    'a captured shared array is the same memory in every task',
    async ({ map, range, share }, o) => {
      const counts = share(new Int32Array(4));
      await map(range(1000), (i) => void Atomics.add(counts, i % 4, 1), o);
      assert.deepEqual([...counts], [250, 250, 250, 250]);
    },
    { processes: here },
  ],
  [
    'a captured array is not copied however often it is used',
    async ({ Pool, share }, o) => {
      const table = share(Float64Array.from({ length: 1000 }, (_, i) => i));
      const pool = new Pool({ workers: 2, ...o });
      const first = await pool.map((i) => table[i], [5]);
      table[5] = -1;
      const second = await pool.map((i) => table[i], [5]);
      assert.deepEqual([first, second], [[5], [-1]]);
      await pool.close();
    },
    { processes: here },
  ],
  [
    'shared arrays as items: the very memory, and a result in shared memory',
    async ({ map, share, run }, o) => {
      const items = share(Float64Array.from({ length: 2000 }, (_, i) => i));
      const results = await map(items, (x) => x / 2, o);
      assert.deepEqual(
        [...results],
        Array.from(items, (x) => x / 2),
      );
      assert.ok(results.buffer instanceof SharedArrayBuffer);
      // The same where it is too short for workers.
      const short = await map(share(new Float32Array([1, 2])), (x) => x / 2, { ...o, placing: 'auto' });
      assert.ok(short.buffer instanceof SharedArrayBuffer);
      assert.deepEqual([...short], [0.5, 1]);
      await run((array) => void array.fill(77), [items], o);
      assert.equal(items[0], 77);
    },
    { processes: here },
  ],
  [
    'transfer moves an item to a worker and a result home, and only marks it elsewhere',
    async ({ map, transfer }, o) => {
      const arrays = [1, 2, 3].map((k) => new Float64Array(1000).fill(k));
      const results = await map(
        arrays.map((array) => transfer(array)),
        (array) => {
          array[0] *= 10;
          return transfer(array);
        },
        o,
      );
      assert.deepEqual(
        results.map((array) => [array.length, array[0], array[999]]),
        [
          [1000, 10, 1],
          [1000, 20, 2],
          [1000, 30, 3],
        ],
      );
      const isCopy = (array) => array.length === 1000 && array[0] < 10;
      if (o.backend === 'threads') assert.ok(arrays.every((array) => array.length === 0));
      else if (o.backend === 'processes') assert.ok(arrays.every(isCopy));
    },
  ],
  [
    'transfer finds the memory of properties and of arguments, or takes a list',
    async ({ map, run, transfer }, o) => {
      const image = { name: 'a', pixels: new Uint8Array(5000), more: [1] };
      const [size] = await map([transfer(image)], ({ name, pixels }) => name + pixels.length, o);
      assert.equal(size, 'a5000');
      const two = [new Uint8Array(10), new Uint8Array(20)];
      assert.equal(await run((a, b) => a.length + b.length, [transfer(two[0]), two[1]], o), 30);
      const deep = { in: { here: new ArrayBuffer(64) } };
      assert.equal(await run((value) => value.in.here.byteLength, [transfer(deep, [deep.in.here])], o), 64);
      if (o.backend === 'threads')
        assert.deepEqual([image.pixels.length, two[0].length, two[1].length, deep.in.here.byteLength], [0, 0, 20, 0]);
      assert.throws(() => transfer(5), { name: 'UsageError', message: /^transfer: / });
    },
  ],
  [
    'what has moved runs once: its failure is final, and a second call is told',
    async ({ map, transfer, context }, o) => {
      const item = new Float64Array(100);
      const error = await rejects(
        map(
          [transfer(item)],
          () => {
            throw new RangeError(`try ${context.attempt}`);
          },
          { retries: 3, ...o },
        ),
      );
      assert.equal(error.message, 'try 1');
      const again = await rejects(map([item], (array) => array.length, o));
      assert.equal(again.name, 'NotShippableError');
      assert.match(again.message, /items\[0\] has moved to a worker/);
    },
    { processes: 'nothing moves', inline: 'nothing moves' },
  ],
  [
    'many moved items over few workers arrive each once',
    async ({ Pool, transfer }, o) => {
      const pool = new Pool({ workers: 3, ...o });
      for (let round = 0; round < 5; round++) {
        const items = Array.from({ length: 200 }, (_, i) => transfer(new Float64Array([i, i + 1])));
        assert.deepEqual(
          await pool.map(([a, b]) => a * b, items),
          Array.from({ length: 200 }, (_, i) => i * (i + 1)),
        );
      }
      await pool.close();
    },
  ],
  [
    'large typed arrays as items, arguments and results are copies, as they were',
    async ({ map, run }, o) => {
      const large = new Float64Array(20_000).fill(3);
      const views = [large, large.subarray(10_000), new Uint8Array(large.buffer, 8, 90_000)];
      const results = await map(views, (array) => array.fill(9, 0, 1), o);
      if (o.backend === 'inline') return;
      assert.deepEqual(
        results.map((array) => [array.constructor.name, array.length, array[0], array[1]]),
        [
          ['Float64Array', 20_000, 9, 3],
          ['Float64Array', 10_000, 9, 3],
          ['Uint8Array', 90_000, 9, views[2][1]],
        ],
      );
      assert.equal(large[0], 3);
      assert.equal(await run((a, k) => a.length * k, [large, 2], o), 40_000);
      assert.equal(large.length, 20_000);
    },
  ],
  [
    'what is marked again after it has moved is refused, as an item and as a result, and the workers go on',
    async ({ Pool, mapSettled, transfer }, o) => {
      const pool = new Pool({ workers: 1, ...o });
      const gone = new Uint8Array(1000);
      const empty = new ArrayBuffer(0);
      assert.deepEqual(await pool.map((a) => a.byteLength, [transfer(gone), transfer(empty)]), [1000, 0]);
      for (const marked of [transfer(gone), transfer({ gone }), transfer(gone.buffer), transfer(empty)]) {
        const error = await rejects(pool.map((a) => a.byteLength, [marked]));
        assert.equal(error.name, 'NotShippableError');
        assert.match(error.message, /items\[0\] has moved to a worker/);
      }
      const error = await rejects(pool.apply((a, b) => a + b.length, [1, transfer(gone)]));
      assert.match(error.message, /has moved to a worker/);
      const results = await mapSettled(
        [1, 2, 3],
        (x) => {
          globalThis.moved ??= new Uint8Array(10);
          return x === 3 ? x : transfer(globalThis.moved);
        },
        { pool, chunkSize: 1 },
      );
      assert.deepEqual(
        results.map((r) => r.status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal(results[1].reason.name, 'NotShippableError');
      assert.match(results[1].reason.message, /^the result of items\[1\] has moved to a worker or back/);
      assert.deepEqual(await pool.map((x) => [x], [1, 2]), [[1], [2]]);
      await pool.close();
    },
    { processes: 'nothing moves', inline: 'nothing moves' },
  ],
  [
    'transfer takes a list of memory and of ports, and nothing else',
    ({ transfer }) => {
      const value = { bytes: new Uint8Array(8) };
      for (const wrong of [
        value.bytes.buffer,
        'text',
        null,
        5,
        new Set(),
        [value.bytes],
        [new SharedArrayBuffer(8)],
        [{}],
        [undefined],
        [7],
      ])
        assert.throws(() => transfer(value, wrong), { name: 'UsageError', code: 'BAD_ARGUMENT', message: /^transfer: / });
      assert.throws(() => transfer(value, [value.bytes]), /list\[0\] is a Uint8Array.*its \.buffer/);
      const { port1, port2 } = new MessageChannel();
      assert.equal(transfer(value, [value.bytes.buffer, port1]), value);
      assert.equal(transfer(value, []), value);
      port2.close();
    },
  ],
  [
    'numbers whose memory has moved away are refused, as items and by share',
    async ({ map, mapSettled, share }, o) => {
      const gone = new Float64Array(100);
      structuredClone(gone, { transfer: [gone.buffer] });
      for (const placing of ['workers', 'auto']) {
        for (const call of [map, mapSettled]) {
          const error = await rejects(call(gone, (x) => x * 2, { ...o, placing }));
          assert.equal(error.name, 'UsageError');
          assert.match(error.message, /moved to another thread/);
        }
      }
      assert.deepEqual(await map(new Float64Array(0), (x) => x * 2, o), new Float64Array(0));
      assert.throws(() => share(gone), { name: 'UsageError', code: 'BAD_ARGUMENT', message: /^share: .*moved to another thread/ });
      assert.equal(share(new Float64Array(0)).length, 0);
    },
  ],
  [
    'arguments, items and results that are one array are one array on the other side, however large',
    async ({ map, run }, o) => {
      for (const bytes of [100, 65_535, 65_536, 200_000]) {
        const b = new Uint8Array(bytes);
        const write = (a, c) => {
          a[0] = 7;
          return (c.bytes ?? c)[0];
        };
        assert.equal(await run(write, [b, b], o), 7);
        assert.equal(await run(write, [b, new Uint8Array(b.buffer)], o), 7);
        assert.equal(await run(write, [b, new Uint8Array(b.buffer, 0, bytes - 4)], o), 7);
        assert.equal(await run(write, [b, { bytes: b }], o), 7);
        assert.equal(await run((a, c) => a.fill(7).length + new Uint8Array(c)[0], [b, b.buffer], o), bytes + 7);
        b[0] = 0;
        const same = await map([b, b], (a) => ++a[0], { ...o, chunkSize: 2 });
        assert.deepEqual(same, [1, 2]);
        const [one, two] = await map([1, 2], () => (globalThis[`kept${bytes}`] ??= new Uint8Array(bytes)), { ...o, chunkSize: 2 });
        assert.equal(one, two);
      }
    },
  ],
  [
    'memory that can grow still can on the other side, however large',
    async ({ run }, o) => {
      for (const bytes of [100, 100_000]) {
        const array = new Uint8Array(new ArrayBuffer(bytes, { maxByteLength: 2 * bytes }));
        const grown = (a, n) => {
          if (!a.buffer.resizable) return 'fixed';
          a.buffer.resize(n);
          return a.length;
        };
        assert.equal(await run(grown, [array, 2 * bytes], o), 2 * bytes);
      }
    },
  ],
];
