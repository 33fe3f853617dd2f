/** From a chunk of indices to one with its items, ready to travel. Items that cannot stay behind, as failures of their job. */
import type { PackedChunk } from '../backend.ts';
import type { Chunk } from '../core/events.ts';
import type { ShippedFunction } from '../shipped.ts';
import type { Movable } from '../transfer.ts';
import {
  isPackedRange,
  isPackedRows,
  type OddValues,
  type Packed,
  type PackedRange,
  type PackResult,
  type Transport,
} from '../transport.ts';
import { type ChunkColumn, columnOf } from './columns.ts';
import type { Job } from './job.ts';

/** Where somebody watches how far a call is: often enough for the eye. */
const SEEN_MS = 100;

export type Refusal = readonly [position: number, reason: Error];

/** What the tasks of a chunk call. */
export interface ChunkFunctions {
  readonly functions: readonly ShippedFunction[];
  /** Which of them each task calls, by position; absent where there is one for all. */
  readonly which?: readonly number[];
}

export function functionsOf(job: Job, { from, to }: Chunk): ChunkFunctions {
  const { functions: table } = job.spec;
  const first = table.of(from);
  if (table.code !== undefined) return { functions: [first] };
  const numbers = new Map<ShippedFunction, number>([[first, 0]]);
  const which: number[] = [];
  for (let index = from; index < to; index++) {
    const fn = table.of(index);
    const number = numbers.get(fn) ?? numbers.size;
    numbers.set(fn, number);
    which.push(number);
  }
  return numbers.size === 1 ? { functions: [first] } : { functions: [...numbers.keys()], which };
}

/** A chunk on its way, and its column where it has one. */
export interface ChunkWithColumn {
  readonly packed: PackedChunk;
  readonly column?: ChunkColumn | undefined;
}

/** `unsendable`: what an earlier try has found. What the transport itself refuses is added to it. */
export function packChunk(
  transport: Transport,
  job: Job,
  chunk: Chunk,
  called: ChunkFunctions,
  lanes: number,
  unsendable: readonly Refusal[] = [],
): ChunkWithColumn {
  const { id: chunkId, jobId, from, to, attempt } = chunk;
  const { call, source, sink, depth, onMessage, observers, rules } = job.spec;
  const handOverMs = observers.length > 0 ? Math.min(sink.handOverMs, SEEN_MS) : sink.handOverMs;
  const functions = called.functions.map((fn) => fn.id);
  const heard = onMessage !== undefined;
  const { timeoutMs } = rules;
  const timed = timeoutMs !== undefined;
  // Property by property: V8 takes a microsecond for a spread.
  const packedOf = (which: readonly number[] | undefined, items: Packed, skip: readonly number[]): PackedChunk => ({
    chunkId,
    jobId,
    attempt,
    depth,
    from,
    to,
    call,
    lanes,
    functions,
    which,
    items,
    skip,
    heard,
    timed,
    timeoutMs,
    handOverMs,
  });
  const column = called.which || unsendable.length > 0 ? undefined : columnOf(transport, job.spec, from, to);
  if (column) return { packed: packedOf(undefined, { values: column.packed }, NONE), column };
  let items = source.slice(from, to);
  if (unsendable.length > 0) {
    const left = new Map(unsendable);
    items = Array.from(items as ArrayLike<unknown>, (item, position) => (left.has(position) ? undefined : item));
  }
  const first = source.itemOf?.(from) ?? from;
  const { packed, refused } = packItems(transport, items, called, (position) => `items[${first + position}]`);
  const skip = skipOf([unsendable, refused], ([position, error]) => {
    const item = first + position;
    const task = source.taskOf?.(item) ?? item;
    if (!job.failures.has(task)) job.failures.set(task, { error, item, worker: undefined, attempt, isFinal: true });
    return task;
  });
  return { packed: packedOf(called.which, packed, skip) };
}

function skipOf(refusals: readonly (readonly Refusal[])[], toTask: (refusal: Refusal) => number): readonly number[] {
  return refusals.every((some) => some.length === 0) ? NONE : refusals.flat().map(toTask);
}

const NONE: readonly never[] = [];

/** The items of each function are packed with it, so that their classes are those that the function brings along. */
function packItems(
  transport: Transport,
  items: ArrayLike<unknown> | PackedRange,
  { functions, which }: ChunkFunctions,
  label: (position: number) => string,
): PackResult {
  if (!which || isPackedRange(items)) return transport.pack(items, label, functions[0], true);
  const values: unknown[] = new Array(items.length);
  const odd: OddValues[] = [];
  const refused: Refusal[] = [];
  const moves: Movable[] = [];
  functions.forEach((fn, number) => {
    const positions = which.flatMap((w, position) => (w === number ? [position] : []));
    const own = positions.map((position) => items[position]);
    const result = transport.pack(own, (i) => label(positions[i]!), fn, true);
    moves.push(...(result.packed.moves ?? []));
    // Rows are plain: among others they travel as they are.
    const plain = isPackedRows(result.packed.values) ? own : (result.packed.values as readonly unknown[]);
    positions.forEach((position, i) => {
      values[position] = plain[i];
    });
    for (const group of result.packed.odd ?? []) odd.push({ ...group, positions: group.positions.map((i) => positions[i]!) });
    for (const [i, reason] of result.refused) refused.push([positions[i]!, reason]);
  });
  const packed: Packed = { values, ...(odd.length > 0 && { odd }), ...(moves.length > 0 && { moves }) };
  return { packed, refused };
}
