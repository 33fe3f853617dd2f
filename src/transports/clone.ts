/** The transport to other threads, and by bytes to other processes: structured clone for plain data, the codec of `ship/` for what has a class or holds functions. */
import { NotShippableError } from '../errors.ts';
import type { PackedValue, ValueCodec } from '../shipped.ts';
import { type EachAlone, expandRange, isPackedColumn, isPackedRange, type Packed, type PackResult, type Transport } from '../transport.ts';
import { openColumn } from './columns.ts';
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
    pack(values, label, within) {
      if (isPackedRange(values)) {
        const { start, step, length, first } = values;
        return { packed: { values: { start, step, length, first } }, refused: [] };
      }
      const own = withOwnBytes(values);
      const positions = oddPositions(own, sharesMemory);
      if (positions.length === 0) return { packed: { values: own as readonly unknown[] }, refused: [] };
      return packWithOdd(own, positions, (value, position) => codec.pack(value, position === undefined ? '' : label(position), within));
    },
    unsendable,
    unpack: (packed, each) => unpackValues(packed, codec, each),
  };
}

/** A typed array that shows part of a larger buffer would drag all of it along: it travels with its own bytes. */
function withOwnBytes(values: ArrayLike<unknown>): ArrayLike<unknown> {
  if (ArrayBuffer.isView(values)) return values;
  let own: unknown[] | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!ArrayBuffer.isView(value) || value instanceof DataView || Buffer.isBuffer(value)) continue;
    const typed = value as unknown as { readonly buffer: ArrayBufferLike; readonly byteLength: number; slice(): unknown };
    if (typed.byteLength === typed.buffer.byteLength || typed.buffer instanceof SharedArrayBuffer) continue;
    own ??= Array.from(values);
    own[i] = typed.slice();
  }
  return own ?? values;
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
