import { afterEach, expect, test } from 'vitest';
import { ProcessesBackend } from '../../src/backends/processes.ts';
import { ThreadsBackend } from '../../src/backends/threads.ts';
import { bytesCodec, hostCodec } from '../../src/run/host-codec.ts';
import { ship } from '../../src/ship/ship.ts';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { Ear } from '../contract/ear.ts';

const open: (ThreadsBackend | ProcessesBackend)[] = [];
afterEach(async () => {
  for (const backend of open.splice(0)) await backend.close({ force: true });
});

const endless = () => {
  for (;;);
};

for (const name of WORKER_BACKENDS) {
  test(`a setup that never ends is given up after startTimeoutMs, and no more than three times, on ${name}`, async () => {
    const options = { workers: 1, startTimeoutMs: 300 };
    const carrier = name === 'processes' ? 'bytes' : 'memory';
    const setup = { type: 'function', fn: ship(endless, { carrier }), args: [] } as const;
    const backend =
      name === 'threads'
        ? new ThreadsBackend({ ...options, setup, codec: hostCodec })
        : new ProcessesBackend({ ...options, setup, codec: bytesCodec });
    open.push(backend);
    const ear = new Ear(backend);
    backend.open(ear);
    const { reason } = await ear.heard('broken');
    expect(reason.message).toMatch(/not ready within 300 ms \(startTimeoutMs\)/);
    expect(ear.told.filter((t) => t.type === 'slotUp')).toHaveLength(3);
    expect(ear.told.filter((t) => t.type === 'slotReady')).toHaveLength(0);
  });
}
