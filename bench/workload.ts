/** CONTRACT Workload: one thing worth measuring, done by several contenders in turn. Each is a file in workloads/. */

export interface Workload {
  readonly name: string;
  /** For people: what is done. */
  readonly what: string;
  /** What the figures of every contender are in. */
  readonly unit: 'ms' | 'µs' | 'µs per task';
  /** Every contender's figure is divided by this one's, turn by turn. */
  readonly baseline: string;
  readonly bars: readonly Bar[];
  /** Undisturbed turns wanted; `quickTurns` with --quick. Six are needed for an interval of 95 %. */
  readonly turns: number;
  readonly quickTurns: number;
  setUp(): Promise<Contest>;
}

/** What a contender must reach. `ratio`: its figure over the baseline's; `figure`: the figure itself. */
export interface Bar {
  readonly contender: string;
  readonly of: 'ratio' | 'figure';
  readonly atMost: number;
}

export interface Contest {
  readonly contenders: Readonly<Record<string, Contender>>;
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

/** A wrong answer must not win. */
export function mustBe(what: string, ok: boolean): void {
  if (!ok) throw new Error(`${what}: wrong result`);
}
