/** What a running task says beside its result: printed lines and emitted values, handed to the functions of the call. */
import type { TaskOfChunk } from '../backend.ts';
import type { Packed, Transport } from '../transport.ts';
import type { Job } from './job.ts';
import { log } from './logs.ts';

/** Ends the call: a function of the caller's threw this. */
type Fail = (error: unknown) => void;

export function hearOutput(
  job: Job | undefined,
  worker: string,
  stream: 'stdout' | 'stderr',
  text: string,
  index: number | undefined,
  fail: Fail,
): void {
  try {
    log(job?.spec.logs ?? 'inherit', worker, stream, text, index);
  } catch (error) {
    fail(error);
  }
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
    if (!job?.ending) job?.spec.onMessage?.(unpacked, { index, worker });
  };
  try {
    const values = transport.unpack(value) as (ArrayLike<unknown> & Iterable<unknown>) | Promise<ArrayLike<unknown> & Iterable<unknown>>;
    return values instanceof Promise ? values.then(hand).catch(fail) : hand(values);
  } catch (error) {
    fail(error);
  }
}
