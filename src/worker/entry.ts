/** What runs in a worker thread: takes messages, runs chunks, answers. Its import graph is every worker's start-up time. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type FromWorker, type ToWorker, WORKER_MARKER, type WorkerStart } from '../protocol.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { captureOutput } from './output.ts';

/** Called once by the text around this worker. */
export function startWorker(): void {
  const port = parentPort;
  if (!port) throw new Error('the worker of allcores was started outside a worker thread');
  const send = (message: FromWorker) => port.postMessage(message);

  (globalThis as Record<symbol, unknown>)[WORKER_MARKER] = true;
  const flushOutput = captureOutput((stream, text, task) =>
    send({ type: 'output', stream, text, task: task && { chunkId: task.chunkId, index: task.index } }),
  );
  const { cells, slot } = workerData as WorkerStart;

  const queue = new ChunkQueue({
    slot,
    cells: new Int32Array(cells),
    send(message) {
      flushOutput();
      send(message);
    },
    // Between chunks the port is read directly: waiting for the event loop would cost a turn for each chunk.
    poll() {
      for (let received = receiveMessageOnPort(port); received; received = receiveMessageOnPort(port))
        queue.take(received.message as ToWorker);
    },
  });
  port.on('message', (message: ToWorker) => {
    queue.take(message);
    queue.pump();
  });
  // Also when a task calls process.exit, or leaves an error behind that nobody catches.
  process.on('exit', () => queue.flush());
  send({ type: 'up' });
}
