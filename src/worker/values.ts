/** The worker's end of the clone transport. What packs class instances and errors is loaded at the first value that needs it. */
import type { PackedFailure } from '../protocol.ts';
import { typesOf } from '../register-type.ts';
import { readSettingsBy } from '../ship/check-states.ts';
import type { Codes, Graph } from '../ship/graph.ts';
import { learnCodes, prepare, rebuild } from '../ship/unship.ts';
import type { ValueCodec } from '../shipped.ts';
import { textOf } from '../show.ts';
import type { Column, CustomType, EachAlone, Packed, PackResult, Transport } from '../transport.ts';
import { cloneTransport } from '../transports/clone.ts';

import { hostEnd } from './host-end.ts';
import type { Failure, Output } from './part.ts';
import { packValue, settingsOf } from './parts.ts';

function codecFor(types: readonly CustomType[]): ValueCodec {
  return {
    pack: (value, label) => packValue(value, label, types),
    unpack({ graph, codes }, each) {
      learnCodes(codes as Codes);
      const preparing = prepare(graph as Graph);
      return preparing ? preparing.then(() => rebuild(graph as Graph, each)) : rebuild(graph as Graph, each);
    },
  };
}

readSettingsBy(settingsOf);

const sharesMemory = !hostEnd.isElsewhere;
const transport = cloneTransport(codecFor([]), sharesMemory);

/** What the functions of a chunk give is looked at by the registered types that they have brought. */
function transportFor(functions: readonly string[]): Transport {
  const types = functions.length === 1 ? typesOf(functions[0]!) : functions.flatMap(typesOf);
  return types.length === 0 ? transport : cloneTransport(codecFor(types), sharesMemory);
}

export function unpackItems(packed: Packed, each?: EachAlone): ArrayLike<unknown> | Promise<ArrayLike<unknown>> {
  return transport.unpack(packed, each);
}

/** Results that cannot travel come back as refused, with the reason. */
export function packResults({ from, results }: Output, functions: readonly string[]): PackResult {
  // They are in the chunk's column, where the host sees them too, or gets them as bytes.
  if (ArrayBuffer.isView(results)) {
    const column = results as Column;
    return {
      packed: { values: sharesMemory ? { inColumn: true, length: column.length } : (column.slice() as unknown as readonly unknown[]) },
      refused: [],
    };
  }
  return transportFor(functions).pack(results, (position) => `the result of items[${from + position}]`, undefined, true);
}

/** What a task emits. Throws what a task can be told: its value cannot travel. */
export function packMessage(value: unknown, index: number, functions: readonly string[]): Packed {
  const { packed, refused } = transportFor(functions).pack([value], () => `what the task of items[${index}] emits`);
  const [refusal] = refused;
  if (refusal) throw refusal[1];
  return packed;
}

/** After sending results has failed: the same output, with those that cannot be sent among the failures. */
export function withoutUnsendable({ from, results, failed }: Output): Output {
  const sendable = Array.from(results);
  const refused = transport.unsendable(results).map(([position, error]): Failure => {
    sendable[position] = undefined;
    return { index: from + position, error };
  });
  return { from, results: sendable, failed: [...failed, ...refused] };
}

/** A thrown value keeps its class and properties; one that holds what cannot travel is reduced until it can. */
export function packFailure({ index, item, error, timedOut }: Failure, functions: readonly string[] = []): PackedFailure {
  const { pack } = transportFor(functions);
  for (const candidate of [() => error, () => withoutWhatCannotTravel(error, 0, pack), () => inWords(error)]) {
    try {
      const { packed, refused } = pack([candidate()], () => `the error of items[${index}]`);
      if (refused.length === 0) return { index, item, error: packed, timedOut };
    } catch {
      // Asking the thrown value for its properties ran code of the user's, which threw in turn.
    }
  }
  return { index, item, error: { values: [new Error('a task threw a value that cannot be described')] }, timedOut };
}

/** Causes have causes; a cycle of them must end. */
const CAUSES_AT_MOST = 10;

/** The same error without, say, the socket that a failed request left on it. */
function withoutWhatCannotTravel(error: unknown, depth: number, pack: Transport['pack']): unknown {
  if (!(error instanceof Error) || depth > CAUSES_AT_MOST) return inWords(error);
  const plain = new Error(error.message);
  Object.setPrototypeOf(plain, Object.getPrototypeOf(error) as object);
  for (const key of Reflect.ownKeys(error)) {
    const property = Object.getOwnPropertyDescriptor(error, key)!;
    // V8 may keep a stack behind an accessor of its own.
    if (!('value' in property) && key !== 'stack') continue;
    const value: unknown =
      key === 'stack' ? error.stack : key === 'cause' ? withoutWhatCannotTravel(property.value, depth + 1, pack) : property.value;
    if (pack([value], () => '').refused.length === 0)
      Object.defineProperty(plain, key, { value, writable: true, configurable: true, enumerable: property.enumerable ?? false });
  }
  return plain;
}

/** What is left of an error that cannot travel at all; of a thrown object, its text. */
function inWords(error: unknown): unknown {
  if (typeof error === 'symbol') return new Error(`a task threw ${String(error)}`);
  if ((typeof error !== 'object' || error === null) && typeof error !== 'function') return error;
  const plain = new Error(error instanceof Error ? textOf(error.message) : `a task threw ${textOf(error)}`);
  if (error instanceof Error) Object.assign(plain, { name: textOf(error.name), stack: textOf(error.stack) });
  return plain;
}
