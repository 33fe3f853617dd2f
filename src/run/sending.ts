/** A chunk on its way to a slot. Where sending fails, only the items to blame fail. */
import type { Backend } from '../backend.ts';
import type { Chunk, SlotId } from '../core/events.ts';
import { isPackedRange } from '../transport.ts';
import type { Job } from './job.ts';
import { type ChunkFunctions, functionsOf, packChunk } from './packing.ts';

/** Gives false when nothing was sent: then every task of the chunk is among its job's failures, with the reason. */
export function send(backend: Backend, slot: SlotId, job: Job, chunk: Chunk, lanes: number): boolean {
  const called = functionsOf(job, chunk);
  for (const fn of called.functions) job.define(backend, fn);
  try {
    backend.run(slot, packChunk(backend.transport, job, chunk, called, lanes));
    return true;
  } catch (error) {
    return sendWithoutUnsendable(backend, slot, job, chunk, called, lanes, error);
  }
}

/** Only the items to blame stay behind; where none is, all do. */
function sendWithoutUnsendable(
  backend: Backend,
  slot: SlotId,
  job: Job,
  chunk: Chunk,
  called: ChunkFunctions,
  lanes: number,
  error: unknown,
): boolean {
  const { from, to, attempt } = chunk;
  try {
    const items = job.spec.source.slice(from, to);
    const refused = isPackedRange(items) ? [] : backend.transport.unsendable(items);
    if (refused.length === 0) throw error;
    backend.run(slot, packChunk(backend.transport, job, chunk, called, lanes, refused));
    return true;
  } catch (reason) {
    for (let index = from; index < to; index++) job.failures.set(index, { error: reason, worker: undefined, attempt });
    return false;
  }
}
