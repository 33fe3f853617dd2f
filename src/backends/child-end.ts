/** How a worker process ended, for people: what the system says, and what its last lines show. */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { LineEnd } from './line.ts';

const OUT_OF_MEMORY = /heap out of memory|heap limit|Array buffer allocation failed|v8::ToLocalChecked Empty|bad_alloc/i;

/** `refused`: why it never started. */
export function howItEnded(child: ChildProcess, refused: Error | undefined, stderr: string | undefined): LineEnd {
  if (refused) return { message: `the worker process could not be started: ${refused.message}`, cause: refused };
  const signal = child.signalCode ?? signalOf(child.exitCode);
  const exitCode = child.exitCode ?? undefined;
  const how = { exitCode, signal, stderr };
  if (stderr !== undefined && OUT_OF_MEMORY.test(stderr) && signal !== undefined) {
    const advice =
      'Give workers more with resourceLimits: { maxOldGenerationSizeMb }, or the tasks less: smaller items, fewer results held at a time';
    return { ...how, message: 'the worker process ran out of memory', advice };
  }
  if (signal === undefined) return { ...how, message: `the worker process exited with code ${exitCode}` };
  const advice =
    signal === 'SIGKILL' ? 'Where nobody kills processes by hand, the system may have: it ends those that use too much memory' : undefined;
  return { ...how, message: `the worker process was ended by ${signal}`, advice };
}

/** A process that was ended by a signal tells so by its code where a shell stands between. */
function signalOf(exitCode: number | null): string | undefined {
  if (exitCode === null || exitCode <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}
