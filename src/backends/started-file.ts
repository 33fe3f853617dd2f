/**
 * What a worker process has started, where its host finds it also when it has been killed: a file without a name, in memory where the
 * system has such a place, to which the process writes a few bytes before each task (about 1.5 µs). The other way the host
 * notes there that all of a chunk is to stop: while its message is on its way, another task could start.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineMs } from '../claims.ts';
import { nodeFs } from '../late-builtins.ts';
import { CELLS, RECORD_BYTES } from '../protocol.ts';
import type { ChunkWatch } from './line.ts';

export class StartedFile {
  readonly descriptor: number;
  #open = true;

  /** Throws where nothing can be written anywhere. */
  constructor() {
    this.descriptor = namelessFile();
  }

  /** For a new chunk. */
  reset(cell: number): void {
    nodeFs().writeSync(this.descriptor, new Uint8Array(RECORD_BYTES), 0, RECORD_BYTES, cell * RECORD_BYTES);
  }

  /** All of the chunk is to stop. */
  stop(cell: number): void {
    const at = cell * RECORD_BYTES + 2 * Int32Array.BYTES_PER_ELEMENT;
    if (this.#open) nodeFs().writeSync(this.descriptor, new Int32Array([1]), 0, Int32Array.BYTES_PER_ELEMENT, at);
  }

  /** `recall`: asks the worker to give back what comes after this position. */
  watch(cell: number, recall: (position: number) => void): ChunkWatch {
    const read = (word: number) => this.#read(cell, word);
    return {
      get started() {
        return read(0);
      },
      get ranMs() {
        return (machineMs() - read(1)) | 0;
      },
      shorten(to) {
        recall(to);
        return undefined;
      },
    };
  }

  close(): void {
    if (this.#open) nodeFs().closeSync(this.descriptor);
    this.#open = false;
  }

  #read(cell: number, word: number): number {
    const record = new Int32Array(RECORD_BYTES / 4);
    if (this.#open) nodeFs().readSync(this.descriptor, record, 0, RECORD_BYTES, cell * RECORD_BYTES);
    return record[word]!;
  }
}

function namelessFile(): number {
  const places = process.platform === 'linux' ? ['/dev/shm', tmpdir()] : [tmpdir()];
  let refused: unknown;
  for (const place of places) {
    let descriptor: number | undefined;
    try {
      const path = join(place, `allcores-${process.pid}-${process.hrtime.bigint()}`);
      descriptor = nodeFs().openSync(path, 'wx+', 0o600);
      nodeFs().unlinkSync(path);
      // A place without room says so now, and not at the first chunk.
      nodeFs().writeSync(descriptor, new Uint8Array(CELLS * RECORD_BYTES));
      return descriptor;
    } catch (error) {
      if (descriptor !== undefined) nodeFs().closeSync(descriptor);
      refused = error;
    }
  }
  throw refused;
}
