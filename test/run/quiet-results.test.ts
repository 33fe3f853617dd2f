/** Results that threads hand over quietly keep their place among those that they say aloud. */
import { expect, test } from 'vitest';
import { ThreadsBackend } from '../../src/backends/threads.ts';
import { hostCodec } from '../../src/run/host-codec.ts';
import { ship } from '../../src/ship/ship.ts';
import { Ear } from '../contract/ear.ts';

test('a quiet result does not overtake the failures before it, which are said aloud', async () => {
  const backend = new ThreadsBackend({ workers: 1, codec: hostCodec });
  const ear = new Ear(backend);
  backend.open(ear);
  const { slot } = await ear.heard('slotReady');
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const fn = ship((x: number) => {
    // Longer than failures wait for others to be told with.
    for (const until = performance.now() + 3; performance.now() < until; );
    if (x < 2) throw new RangeError(`no ${x}`);
    if (x === 3) {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    }
    return x;
  });
  backend.define(fn);
  const items = backend.transport.pack([0, 1, 2, 3], (i) => `items[${i}]`, fn).packed;
  const about = { chunkId: 1, jobId: 1, functions: [fn.id], attempt: 1, depth: 1, heard: false, from: 0, to: 4 };
  backend.run(slot, { ...about, items, skip: [], call: 'item', timed: true, handOverMs: 10_000, lanes: 1 });
  // All of them are on their way before this thread reads the first.
  Atomics.wait(gate, 0, 0);
  expect(await ear.results(1)).toEqual([undefined, undefined, 2, 3]);
  const ways = ear.told.flatMap((t) => (t.type === 'part' || t.type === 'done' ? [t.failed.map(({ index }) => index)] : []));
  expect(ways.slice(0, 2)).toEqual([[0], [1]]);
  await backend.close({ force: true });
});
