/** How many workers there are where nobody says: as many as cores, and no more than a container's memory has room for. */
import { cpuCount } from './cpu-count.ts';
import { nodeFs } from './late-builtins.ts';
import type { BackendName } from './options.ts';

/** Room for a worker: a thread has taken 10 MB when its first chunks are done, a bare process of Node 39 (measured: Node 20, Linux); the rest is for its heap. */
const WORKER_BYTES: Readonly<Record<BackendName, number>> = { threads: 64 * 2 ** 20, processes: 128 * 2 ** 20, inline: 0 };
/** The other half is for the host and for what tasks make. */
const SHARE_OF_WORKERS = 1 / 2;

/** Where a container's limit of memory stands; each may be missing or say anything. */
export interface MemoryReadings {
  /** What Node knows, in bytes. */
  readonly constrained: () => unknown;
  /** The text of a file; undefined where there is none. */
  readonly read: (file: string) => string | undefined;
}

const MACHINE: MemoryReadings = {
  constrained: () => process.constrainedMemory(),
  read: (file) => {
    try {
      return nodeFs().readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  },
};

/** cgroup v2 and v1. */
const FILES = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes'];

let known: { readonly cores: number; readonly limitBytes: number } | undefined;

/** At least 1. */
export function defaultWorkers(backend: BackendName): number {
  // Read once: it is asked for at every call, and what a container gets does not change. Reading its files takes longer than a small call.
  known ??= { cores: cpuCount(), limitBytes: memoryLimit(MACHINE) };
  return workersFor(backend, known.cores, known.limitBytes);
}

export function workersFor(backend: BackendName, cores: number, limitBytes: number): number {
  const room = Math.floor((limitBytes * SHARE_OF_WORKERS) / WORKER_BYTES[backend]);
  return Math.max(1, Math.min(cores, room));
}

/** Bytes that this process and its workers may use together; Infinity without a limit. */
export function memoryLimit({ constrained, read }: MemoryReadings): number {
  const said = [attempt(constrained), ...FILES.map((file) => bytesIn(attempt(() => read(file))))];
  // No limit is said as `max`, as -1, as 0, or as more bytes than any machine has: such numbers do no harm.
  return Math.min(...said.filter((n): n is number => typeof n === 'number' && n > 0), Number.POSITIVE_INFINITY);
}

function bytesIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
