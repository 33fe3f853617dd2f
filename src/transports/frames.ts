/**
 * Messages as bytes, for the pipes between processes: a header, then what V8's serializer makes of the message. The same values cross as by
 * structured clone, except those that live in shared memory or belong to a thread.
 */
import { nodeV8 } from '../late-builtins.ts';

/** What stands before the bytes of a message: words of 32 bits, of which the first is their length. */
export type Header = readonly number[];

const WORD = 4;

/** One buffer to write. Throws where the message cannot be cloned. */
export function frame(message: unknown, ...header: Header): Buffer {
  const serializer = new (nodeV8().Serializer)();
  for (let i = 0; i <= header.length; i++) serializer.writeRawBytes(new Uint8Array(WORD));
  serializer.writeHeader();
  serializer.writeValue(message);
  const bytes = serializer.releaseBuffer();
  const before = (header.length + 1) * WORD;
  bytes.writeUInt32LE(bytes.length - before, 0);
  writeWords(bytes, header);
  return bytes;
}

/** A frame without a message. */
export function bareFrame(...header: Header): Buffer {
  const bytes = Buffer.alloc((header.length + 1) * WORD);
  writeWords(bytes, header);
  return bytes;
}

function writeWords(bytes: Buffer, header: Header): void {
  for (const [i, word] of header.entries()) bytes.writeInt32LE(word, (i + 1) * WORD);
}

export function readMessage(bytes: Uint8Array): unknown {
  const deserializer = new (nodeV8().Deserializer)(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

/** Puts the pieces that a pipe gives together again: `take` gets each header's words behind the length, and the bytes of the message. */
export class FrameReader {
  readonly #take: (bytes: Buffer, header: Header) => void;
  readonly #header: Buffer;
  #body: Buffer | undefined;
  #filled = 0;

  constructor(headerWords: number, take: (bytes: Buffer, header: Header) => void) {
    this.#header = Buffer.alloc((headerWords + 1) * WORD);
    this.#take = take;
  }

  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const into = this.#body ?? this.#header;
      const count = Math.min(into.length - this.#filled, piece.length - at);
      into.set(piece.subarray(at, at + count), this.#filled);
      this.#filled += count;
      at += count;
      if (this.#filled < into.length) return;
      this.#filled = 0;
      // Of its own, so that it may be transferred and is not kept alive by a pool.
      if (!this.#body) this.#body = Buffer.from(new ArrayBuffer(this.#header.readUInt32LE(0)));
      if (this.#body.length > 0 && into !== this.#body) continue;
      const body = this.#body;
      this.#body = undefined;
      const words = this.#header.length / WORD - 1;
      this.#take(
        body,
        Array.from({ length: words }, (_, i) => this.#header.readInt32LE((i + 1) * WORD)),
      );
    }
  }
}
