/**
 * What reads a worker process's messages, on a thread of its own: it gives unstarted tasks back and tells tasks to stop although the process
 * computes, and ends the process when its host is gone.
 */
import { Socket } from 'node:net';
import { type MessagePort, workerData } from 'node:worker_threads';
import { SharedClaims } from '../claims.ts';
import { TO_IO, TO_IO_WORDS } from '../protocol.ts';
import { bareFrame, FrameReader } from '../transports/frames.ts';

/** Where the host's messages come in, and answers to it go out. */
const IN = 4;
const ALL = -1;

/** Called once by the text of this thread. */
export function readMessages(): void {
  const { cells, port } = workerData as { cells: SharedArrayBuffer; port: MessagePort };
  const words = new Int32Array(cells);
  const socket = new Socket({ fd: IN, readable: true, writable: true });
  const reader = new FrameReader(TO_IO_WORDS, (bytes, header) => {
    const [kind, cell, position, chunkId] = header as [number, number, number, number];
    const claims = new SharedClaims(words, cell);
    if (kind === TO_IO.takeBack) return void socket.write(bareFrame(chunkId, claims.shorten(position)));
    if (kind === TO_IO.run) claims.reset(position);
    if (kind === TO_IO.stop) claims.stop(position === ALL ? undefined : position);
    const buffer = bytes.buffer as ArrayBuffer;
    port.postMessage(buffer, [buffer]);
  });
  socket.on('data', (piece) => reader.push(piece));
  for (const end of ['end', 'error', 'close']) socket.on(end, hostIsGone);
}

/** The host has ended, however it did. */
function hostIsGone(): void {
  process.kill(process.pid, 'SIGKILL');
}
