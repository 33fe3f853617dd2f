/** What earlier calls taught about a function: how long one of its tasks took. Kept by the function's code, as each call may bring a new closure. */

const KEPT = 1000;
const taskMsByCode = new Map<string, number>();

export function expectedTaskMs(code: string | undefined): number | undefined {
  return code === undefined ? undefined : taskMsByCode.get(code);
}

export function learnTaskMs(code: string, taskMs: number): void {
  taskMsByCode.delete(code);
  taskMsByCode.set(code, taskMs);
  if (taskMsByCode.size > KEPT) for (const oldest of taskMsByCode.keys()) return void taskMsByCode.delete(oldest);
}
