/**
 * What tasks print. A worker's own stdout reaches the host by a path of its own, after the results or never; ours goes through the same
 * port as the results, so that what a task printed arrives before its result, in whole lines.
 */

import { type RunningTask, runningTask } from '../context.ts';
import { WholeLines } from '../whole-lines.ts';

type Stream = 'stdout' | 'stderr';
type Writer = Pick<RunningTask, 'chunkId' | 'index'> | undefined;
/** `task`: the one that runs when a line is complete; of a line that stays unfinished, the last that wrote to it. */
type Send = (stream: Stream, text: string, task: Writer) => void;
type Begun = Record<Stream, { readonly lines: WholeLines; task: Writer }>;

/** Replaces the two streams' `write`, when they are first used; gives a function that sends what is left of unfinished lines. */
export function captureOutput(send: Send): () => void {
  const begun: Begun = { stdout: { lines: new WholeLines(), task: undefined }, stderr: { lines: new WholeLines(), task: undefined } };
  for (const stream of ['stdout', 'stderr'] as const) {
    const original = Object.getOwnPropertyDescriptor(process, stream);
    // Making a stream takes a worker milliseconds, and most never print.
    Object.defineProperty(process, stream, {
      configurable: true,
      enumerable: true,
      get() {
        const made = original?.get ? original.get.call(process) : original?.value;
        made.write = writer(stream, begun, send);
        Object.defineProperty(process, stream, { configurable: true, enumerable: true, writable: true, value: made });
        return made;
      },
    });
  }
  return () => {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { lines, task } = begun[stream];
      const text = lines.takeRest();
      if (text !== '') send(stream, text, task);
    }
  };
}

/** As it is now: the same object stands for the tasks that follow. */
function taskNow(): Writer {
  const task = runningTask();
  return task && { chunkId: task.chunkId, index: task.index };
}

function writer(stream: Stream, begun: Begun, send: Send): typeof process.stdout.write {
  const decoder = new TextDecoder();
  return (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const piece = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = begun[stream].lines.take(piece);
    const task = taskNow();
    begun[stream].task = task;
    if (lines !== '') send(stream, lines, task);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') queueMicrotask(() => callback());
    return true;
  };
}
