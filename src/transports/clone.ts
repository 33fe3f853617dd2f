/** The transport to other threads, and by bytes to other processes: structured clone for plain data, the codec of `ship/` for what has a class or holds functions. */
import { NotShippableError } from '../errors.ts';
import type { PackedValue, ValueCodec } from '../shipped.ts';
import { hasMoved, toMove } from '../transfer.ts';
import {
  type EachAlone,
  expandRange,
  isPackedColumn,
  isPackedRange,
  isPackedRows,
  type Packed,
  type PackResult,
  type Transport,
} from '../transport.ts';
import { openColumn } from './columns.ts';
import { withOwnBytes } from './own-bytes.ts';
import { packRows, unpackRows } from './packed-rows.ts';
import { isPlain } from './plain.ts';

/** Positions of the values that structured clone would change or refuse. */
export function oddPositions(values: ArrayLike<unknown>, sharesMemory = true): number[] {
  const odd: number[] = [];
  // Typed arrays hold numbers only.
  if (ArrayBuffer.isView(values)) return odd;
  for (let i = 0; i < values.length; i++) if (!isPlain(values[i], sharesMemory)) odd.push(i);
  return odd;
}

/** `sharesMemory`: whether the other end is in this process. */
export function cloneTransport(codec: ValueCodec, sharesMemory = true): Transport {
  return {
    name: sharesMemory ? 'clone' : 'bytes',
    columns: sharesMemory ? 'shared' : 'bytes',
    pack(given, label, within, mayMove = false) {
      if (isPackedRange(given)) {
        const { start, step, length, first } = given;
        return { packed: { values: { start, step, length, first } }, refused: [] };
      }
      const moves = sharesMemory && mayMove;
      const gone = moves ? goneAmong(given, label) : [];
      if (gone.length > 0) {
        const left = Array.from(given);
        for (const [position] of gone) left[position] = undefined;
        const { packed, refused } = this.pack(left, label, within, mayMove);
        return { packed, refused: [...gone, ...refused] };
      }
      const moving = moves ? toMove(given) : undefined;
      const rows = moving ? undefined : packRows(given);
      if (rows) return { packed: { values: rows }, refused: [] };
      const copies: ArrayBuffer[] = [];
      const own = withOwnBytes(given, moves ? copies : undefined, moving);
      const all = moving || copies.length > 0 ? [...(moving ?? []), ...copies] : undefined;
      const positions = oddPositions(own, sharesMemory);
      if (positions.length === 0) return { packed: { values: own as readonly unknown[], ...(all && { moves: all }) }, refused: [] };
      const result = packWithOdd(own, positions, (value, position) =>
        codec.pack(value, position === undefined ? '' : label(position), within),
      );
      return all ? { ...result, packed: { ...result.packed, moves: all } } : result;
    },
    unsendable,
    unpack: (packed, each) => unpackValues(packed, codec, each),
  };
}

/** Values that a call or a result before has moved away, or a try of this call. Listed to move, what is not there would make the message unreadable. */
function goneAmong(values: ArrayLike<unknown>, label: (position: number) => string): (readonly [position: number, reason: Error])[] {
  if (!toMove(values)) return [];
  return Array.from(values).flatMap((value, position) => {
    if (!hasMoved(value)) return [];
    const message = `${label(position)} has moved to a worker or back already, as transfer() says, and is not here any more: what moves is used once. Where it is needed again, leave transfer() out`;
    return [[position, new NotShippableError(message)] as const];
  });
}

/** The odd values travel as one graph: their classes are read and sent once for all of them. */
function packWithOdd(
  values: ArrayLike<unknown>,
  positions: readonly number[],
  pack: (value: unknown, position?: number) => PackedValue,
): PackResult {
  const plain = Array.from(values);
  for (const position of positions) plain[position] = undefined;
  let kept = positions;
  const refused: (readonly [number, Error])[] = [];
  try {
    return { packed: { values: plain, odd: [{ positions, packed: pack(positions.map((position) => values[position])) }] }, refused };
  } catch {
    // Some cannot travel: one by one, to find which and to name each.
    kept = positions.filter((position) => {
      try {
        pack(values[position], position);
        return true;
      } catch (error) {
        refused.push([position, error instanceof Error ? error : new NotShippableError(String(error))]);
        return false;
      }
    });
  }
  if (kept.length === 0) return { packed: { values: plain }, refused };
  return { packed: { values: plain, odd: [{ positions: kept, packed: pack(kept.map((position) => values[position])) }] }, refused };
}

function unpackValues({ values, odd }: Packed, codec: ValueCodec, each?: EachAlone): ArrayLike<unknown> | Promise<ArrayLike<unknown>> {
  if (isPackedRange(values)) return expandRange(values);
  if (isPackedColumn(values)) return openColumn(values).items;
  if (isPackedRows(values)) return unpackRows(values);
  if (!odd) return values as readonly unknown[];
  const all = values as unknown[];
  const waiting = odd.map(({ positions, packed }) => {
    const fill = (unpacked: unknown) => {
      positions.forEach((position, i) => {
        all[position] = (unpacked as unknown[])[i];
      });
    };
    const unpacked = codec.unpack(packed as PackedValue, each && amongAll(each, positions));
    return unpacked instanceof Promise ? unpacked.then(fill) : fill(unpacked);
  });
  return waiting.some((w) => w instanceof Promise) ? Promise.all(waiting).then(() => all) : all;
}

/** The odd values are a list of their own. */
function amongAll({ label, unreadable }: EachAlone, positions: readonly number[]): EachAlone {
  return { label: (i) => label(positions[i]!), unreadable: (i, reason) => unreadable(positions[i]!, reason) };
}

function unsendable(values: ArrayLike<unknown>): [position: number, reason: Error][] {
  const found: [number, Error][] = [];
  for (let i = 0; i < values.length; i++) {
    try {
      structuredClone(values[i]);
    } catch (error) {
      found.push([i, error as Error]);
    }
  }
  return found;
}
