// biome-ignore-all lint: odd code is what these cases are about
// Memory: what views share, how much of it travels, and what only threads can have.

import crypto from 'node:crypto';
import net from 'node:net';

const HUGE = 64 * 1024 * 1024;

export const cases = [
  [
    'views that overlap keep sharing their bytes, wherever they are captured',
    async (run, t) => {
      const memory = new ArrayBuffer(64);
      const o = { head: new Uint8Array(memory, 8, 16), deep: [{ tail: new Float64Array(memory, 16, 2) }] };
      const buffer = Buffer.from(memory, 20, 8);
      t.equal(
        await run(() => {
          o.deep[0].tail[0] = 1;
          buffer.writeUInt8(7, 0);
          return [[...o.head.slice(8)], o.head.length, o.deep[0].tail.length];
        }),
        [[0, 0, 0, 0, 7, 0, 0xf0, 0x3f], 16, 2],
      );
    },
  ],
  [
    'two Buffers on one piece of memory keep sharing it',
    async (run, t) => {
      const all = Buffer.alloc(16),
        end = all.subarray(12);
      t.equal(
        await run(() => {
          end[0] = 5;
          return [all[12], Buffer.isBuffer(end), end.length];
        }),
        [5, true, 4],
      );
    },
  ],
  [
    'an ArrayBuffer captured with its views stays one piece',
    async (run, t) => {
      const memory = new ArrayBuffer(32),
        part = new Uint16Array(memory, 8, 4),
        holder = { memory };
      t.equal(
        await run(() => {
          part[0] = 513;
          const bytes = new Uint8Array(holder.memory);
          return [part.buffer === holder.memory, bytes.length, bytes[8], bytes[9], part.byteOffset];
        }),
        [true, 32, 1, 2, 8],
      );
    },
  ],
  [
    'of a huge buffer only the slice travels, captured, nested, and as an argument',
    async (run, t) => {
      const huge = new Float64Array(HUGE / 8),
        slice = huge.subarray(1001, 1005),
        config = { rows: [{ cells: new DataView(huge.buffer, 8 * 1001 + 3, 5) }] };
      slice[3] = 4;
      t.equal(await run(() => [slice.length, slice[3], config.rows[0].cells.byteLength, slice.buffer.byteLength < 100]), [4, 4, 5, true]);
      t.ok(t.size() < 10_000, String(t.size()));
      const packed = t.packValue([{ slice }, Buffer.from(huge.buffer, 16, 3)], 'items');
      t.ok(JSON.stringify(packed.graph.nodes.map((node) => node.value?.byteLength ?? 0)).length < 200);
      t.equal(await run((item) => [item.slice[3], item.slice.buffer.byteLength < 100], { slice }), [4, true]);
      t.equal(await run((item) => item, { slice }), { slice });
    },
  ],
  [
    'of the pool behind a Buffer nothing else travels',
    async (run, t) => {
      const secret = Buffer.from('secret of someone else'),
        mine = Buffer.from('mine');
      t.equal(secret.buffer, mine.buffer);
      t.equal(await run(() => [mine.toString(), Buffer.from(mine.buffer).includes('secret')]), ['mine', false]);
    },
  ],
  [
    'an unaligned slice, an empty one, and one of a subclass',
    async (run, t) => {
      class Samples extends Float32Array {
        total() {
          return this.reduce((a, b) => a + b, 0);
        }
      }
      const memory = new ArrayBuffer(64),
        odd = new Uint8Array(memory, 13, 3),
        none = new Float64Array(memory, 64),
        samples = new Samples(memory, 20, 2);
      odd[2] = 9;
      samples.set([1, 2]);
      t.equal(await run(() => [[...odd], none.length, samples.total(), samples instanceof Samples]), [[0, 0, 9], 0, 3, true]);
    },
  ],
  [
    'the lines of one matrix, each its own view',
    async (run, t) => {
      const matrix = new Float64Array(9).map((_, i) => i),
        lines = [0, 1, 2].map((i) => matrix.subarray(3 * i, 3 * i + 3));
      t.equal(await run(() => lines.map((line) => line[2])), [2, 5, 8]);
      t.equal(
        await run(() => {
          matrix[5] = 50;
          return lines.map((line) => line[2]);
        }),
        [2, 50, 8],
      );
    },
  ],
  [
    'shared memory is shared between threads, and refused for a process',
    async (run, t) => {
      const memory = new SharedArrayBuffer(8),
        view = new Int32Array(memory),
        nested = { view };
      const write = () => {
        view[0] = 7;
      };
      if (t.place === 'thread') {
        await run(write);
        t.equal([view[0], await run(() => [memory.byteLength, nested.view[0]])], [7, [8, 7]]);
        return;
      }
      const refused = async (fn, pattern) => {
        const e = await t.throws(async () => run(fn));
        t.equal([e.name, e.code], ['NotShippableError', 'NOT_SHIPPABLE']);
        t.ok(pattern.test(e.message), e.message);
      };
      const why = /it is memory that the threads of one process share.* ordinary typed array.* or use worker threads\.$/;
      await refused(() => new Uint8Array(memory)[0], /^Cannot ship `memory` \(captured by /);
      await refused(() => new Uint8Array(memory)[0], why);
      await refused(() => memory.byteLength, /copy it to a const first \(`const byteLength = memory\.byteLength;`\)/);
      await refused(() => nested.view[0], /^Cannot ship `nested\.view` /);
      await refused(() => view[0], why);
      await refused(
        write,
        /^Cannot ship `view` \(captured by `write` .*the function writes to, .* its changes would not come back\. Return what it computes/,
      );
    },
  ],
  [
    'what only structured clone carries goes to threads, and is refused for a process by its name',
    async (run, t) => {
      const captured = {
        Blob: new Blob(['abc']),
        KeyObject: crypto.createSecretKey(Buffer.from('k')),
        BlockList: new net.BlockList(),
        SocketAddress: new net.SocketAddress({ port: 80 }),
        'WebAssembly.Module': new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
      };
      for (const [name, value] of Object.entries(captured)) {
        const tag = () => value.constructor.name;
        if (t.place === 'thread') t.equal(await run(tag), tag());
        else {
          const e = await t.throws(async () => run(tag));
          t.ok(e.message.includes(`${name}, which can go to another thread, but not to another process`), e.message);
        }
      }
    },
  ],
  [
    'arguments and results too are refused by name',
    async (run, t) => {
      if (t.place === 'thread') return t.equal((await run((shared) => shared, new SharedArrayBuffer(4))).byteLength, 4);
      const argument = await t.throws(async () => run((x) => x, { at: [new SharedArrayBuffer(4)] }));
      t.ok(/^Cannot ship `(arguments\[0\]|items\[0\]\[0\])\.at\[0\]`: it is memory that/.test(argument.message), argument.message);
      const result = await t.throws(() => run(() => ({ blob: new Blob([]) })));
      t.ok(
        /^Cannot ship `the result( of items\[0\])?\.blob`(: it is a Blob, | \(returned by .*\): it is a Blob, )/.test(result.message),
        result.message,
      );
    },
  ],
];
