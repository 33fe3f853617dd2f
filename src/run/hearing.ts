/** What a running task says beside its result: printed lines and emitted values, handed to the functions of the call. */
import type { TaskOfChunk } from '../backend.ts';
import type { Chunk, SlotId } from '../core/events.ts';
import { mapStack } from '../ship/ship.ts';
import type { Packed, Transport } from '../transport.ts';
import type { ChunkColumn } from './columns.ts';
import type { Job } from './job.ts';
import { type LogRule, log } from './logs.ts';

/** A chunk that a slot holds. What its tasks print is the business of their call, also when that has ended. */
export interface ChunkOut extends Chunk {
  /** What it cost to send it, and how many tasks it had then. */
  sent?: { readonly tasks: number; readonly ms: number } | undefined;
  /** Earlier, once its tail was taken back. */
  to: number;
  readonly slot: SlotId;
  readonly logs: LogRule;
  readonly lanes: number;
  /** The task that was told that its time is up. */
  stopped?: number | undefined;
  /** Its numbers, where they travel as a column. */
  column?: ChunkColumn | undefined;
  /** Its items are in its worker, and nowhere else. */
  hasMoved?: boolean;
  /** How often its worker has asked for it anew. */
  resent: number;
}

/** Ends the call: a function of the caller's threw this. */
type Fail = (error: unknown) => void;

/** `rule`: of the call; of the pool for what belongs to no call. */
export function hearOutput(
  rule: LogRule,
  worker: string,
  stream: 'stdout' | 'stderr',
  text: string,
  index: number | undefined,
  fail: Fail,
): void {
  try {
    for (const answer of log(rule, worker, stream, mapStack(text), index)) listened(answer, fail);
  } catch (error) {
    fail(error);
  }
}

/** What an async function of the caller's throws comes later. */
function listened(answer: unknown, fail: Fail): void {
  if (answer instanceof Promise) answer.then(undefined, fail);
}

/** Gives a promise only when the value needs a module that is not loaded yet. */
export function hearMessage(
  job: Job | undefined,
  transport: Transport,
  worker: string,
  { index }: TaskOfChunk,
  value: Packed,
  fail: Fail,
): void | Promise<void> {
  const hand = ([unpacked]: ArrayLike<unknown> & Iterable<unknown>) => {
    if (!job?.ending) listened(job?.spec.onMessage?.(unpacked, { index, worker }), fail);
  };
  try {
    const values = transport.unpack(value) as (ArrayLike<unknown> & Iterable<unknown>) | Promise<ArrayLike<unknown> & Iterable<unknown>>;
    return values instanceof Promise ? values.then(hand).catch(fail) : hand(values);
  } catch (error) {
    fail(error);
  }
}

/** An error that nobody has caught, of a task that had ended. Gives a promise only when it needs a module that is not loaded yet. */
export function hearLateError(transport: Transport, packed: Packed, tell: (error: unknown) => void): void | Promise<void> {
  const hand = (values: ArrayLike<unknown>) => tell(values[0]);
  try {
    const values = transport.unpack(packed);
    return values instanceof Promise ? values.then(hand, tell) : hand(values);
  } catch (error) {
    tell(error);
  }
}
