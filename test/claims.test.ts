import { describe, expect, test } from 'vitest';
import { CELL_WORDS, SharedClaims } from '../src/claims.ts';

function chunkOf(count: number): { host: SharedClaims; worker: SharedClaims } {
  const cells = new Int32Array(new SharedArrayBuffer(CELL_WORDS * Int32Array.BYTES_PER_ELEMENT));
  const host = new SharedClaims(cells, 0);
  host.reset(count);
  return { host, worker: new SharedClaims(cells, 0) };
}

describe('claims', () => {
  test('what is done for several items at once says so while it lasts', () => {
    const { host, worker } = chunkOf(3);
    worker.start(1);
    worker.together(() => expect(host.started).toBe(-3));
    expect(host.started).toBe(2);
  });

  test('when the last results are out, the cells are those of the next chunk', () => {
    const { host, worker } = chunkOf(3);
    worker.start(2);
    worker.lastTogether(() => {
      expect(host.started).toBe(-4);
      // The host has the results, and sends another chunk in the same cells, before this worker goes on.
      host.reset(1);
    });
    expect(host.started).toBe(0);
  });
});
