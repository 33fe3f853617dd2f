/** The transport between threads: structured clone for plain data, the codec of `ship/` for what has a class or holds functions. */
import { NotShippableError } from '../errors.ts';
import type { PackedValue, ValueCodec } from '../shipped.ts';
import { expandRange, isPackedRange, type Packed, type PackResult, type Transport } from '../transport.ts';
import { isPlain } from './plain.ts';

/** Positions of the values that structured clone would change or refuse. */
export function oddPositions(values: ArrayLike<unknown>): number[] {
  const odd: number[] = [];
  // Typed arrays hold numbers only.
  if (ArrayBuffer.isView(values)) return odd;
  for (let i = 0; i < values.length; i++) if (!isPlain(values[i])) odd.push(i);
  return odd;
}

export function cloneTransport(codec: ValueCodec): Transport {
  return {
    name: 'clone',
    pack(values, label, within) {
      if (isPackedRange(values))
        return { packed: { values: { start: values.start, step: values.step, length: values.length } }, refused: [] };
      return packValues(values, oddPositions(values), (position) => codec.pack(values[position], label(position), within));
    },
    unsendable,
    unpack: (packed) => unpackValues(packed, codec),
  };
}

function packValues(values: ArrayLike<unknown>, positions: readonly number[], packOdd: (position: number) => PackedValue): PackResult {
  if (positions.length === 0) return { packed: { values: values as readonly unknown[] }, refused: [] };
  const plain = Array.from(values);
  const odd: (readonly [number, PackedValue])[] = [];
  const refused: (readonly [number, Error])[] = [];
  for (const position of positions) {
    plain[position] = undefined;
    try {
      odd.push([position, packOdd(position)]);
    } catch (error) {
      refused.push([position, error instanceof Error ? error : new NotShippableError(String(error))]);
    }
  }
  return { packed: { values: plain, odd }, refused };
}

function unpackValues(packed: Packed, codec: ValueCodec): ArrayLike<unknown> | Promise<ArrayLike<unknown>> {
  const { values, odd } = packed;
  if (isPackedRange(values)) return expandRange(values);
  if (!odd || odd.length === 0) return values;
  const out = values as unknown[];
  const pending: Promise<void>[] = [];
  for (const [position, value] of odd) {
    const unpacked = codec.unpack(value as PackedValue);
    if (unpacked instanceof Promise) {
      pending.push(
        unpacked.then((v) => {
          out[position] = v;
        }),
      );
    } else out[position] = unpacked;
  }
  return pending.length > 0 ? Promise.all(pending).then(() => out) : out;
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
