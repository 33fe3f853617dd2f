/** The backend of worker threads. */
import type { ValueCodec } from '../shipped.ts';
import { cloneTransport } from '../transports/clone.ts';
import { type LocalOptions, LocalSlots } from './local-slots.ts';
import { ThreadLine } from './thread-line.ts';

export class ThreadsBackend extends LocalSlots {
  constructor({ codec, ...options }: LocalOptions & { readonly codec: ValueCodec }) {
    super(
      {
        name: 'threads',
        letter: 't',
        shareMemory: true,
        transport: cloneTransport(codec),
        connect: (slot, settings, events) => new ThreadLine(slot, settings, events),
        whyRefused,
      },
      options,
    );
  }
}

function whyRefused(error: unknown): string {
  const denied = (error as { code?: unknown } | undefined)?.code === 'ERR_ACCESS_DENIED';
  return denied
    ? 'this process may not start threads. Where it runs with --permission, add --allow-worker'
    : `Node.js refused to start a thread: ${error instanceof Error ? error.message : String(error)}`;
}
