/** How many cores this process may use. */
import { nodeFs } from './late-builtins.ts';
import { ownExports } from './own-exports.ts';

/** Cores this process may use: the machine's, less what CPU affinity and a container's quota (cgroup v2 and v1) take away. At least 1. */
export function cpuCount(): number {
  return Math.max(1, Math.min(process.getBuiltinModule('node:os').availableParallelism(), quota()));
}

/** The container's quota in whole cores, rounded up; Infinity without one. */
function quota(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const v2 = read('/sys/fs/cgroup/cpu.max')?.split(' ');
  if (v2) return cores(v2[0], v2[1]);
  return cores(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), read('/sys/fs/cgroup/cpu/cpu.cfs_period_us'));
}

function cores(quotaUs: string | undefined, periodUs: string | undefined): number {
  const share = Number(quotaUs) / Number(periodUs);
  // `max`, -1 and anything unreadable mean no quota.
  return share > 0 ? Math.ceil(share) : Number.POSITIVE_INFINITY;
}

function read(file: string): string | undefined {
  try {
    return nodeFs().readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}

ownExports({ cpuCount });
