/** The options of a pool that say how long its workers live, and on how much. */
import type { ResourceLimits } from './backends/local-slots.ts';
import { whole } from './counts.ts';
import type { OptionRule } from './option-rule.ts';

/** How long workers live, and on how much. */
export interface WorkerLife {
  /**
   * Tasks that a worker runs, at most, before another takes its place: what tasks have leaked goes with it. What was made with `perWorker`
   * is made anew. @default no limit
   */
  readonly maxTasksPerWorker?: number | undefined;
  /** Milliseconds after which a worker with nothing to do ends. It comes back when there is work. @default none: workers stay */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * Milliseconds that a worker may take until it is up, its setup included. One that takes longer is ended, and after three in a row the
   * calls reject with `WORKER_START_FAILED`. @default 300,000: five minutes
   */
  readonly startTimeoutMs?: number | undefined;
  /**
   * Bytes that a worker may hold when its tasks have ended; with more after a full garbage collection, another takes its place. Of a thread
   * its heap and what hangs on it, of a process its resident memory. @default no limit
   */
  readonly maxMemoryBytes?: number | undefined;
  /** What V8 may take in each worker, in MB, as `node:worker_threads` has it. A task that needs more loses its worker. @default Node's own */
  readonly resourceLimits?: ResourceLimits | undefined;
}

const LIMITS = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];
/** Node's timers take no more: 24.8 days. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Long enough for any setup that ends: a model that is loaded over a slow network. */
const START_TIMEOUT_MS = 300_000;

export const LIFE_OPTIONS = {
  maxTasksPerWorker: {
    scopes: ['own'],
    allowed: 'a whole number from 1',
    byDefault: 'no limit',
    unit: 'tasks',
    meaning: 'Tasks that a worker runs, at most, before another takes its place.',
    ok: (v) => whole(v, 1),
  },
  idleTimeoutMs: {
    scopes: ['own'],
    allowed: `a whole number from 1 to ${MAX_TIMER_MS}`,
    byDefault: 'none: workers stay',
    unit: 'ms',
    meaning: 'How long a worker has nothing to do before it ends. It comes back when there is work.',
    ok: (v) => whole(v, 1, MAX_TIMER_MS),
  },
  startTimeoutMs: {
    scopes: ['own'],
    allowed: `a whole number from 1 to ${MAX_TIMER_MS}`,
    byDefault: '300,000',
    unit: 'ms',
    meaning:
      'How long a worker may take until it is up, its setup included. After three that take longer, one after the other, calls reject.',
    ok: (v) => whole(v, 1, MAX_TIMER_MS),
  },
  maxMemoryBytes: {
    scopes: ['own'],
    allowed: 'a whole number from 1',
    byDefault: 'no limit',
    unit: 'bytes',
    meaning: 'What a worker may hold when its tasks have ended. With more after a full garbage collection, another takes its place.',
    ok: (v) => whole(v, 1),
  },
  resourceLimits: {
    scopes: ['own'],
    allowed: `an object of numbers above 0, with the names ${LIMITS.join(', ')}`,
    byDefault: "Node's own",
    unit: 'MB',
    meaning: 'What V8 may take in each worker. A task that needs more loses its worker.',
    ok: isResourceLimits,
  },
} as const satisfies Readonly<Record<keyof WorkerLife, OptionRule>>;

/** What of a pool's options is about its workers. A copy: what an object says now must not change under a worker that starts later. */
export function lifeOf(options: WorkerLife): WorkerLife {
  const { maxTasksPerWorker, idleTimeoutMs, startTimeoutMs = START_TIMEOUT_MS, maxMemoryBytes, resourceLimits } = options;
  return { maxTasksPerWorker, idleTimeoutMs, startTimeoutMs, maxMemoryBytes, resourceLimits: resourceLimits && { ...resourceLimits } };
}

function isResourceLimits(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Inherited names too.
  for (const name in value) {
    const limit: unknown = value[name as keyof typeof value];
    if (!LIMITS.includes(name) || !Object.hasOwn(value, name)) return false;
    if (limit !== undefined && !(typeof limit === 'number' && limit > 0 && Number.isFinite(limit))) return false;
  }
  return true;
}
