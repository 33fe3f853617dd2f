/** Numbers as options take them: whole ones, and those that Joblib writes. */

export const MAX_WORKERS = 1024;

export function whole(value: unknown, from: number, to = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to;
}

/** Joblib counts from all cores downwards; it takes 2.3 and "2" for 2, and so do we. Gives undefined for what is no number of jobs. */
export function numberOfJobs(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const jobs = typeof number === 'number' ? Math.trunc(number) : Number.NaN;
  return jobs !== 0 && Math.abs(jobs) <= MAX_WORKERS ? jobs : undefined;
}

/** How many tasks `preDispatch` stands for; undefined for what it cannot be. */
export function preDispatched(value: unknown, jobs: number): number | undefined {
  if (value === 'all') return Number.MAX_SAFE_INTEGER;
  if (typeof value === 'number') return whole(value, 1) ? value : undefined;
  const times = typeof value === 'string' ? /^\s*(?:(\d+)\s*\*\s*)?n_?jobs\s*$/i.exec(value) : null;
  const tasks = times ? Number(times[1] ?? 1) * jobs : 0;
  return tasks > 0 ? tasks : undefined;
}
