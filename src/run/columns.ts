/** The column of a chunk: its numbers on their way out, and where its results lie when they are numbers, too. */
import type { CallStyle } from '../backend.ts';
import type { Column, InColumn, Packed, PackedColumn, Transport } from '../transport.ts';
import { giveBlock, takeBlock } from '../transports/arena.ts';
import type { Sink } from './sinks.ts';
import type { ItemSource } from './source.ts';

/** Fewer numbers cross as quickly in a list: naming shared memory in a message takes some microseconds. */
const FEWEST = 256;

export interface ChunkColumn {
  readonly packed: PackedColumn;
  /** Of the arena: given back when the chunk is over. */
  readonly block: Float64Array | undefined;
}

interface ColumnRequest {
  readonly source: ItemSource;
  readonly sink: Sink;
  readonly call: CallStyle;
}

/** Undefined where the items of the tasks [from, to) travel as a list. */
export function columnOf({ columns }: Transport, { source, sink, call }: ColumnRequest, from: number, to: number): ChunkColumn | undefined {
  if (columns === undefined || call === 'spread' || !source.numbers) return undefined;
  const length = source.itemOf ? source.itemOf(to) - source.itemOf(from) : to - from;
  if (length < FEWEST) return undefined;
  const isShared = columns === 'shared';
  let block: Float64Array | undefined;
  const take = () => {
    block ??= isShared ? takeBlock(length) : new Float64Array(length);
    return block;
  };
  const numbers = source.numbers(from, to, take, isShared);
  if (!numbers) {
    if (block && isShared) giveBlock(block);
    return undefined;
  }
  // A result of a reduction stands for many items.
  const into = call === 'fold' ? undefined : isShared ? (sink.columnAt?.(from, to) ?? take()) : block;
  return { packed: { length, numbers, into }, block: isShared ? block : undefined };
}

/** The chunk is over, or its worker is down: nobody writes there any more. */
export function endColumn(column: ChunkColumn | undefined): void {
  if (column?.block) giveBlock(column.block);
}

/** Results that a worker has left in the column of a chunk that begins with the task `from`. */
export function resultsIn(column: ChunkColumn, from: number, results: Packed, first: number): Column {
  const { length } = results.values as InColumn;
  return (column.packed.into as Column).subarray(first - from, first - from + length);
}
