/** What runs in a worker: takes messages, runs chunks, answers. Its import graph is every worker's start-up time. */
import { whenMissing } from '../own-exports.ts';
import { disposeAll, whenHolding } from '../per-worker.ts';
import { type FromWorker, type SetupMessage, type ToWorker, WORKER_MARKER } from '../protocol.ts';
import { lineOf } from '../show.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { hostEnd } from './host-end.ts';
import { MemoryWatch } from './memory.ts';
import { captureOutput } from './output.ts';
import { loadPackage } from './parts.ts';
import { runSetup } from './setup.ts';
import { catchUncaught, crash } from './uncaught.ts';
import { packFailure } from './values.ts';

/** Called once by the text around this worker. */
export function startWorker(): void {
  const { start, send, sendQuietly, sendTogether } = hostEnd;
  (globalThis as Record<symbol, unknown>)[WORKER_MARKER] = true;
  const flushOutput = captureOutput((stream, text, task) => send({ type: 'output', stream, text, task }));

  const { maxMemoryBytes } = start;
  const memory = maxMemoryBytes === undefined ? undefined : new MemoryWatch(maxMemoryBytes, hostEnd.isElsewhere);
  const lookAtMemory = (type: FromWorker['type']) => {
    if ((type === 'done' || type === 'part') && memory?.isOver()) send({ type: 'tired' });
  };
  const queue = new ChunkQueue({
    slot: start.slot,
    cells: new Int32Array(start.cells),
    notes: hostEnd.notes,
    send(message) {
      flushOutput();
      send(message);
      lookAtMemory(message.type);
    },
    // A line that has been begun stays whole: it goes out with what is said aloud.
    sendQuietly(message) {
      sendQuietly(message);
      lookAtMemory(message.type);
    },
    sendTogether(ends) {
      flushOutput();
      sendTogether(ends);
      lookAtMemory('done');
    },
    poll: () => hostEnd.poll(take),
    crash,
  });
  const take = (message: ToWorker) => {
    if (message.type === 'setup') void setUp(message);
    else if (message.type === 'dispose') void disposeAll().then((failed) => queue.send({ type: 'disposed', failed }));
    else if (message.type === 'stop') queue.stop(message);
    else queue.take(message);
  };
  const setUp = async ({ setup }: SetupMessage) => {
    try {
      await runSetup(setup);
      queue.send({ type: 'up' });
      queue.letRun();
    } catch (error) {
      failSetup(error);
    }
  };
  const failSetup = (error: unknown) => {
    const { error: packed } = packFailure({ index: 0, error });
    queue.send({ type: 'setupFailed', error: packed, text: lineOf(error) });
    process.exit(1);
  };
  whenMissing(loadPackage);
  whenHolding(() => queue.send({ type: 'holds' }));
  hostEnd.listen(
    orCrash(take),
    orCrash(() => queue.pump()),
  );
  // What a task leaves behind never ends the worker: others run here.
  catchUncaught((error) => (queue.isHeld ? failSetup(error) : queue.uncaught(error)));
  // Also when a task calls process.exit, or leaves an error behind that nobody catches.
  process.on('exit', () => queue.flush());
  if (start.hasSetup) queue.hold();
  else send({ type: 'up' });
}

/** An error of our own must not look like one of the user's. */
function orCrash<A extends unknown[]>(act: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      act(...args);
    } catch (error) {
      crash(error);
    }
  };
}
