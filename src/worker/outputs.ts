/** What a worker sends of the tasks of a chunk: results packed, and what cannot travel among the failures, with the reason. */
import type { FromWorker, OutputMessage } from '../protocol.ts';
import type { Failure, Output } from './part.ts';
import { packFailure, packResults, withoutUnsendable } from './values.ts';

export type Kind = { readonly type: 'part'; readonly upTo: number } | { readonly type: 'done'; readonly ranMs: number };

const NONE: readonly never[] = [];

export function packAndSend(
  send: (message: FromWorker) => void,
  kind: Kind,
  chunkId: number,
  functions: readonly string[],
  output: Output,
): void {
  try {
    send(messageOf(kind, pack(chunkId, functions, output)));
  } catch {
    send(messageOf(kind, packSafely(chunkId, functions, output)));
  }
}

/** Property by property: V8 takes a microsecond for a spread. */
function messageOf(kind: Kind, { chunkId, from, results, failed }: OutputMessage): FromWorker {
  if (kind.type === 'done') return { type: 'done', ranMs: kind.ranMs, chunkId, from, results, failed };
  return { type: 'part', upTo: kind.upTo, chunkId, from, results, failed };
}

function pack(chunkId: number, functions: readonly string[], output: Output): OutputMessage {
  const { from } = output;
  const { packed, refused } = packResults(output, functions);
  if (refused.length === 0 && output.failed.length === 0) return { chunkId, from, results: packed, failed: NONE };
  const failures: Failure[] = [...output.failed, ...refused.map(([position, error]) => ({ index: from + position, error }))];
  return { chunkId, from, results: packed, failed: failures.map((failure) => packFailure(failure, functions)) };
}

/** Packing or sending has failed: first without what cannot be sent, then, so that nobody waits for ever, with the reason alone. */
function packSafely(chunkId: number, functions: readonly string[], output: Output): OutputMessage {
  try {
    const message = pack(chunkId, functions, withoutUnsendable(output));
    structuredClone(message);
    return message;
  } catch (error) {
    const { from, results } = output;
    const reason = new Error(
      `results could not be sent to the host: ${error instanceof Error ? error.message : 'for a reason that cannot be described'}`,
    );
    const failed = Array.from(results, (_, i) => packFailure({ index: from + i, error: reason }));
    return { chunkId, from, results: { values: failed.map(() => undefined) }, failed };
  }
}
