/**
 * Hears of writes to a stream: the one patched global of this package, in place only while a bar is drawn.
 *
 * There is no other way to keep a redrawn line and the user's output apart: `console.log` looks up `stream.write` at every call and tells
 * nobody else.
 */
import { stripVTControlCharacters } from 'node:util';
import type { OutputStream } from './terminal.ts';

export interface WriteHooks {
  before(): void;
  /** `endsLine`: whether the cursor is at the beginning of a line now; undefined where nothing was shown. */
  after(endsLine: boolean | undefined): void;
}

export interface WriteHook {
  /** Writes without being heard. */
  readonly write: OutputStream['write'];
  /** Puts back exactly what was there. Where somebody has patched on top meanwhile, ours stays below and lets everything through. */
  restore(): void;
}

/** Enough to find the end of a line behind closing colour codes. */
const TAIL = 100;

export function hookWrites(stream: OutputStream, hooks: WriteHooks): WriteHook {
  const before = Object.getOwnPropertyDescriptor(stream, 'write');
  const original = stream.write;
  let listening = true;

  function write(this: unknown, ...args: Parameters<OutputStream['write']>): boolean {
    if (!listening) return Reflect.apply(original, stream, args);
    hooks.before();
    try {
      return Reflect.apply(original, stream, args);
    } finally {
      hooks.after(lineEnds(args[0], args[1]));
    }
  }

  stream.write = write;
  return {
    write: original,
    restore() {
      listening = false;
      if (stream.write !== write) return;
      if (before) Object.defineProperty(stream, 'write', before);
      else delete (stream as { write?: unknown }).write;
    },
  };
}

/** Whether what was written ends a line; undefined where it shows nothing, or is nothing that can be written. */
function lineEnds(chunk: unknown, encoding: unknown): boolean | undefined {
  const shown = stripVTControlCharacters(tailOf(chunk, encoding));
  return shown === '' ? undefined : shown.endsWith('\n');
}

function tailOf(chunk: unknown, encoding: unknown): string {
  if (typeof chunk === 'string') {
    const isText = typeof encoding !== 'string' || /^(utf-?8|latin1|binary|ascii)$/i.test(encoding) || !Buffer.isEncoding(encoding);
    return isText ? chunk.slice(-TAIL) : tailOf(Buffer.from(chunk, encoding), undefined);
  }
  if (!(chunk instanceof Uint8Array)) return '';
  const tail = chunk.subarray(-TAIL);
  // Byte by byte is enough: in UTF-8 no other character contains a newline's byte.
  return Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength).toString('latin1');
}
