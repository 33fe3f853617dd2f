/** CONTRACT Workload: one thing worth measuring, done by several contenders in turn. Each is a file in workloads/. */
import type { Bar } from './bars.ts';

export interface Workload {
  readonly name: string;
  /** For people: what is done. */
  readonly what: string;
  /** What the figures of every contender are in. */
  readonly unit: Unit;
  /** Every contender's figure is divided by this one's, turn by turn. */
  readonly baseline: string;
  readonly bars: readonly Bar[];
  /** Undisturbed turns wanted; `quickTurns` with --quick. Six are needed for an interval of 95 %. */
  readonly turns: number;
  /** 0: left out by --quick, unless it is named. */
  readonly quickTurns: number;
  setUp(effort: Effort): Promise<Contest>;
}

/** `GB/s` is the one unit of which more is better: its bars are of `rate`. */
export type Unit = 'ms' | 'µs' | 'µs per task' | 'GB/s' | 'MB';

/** What a run can afford. */
export interface Effort {
  /** Without Python, and without what takes long although no bar asks for it. */
  readonly quick: boolean;
}

export interface Contest {
  readonly contenders: Readonly<Record<string, Contender>>;
  /** By contender: why it cannot take part here and now. A bar that needs it is not measured. */
  readonly absent?: Readonly<Record<string, string>>;
  tearDown(): Promise<void>;
}

/** Does the work once, or often enough to be measured, and gives its figure in the workload's unit. Warm when `setUp` has ended. */
export type Contender = () => Promise<number>;

/** Milliseconds something takes. */
export async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  // What is not a promise is not awaited: a turn of the microtask queue is no part of a plain loop.
  const pending = work();
  if (pending instanceof Promise) await pending;
  return performance.now() - startedAt;
}

/** Every contender once, so that nobody's first time counts. */
export async function warmUp(contenders: Readonly<Record<string, Contender>>): Promise<void> {
  for (const contender of Object.values(contenders)) await contender();
}

/** A wrong answer must not win. */
export function mustBe(what: string, ok: boolean): void {
  if (!ok) throw new Error(`${what}: wrong result`);
}
