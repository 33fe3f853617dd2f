/** From a chunk of indices to one with its items, ready to travel. Items that cannot stay behind, as failures of their job. */
import type { PackedChunk } from '../backend.ts';
import type { Chunk } from '../core/events.ts';
import type { Transport } from '../transport.ts';
import type { Job } from './job.ts';

type Refusal = readonly [position: number, reason: Error];

/** `unsendable`: what an earlier try has found. What the transport itself refuses is added to it. */
export function packChunk(transport: Transport, job: Job, chunk: Chunk, lanes: number, unsendable: readonly Refusal[] = []): PackedChunk {
  const { id: chunkId, from, to, attempt } = chunk;
  const { fn, call, source, sink } = job.spec;
  let items = source.slice(from, to);
  if (unsendable.length > 0) {
    const left = new Map(unsendable);
    items = Array.from(items as ArrayLike<unknown>, (item, position) => (left.has(position) ? undefined : item));
  }
  const { packed, refused } = transport.pack(items, (position) => `items[${from + position}]`, fn);
  const skip = [...unsendable, ...refused].map(([position, error]) => {
    job.failures.set(from + position, { error, worker: undefined, attempt });
    return from + position;
  });
  return { chunkId, functionId: fn.id, from, to, items: packed, skip, call, lanes, handOverMs: sink.handOverMs };
}
