/** The options of a call that say how long its tasks may take, and how often they are tried. */
import type { JobRules } from './core/events.ts';
import { whole } from './counts.ts';
import type { OptionRule } from './option-rule.ts';
import type { FailedTry } from './run/retry-rule.ts';

/** How long tasks may take, and how often they are tried. */
export interface TaskLimits {
  /**
   * Milliseconds one task may run, from its own start; in a reduction, one block. Then `context.signal` aborts and the task has `graceMs` to
   * end; whatever comes of it, it has failed with a TaskTimeoutError. On the backend 'inline' only asynchronous tasks can be stopped. While
   * a debugger is attached nothing is late. @default no limit
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds that a task may go on when it has been told to stop, because its time is up or its call was cancelled. After that it is
   * given up, and a worker that is stuck in it is replaced. Infinity: it runs to its end. @default 500
   */
  readonly graceMs?: number | undefined;
  /**
   * Further tries of a task that has failed, run out of time, or lost its worker: a number, or `{ times, delayMs, backoff, when }`. Items
   * that cannot travel are not tried again. The error is that of the last try. @default 0
   */
  readonly retries?: number | RetryOptions | undefined;
}

/** How often, when and after which failures a task is tried again. */
export interface RetryOptions {
  /** Further tries after the first. */
  readonly times: number;
  /** Milliseconds before the next try. @default 0 */
  readonly delayMs?: number | undefined;
  /** Factor by which the delay grows with each try. @default 1 */
  readonly backoff?: number | undefined;
  /**
   * Whether this failure is worth another try. It is asked on the calling thread, at once, and not after the last try. If it throws, the
   * call ends with its error. @default every failure is
   */
  readonly when?: ((error: unknown, failed: FailedTry) => boolean) | undefined;
}

const DEFAULT_GRACE_MS = 500;

export const TASK_LIMITS = {
  timeoutMs: {
    scopes: ['call', 'parallel'],
    allowed: 'a number of milliseconds above 0',
    byDefault: 'no limit',
    unit: 'ms',
    meaning:
      'How long one task may run, from its own start; in a reduction, one block. It is told to stop by `context.signal`, and fails with a TaskTimeoutError.',
    ok: (v) => typeof v === 'number' && v > 0,
  },
  graceMs: {
    scopes: ['call', 'parallel'],
    allowed: 'a number of milliseconds from 0',
    byDefault: '500',
    unit: 'ms',
    meaning: 'How long a task that was told to stop may go on before it is given up, or its worker replaced.',
    ok: (v) => typeof v === 'number' && v >= 0,
  },
  retries: {
    scopes: ['call', 'parallel'],
    allowed: 'a whole number from 0, or { times, delayMs, backoff, when }',
    byDefault: '0',
    unit: 'tries',
    meaning:
      'Further tries of a task that has failed, run out of time, or lost its worker; with a delay that grows, and only `when(error, { index, attempt })`.',
    ok: areRetries,
  },
} as const satisfies Readonly<Record<keyof TaskLimits, OptionRule>>;

/** The core's rules for checked options. Infinity is no limit. */
export function limitsOf({
  timeoutMs,
  graceMs = DEFAULT_GRACE_MS,
  retries,
}: TaskLimits): Pick<JobRules, 'timeoutMs' | 'graceMs' | 'retries'> {
  const { times, delayMs = 0, backoff = 1 } = typeof retries === 'object' ? retries : { times: retries ?? 0 };
  return { timeoutMs: finite(timeoutMs), graceMs: finite(graceMs), retries: { times, delayMs, backoff } };
}

function finite(ms: number | undefined): number | undefined {
  return ms === Number.POSITIVE_INFINITY ? undefined : ms;
}

/** Whether it may stand in the option `retries`. */
function areRetries(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return whole(value, 0);
  const rules: Readonly<Record<string, (v: unknown) => boolean>> = {
    times: (v) => whole(v, 0),
    delayMs: (v) => v === undefined || isDelay(v),
    backoff: (v) => v === undefined || isDelay(v),
    when: (v) => v === undefined || typeof v === 'function',
  };
  const own = value as Record<string, unknown>;
  // Inherited names too: what nobody wrote on this object is a polluted prototype, or a mistake.
  for (const name in own) if (!Object.hasOwn(own, name) || !Object.hasOwn(rules, name) || !rules[name]!(own[name])) return false;
  return Object.hasOwn(own, 'times');
}

const isDelay = (value: unknown) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
