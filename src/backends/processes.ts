/** The backend of worker processes: what runs out of memory, crashes or exits there never touches this program. */
import type { ValueCodec } from '../shipped.ts';
import { cloneTransport } from '../transports/clone.ts';
import { type LocalOptions, LocalSlots } from './local-slots.ts';
import { ProcessLine } from './process-line.ts';

export class ProcessesBackend extends LocalSlots {
  /** `codec`: one that carries bytes. */
  constructor({ codec, ...options }: LocalOptions & { readonly codec: ValueCodec }) {
    super(
      {
        name: 'processes',
        letter: 'p',
        shareMemory: false,
        transport: cloneTransport(codec, false),
        connect: (slot, settings, events) => new ProcessLine(slot, settings, events),
        whyRefused,
      },
      options,
    );
  }
}

function whyRefused(error: unknown): string {
  const denied = (error as { code?: unknown } | undefined)?.code === 'ERR_ACCESS_DENIED';
  return denied
    ? `this process may not start others (${error instanceof Error ? error.message : ''}). Where it runs with --permission, it needs --allow-child-process, --allow-worker, and --allow-fs-write for the temporary folder`
    : `the system refused to start a process: ${error instanceof Error ? error.message : String(error)}`;
}
