/** The worker's end of the clone transport. What packs class instances and errors is loaded at the first value that needs it. */
import type { PackedFailure } from '../protocol.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { ValueCodec } from '../shipped.ts';
import type { Packed, PackResult } from '../transport.ts';
import { cloneTransport } from '../transports/clone.ts';
import type { Failure, Output } from './execute.ts';
import { packValue } from './packer.ts';

const codec: ValueCodec = {
  pack: packValue,
  unpack({ graph, codes }) {
    learnCodes(codes as Codes);
    const preparing = prepare(graph as Graph);
    return preparing ? preparing.then(() => rebuild(graph as Graph)) : rebuild(graph as Graph);
  },
};
const transport = cloneTransport(codec);

export function unpackItems(packed: Packed): ArrayLike<unknown> | Promise<ArrayLike<unknown>> {
  return transport.unpack(packed);
}

/** Results that cannot travel come back as refused, with the reason. */
export function packResults({ from, results }: Output): PackResult {
  return transport.pack(results, (position) => `the result of items[${from + position}]`);
}

/** A thrown value keeps its class and properties; one that holds what cannot travel is reduced until it can. */
export function packFailure({ index, error }: Failure): PackedFailure {
  for (const candidate of [error, reduced(error), describe(error)]) {
    const { packed, refused } = transport.pack([candidate], () => `the error of items[${index}]`);
    if (refused.length === 0) return { index, error: packed };
  }
  return { index, error: { values: [describe(error)] } };
}

/** The same error without the properties that are no plain data, such as a socket that a failed request left on it. */
function reduced(error: unknown): unknown {
  if (!(error instanceof Error)) return describe(error);
  const copy = Object.create(Object.getPrototypeOf(error) as object) as Error;
  const plain = new Error(error.message);
  Object.setPrototypeOf(plain, Object.getPrototypeOf(copy) as object);
  for (const key of Reflect.ownKeys(error)) {
    const value: unknown = Reflect.get(error, key);
    if (key === 'cause' || typeof value !== 'object' || value === null) {
      if (typeof value !== 'function')
        Object.defineProperty(plain, key, {
          value: key === 'cause' ? reducedCause(value) : value,
          writable: true,
          configurable: true,
          enumerable: key !== 'stack' && key !== 'message' && key !== 'cause',
        });
    }
  }
  return plain;
}

function reducedCause(cause: unknown): unknown {
  return cause instanceof Error ? reduced(cause) : typeof cause === 'object' ? String(cause) : cause;
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error))
    return typeof error === 'object' || typeof error === 'function' ? new Error(`a task threw ${String(error)}`) : error;
  const plain = new Error(String(error.message));
  plain.name = String(error.name);
  plain.stack = String(error.stack);
  return plain;
}
