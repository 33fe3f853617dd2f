/** A worker that reads the items of a chunk runs the user's code already: it is watched, and what it reads stays with it. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { PackedChunk } from '../../src/backend.ts';
import { ProcessesBackend } from '../../src/backends/processes.ts';
import { ThreadsBackend } from '../../src/backends/threads.ts';
import { registerType } from '../../src/register-type.ts';
import { bytesCodec, hostCodec } from '../../src/run/host-codec.ts';
import { ship } from '../../src/ship/ship.ts';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { Ear } from '../contract/ear.ts';

class Endless {}

const unregister = registerType({
  tag: 'endless',
  type: Endless,
  toPlain: () => 0,
  fromPlain: (): Endless => {
    for (;;);
  },
});
const open: (ThreadsBackend | ProcessesBackend)[] = [];
afterAll(unregister);
afterEach(async () => {
  for (const backend of open.splice(0)) await backend.close({ force: true });
});

for (const name of WORKER_BACKENDS) {
  test(`a chunk whose items are being read is not taken back whole, and who dies of a shortened one is not blamed, on ${name}`, async () => {
    const backend =
      name === 'processes' ? new ProcessesBackend({ workers: 1, codec: bytesCodec }) : new ThreadsBackend({ workers: 1, codec: hostCodec });
    open.push(backend);
    const ear = new Ear(backend);
    backend.open(ear);
    const { slot } = await ear.heard('slotUp');
    const fn = ship((x: unknown) => x);
    backend.define(fn);
    const chunk: PackedChunk = {
      chunkId: 1,
      jobId: 1,
      functions: [fn.id],
      attempt: 1,
      depth: 1,
      heard: false,
      from: 10,
      to: 13,
      items: backend.transport.pack([1, new Endless(), 3], (i) => `items[${i}]`, fn).packed,
      skip: [],
      call: 'item',
      timed: true,
      handOverMs: 20,
      lanes: 1,
    };
    backend.run(slot, chunk);
    let now = backend.taskNow(slot, 1);
    for (; !now; now = backend.taskNow(slot, 1)) await turn();
    expect(now.index).toBe(10);
    backend.takeBack(slot, 1, 10);
    expect((await ear.heard('shortened')).to).toBe(11);
    backend.kill(slot);
    expect((await ear.heard('slotDown')).progress).toEqual([]);
  });
}
