/** How many workers there are by default: what a container, the affinity of the process and the environment leave. */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';

/** What the files of the control group hold; any other file is as it is. */
const files = vi.hoisted(() => new Map<string, string>());
vi.mock('../../src/late-builtins.ts', async (original) => {
  const builtins = await original<typeof import('../../src/late-builtins.ts')>();
  const fs = builtins.nodeFs();
  const readFileSync = (file: string, ...rest: unknown[]) => {
    if (!String(file).startsWith('/sys/fs/cgroup/')) return fs.readFileSync(file, ...(rest as ['utf8']));
    const text = files.get(String(file));
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${file}`), { code: 'ENOENT' });
    return text;
  };
  return { ...builtins, nodeFs: () => ({ ...fs, readFileSync }) };
});
const { cpuCount } = await import('../../src/cpu-count.ts');

const V2 = '/sys/fs/cgroup/cpu.max';
const V1 = '/sys/fs/cgroup/cpu/cpu.cfs_quota_us';
const V1_PERIOD = '/sys/fs/cgroup/cpu/cpu.cfs_period_us';
const cores = availableParallelism();
const atMost = (n: number) => Math.min(n, cores);

afterEach(() => files.clear());

describe.skipIf(process.platform !== 'linux')('B76 the number of cores', () => {
  test('B76 a quota of half a core is 1, of one and a half 2, of none all', () => {
    for (const [quota, count] of [
      ['50000 100000', 1],
      ['100000 100000', 1],
      ['150000 100000', 2],
      ['max 100000', cores],
      ['6400000 100000', 64],
    ] as const) {
      files.set(V2, `${quota}\n`);
      expect(cpuCount(), quota).toBe(atMost(count));
    }
  });

  test('B76 a quota of the first version counts the same', () => {
    files.set(V1_PERIOD, '100000\n');
    for (const [quota, count] of [
      ['50000', 1],
      ['150000', 2],
      ['-1', cores],
    ] as const) {
      files.set(V1, `${quota}\n`);
      expect(cpuCount(), quota).toBe(atMost(count));
    }
  });

  test('B76 garbage in cpu.max, or nothing at all, is survived', () => {
    for (const garbage of ['', 'garbage', '0 0', '-5 100000', 'NaN NaN', '100000', '\0\0']) {
      files.set(V2, garbage);
      expect(cpuCount(), JSON.stringify(garbage)).toBe(cores);
    }
    files.clear();
    expect(cpuCount()).toBe(cores);
  });

  test('B76 the affinity of the process and ALLCORES_WORKERS are honoured', () => {
    const dist = new URL('../../dist/index.js', import.meta.url).href;
    const program = `import { cpuCount, Pool } from '${dist}'; console.log(cpuCount(), new Pool().workers)`;
    const run = (command: string, args: readonly string[], env = {}) =>
      execFileSync(command, [...args, '--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '', ...env },
      }).trim();
    expect(run('taskset', ['-c', '0', process.execPath])).toBe('1 1');
    expect(run(process.execPath, [], { ALLCORES_WORKERS: '3' })).toMatch(/^\d+ 3$/);
  });
});
