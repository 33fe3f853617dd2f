/** What earlier calls taught about a function: how long its tasks took, here and in workers. Kept by its code, as each call may bring a new closure. */

/** Milliseconds of one task: in its worker, and for the host to send it; 0 where that is not known. */
export interface KnownPace {
  readonly taskMs: number;
  readonly sendingMs: number;
}

const KEPT = 1000;
const byCode = new Map<string, KnownPace>();

export function expectedPace(code: string | undefined): KnownPace | undefined {
  return code === undefined ? undefined : byCode.get(code);
}

export function learnPace(code: string, pace: KnownPace): void {
  byCode.delete(code);
  byCode.set(code, pace);
  if (byCode.size > KEPT) for (const oldest of byCode.keys()) return void byCode.delete(oldest);
}
