/** The way of results home: rebuilt from what the worker sent, successes to the job's sink, failures to its book. */
import type { ChunkOutput } from '../backend.ts';
import { WorkerLostError } from '../errors.ts';
import { nameGiver } from '../ship/refusals.ts';
import { userStack } from '../ship/ship.ts';
import { type EachAlone, isInColumn, type Packed, type Transport } from '../transport.ts';
import { resultsIn } from './columns.ts';
import type { ChunkOut } from './hearing.ts';
import type { Job } from './job.ts';
import { timeoutError } from './losing.ts';

/** Who ran it, and the how manieth try it was. */
interface Run {
  readonly worker: string;
  readonly attempt: number;
}

/** The chunk that the results are of. */
interface ChunkRun extends Run {
  readonly chunk: Pick<ChunkOut, 'from' | 'column'>;
}

/** `failed`: indices of the failed tasks in order. `accepted`: how many results the sink has got. */
type Tell = (failed: readonly number[], accepted: number) => void;

/** Gives a promise only when a value needs a module that is not loaded yet. */
export function deliver(
  transport: Transport,
  output: ChunkOutput,
  job: Job,
  { chunk, ...run }: ChunkRun,
  tell: Tell,
): void | Promise<void> {
  let results: ReturnType<Transport['unpack']>;
  const errors = output.failed.map(({ error, packed }) => (packed ? unpackError(transport, error as Packed) : [error]));
  const each: EachAlone = {
    label: (position) => `the result of items[${output.from + position}]`,
    unreadable: (position, error) => job.failures.set(output.from + position, { error, item: undefined, ...run }),
  };
  try {
    const { column } = chunk;
    results =
      column && isInColumn(output.results.values)
        ? resultsIn(column, chunk.from, output.results, output.from)
        : transport.unpack(output.results, each);
  } catch (error) {
    return handUnreadable(job, run, output, error, tell);
  }
  if (!(results instanceof Promise) && !errors.some((e) => e instanceof Promise)) {
    return hand(job, run, output, results, errors as ArrayLike<unknown>[], tell);
  }
  return Promise.all([results, ...errors]).then(
    ([r, ...e]) => hand(job, run, output, r!, e, tell),
    (error) => handUnreadable(job, run, output, error, tell),
  );
}

/** An error that cannot be rebuilt is no reason to lose results: the reason stands in its place. */
function unpackError(transport: Transport, packed: Packed): ReturnType<Transport['unpack']> {
  try {
    const unpacked = transport.unpack(packed);
    return unpacked instanceof Promise ? unpacked.catch((reason: unknown) => [reason]) : unpacked;
  } catch (reason) {
    return [reason];
  }
}

function hand(job: Job, run: Run, output: ChunkOutput, results: ArrayLike<unknown>, errors: ArrayLike<unknown>[], tell: Tell): void {
  const { sink } = job.spec;
  const { from } = output;
  const end = from + results.length;
  output.failed.forEach(({ index, item, timedOut }, i) => {
    const thrown = errors[i]![0];
    const error = timedOut ? timeoutError(job, index, item, thrown) : thrown;
    if (error instanceof Error && !timedOut) {
      const { name, place } = job.spec.functions.of(index);
      nameGiver(error, index, `\`${name}\` at ${place}`);
    }
    job.failures.set(index, { error, item, ...run });
  });
  // Besides what the worker reports: items that were refused before they travelled have failed too.
  const failed =
    job.failures.size === 0 ? [] : [...job.failures.keys()].filter((index) => index >= from && index < end).sort((a, b) => a - b);
  let next = from;
  for (const index of [...failed, end]) {
    if (index > next)
      sink.accept(next, index - next === results.length ? results : Array.prototype.slice.call(results, next - from, index - from));
    job.releaseAll(next, index);
    next = index + 1;
  }
  tell(failed, results.length - failed.length);
}

/** Values that cannot be rebuilt here: each of the tasks fails with the reason. */
function handUnreadable(job: Job, run: Run, output: ChunkOutput, error: unknown, tell: Tell): void {
  const count = (output.results.values as ArrayLike<unknown>).length;
  const failed = Array.from({ length: count }, (_, i) => ({ index: output.from + i, error, packed: false }));
  hand(
    job,
    run,
    { ...output, failed },
    new Array(count),
    failed.map(() => [error]),
    tell,
  );
}

/** Why workers are missing, for people. */
export function cannotStart(what: string, reason: Error): WorkerLostError {
  if (reason.cause instanceof Error) cleanStack(reason.cause);
  const { cause } = reason;
  const more = cause === undefined ? '' : '. The cause says why';
  return new WorkerLostError('WORKER_START_FAILED', `${what}: ${reason.message}${more}.`, cause === undefined ? {} : { cause });
}

/** Gives an error that did not come through the codec the stack as the user knows it. */
export function cleanStack(error: Error): void {
  const { stack } = error;
  if (typeof stack === 'string') Reflect.defineProperty(error, 'stack', { value: userStack(stack), writable: true, configurable: true });
}
