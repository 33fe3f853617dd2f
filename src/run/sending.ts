/** A chunk on its way to a slot. Where sending fails, only the items to blame fail. */
import type { Backend } from '../backend.ts';
import type { Chunk, SlotId } from '../core/events.ts';
import { InternalError } from '../errors.ts';
import type { StateDifference as ShipsDifference } from '../ship/check-states.ts';
import { repack, type ShippedFunction as ShipsFunction } from '../ship/ship.ts';
import type { ShipWarning, StateDifference } from '../shipped.ts';
import { toMove } from '../transfer.ts';
import { isPackedRange } from '../transport.ts';
import { endColumn } from './columns.ts';
import type { ChunkOut } from './hearing.ts';
import type { Job } from './job.ts';
import { type ChunkFunctions, functionsOf, packChunk, type Refusal } from './packing.ts';

/** Gives false when nothing was sent: then every task of the chunk is among its job's failures, with the reason. */
export function send(backend: Backend, slot: SlotId, job: Job, chunk: ChunkOut): boolean {
  const called = functionsOf(job, chunk);
  for (const fn of called.functions) job.define(backend, fn);
  try {
    return run(backend, slot, job, chunk, called);
  } catch (error) {
    return sendWithoutUnsendable(backend, slot, job, chunk, called, error);
  }
}

/** A chunk that is sent anew has another column: that of the try before is not written to any more. */
function run(backend: Backend, slot: SlotId, job: Job, chunk: ChunkOut, called: ChunkFunctions, unsendable: readonly Refusal[] = []): true {
  endColumn(chunk.column);
  chunk.column = undefined;
  const { packed, column } = packChunk(backend.transport, job, chunk, called, chunk.lanes, unsendable);
  chunk.column = column;
  chunk.hasMoved =
    packed.items.moves !== undefined && toMove(job.spec.source.slice(chunk.from, chunk.to) as ArrayLike<unknown>) !== undefined;
  backend.run(slot, packed);
  return true;
}

/** Each time something more travels by its value. */
const RESENT_AT_MOST = 20;

/**
 * A worker has found things configured otherwise than they were at the call: they travel by their values, with functions and items packed
 * anew. Gives false like `send`.
 */
export function sendAnew(
  backend: Backend,
  slot: SlotId,
  job: Job,
  chunk: ChunkOut,
  differences: readonly StateDifference[],
  tell: (warning: ShipWarning) => void,
): boolean {
  try {
    if (++chunk.resent > RESENT_AT_MOST) throw new InternalError(`a worker never has what it needs: ${differences.map((d) => d.name)}`);
    for (const fn of functionsOf(job, chunk).functions) {
      for (const warning of repack(fn as ShipsFunction, differences as readonly ShipsDifference[])) tell(warning);
      job.redefine(backend, fn);
    }
  } catch (error) {
    return fail(job, chunk, error);
  }
  return send(backend, slot, job, chunk);
}

export function indicesOf({ from, to }: Chunk): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function fail(job: Job, chunk: Chunk, error: unknown): false {
  for (const index of indicesOf(chunk)) job.failures.set(index, { error, worker: undefined, attempt: chunk.attempt, isFinal: true });
  return false;
}

/** Only the items to blame stay behind; where none is, all do. */
function sendWithoutUnsendable(backend: Backend, slot: SlotId, job: Job, chunk: ChunkOut, called: ChunkFunctions, error: unknown): boolean {
  const { from, to } = chunk;
  try {
    const items = job.spec.source.slice(from, to);
    const refused = isPackedRange(items) ? [] : backend.transport.unsendable(items);
    if (refused.length === 0) throw error;
    return run(backend, slot, job, chunk, called, refused);
  } catch (reason) {
    return fail(job, chunk, reason);
  }
}
