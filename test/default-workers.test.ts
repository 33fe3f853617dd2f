import { describe, expect, test } from 'vitest';
import { type MemoryReadings, memoryLimit, workersFor } from '../src/default-workers.ts';

const MB = 2 ** 20;
const V2 = '/sys/fs/cgroup/memory.max';
const V1 = '/sys/fs/cgroup/memory/memory.limit_in_bytes';
const readings = (files: Readonly<Record<string, string>>, constrained: unknown = 0): MemoryReadings => ({
  constrained: () => constrained,
  read: (file) => files[file],
});

describe('the limit of memory', () => {
  test.each([
    ['none', readings({}), Number.POSITIVE_INFINITY],
    ['what Node knows', readings({}, 512 * MB), 512 * MB],
    ['cgroup v2', readings({ [V2]: '536870912\n' }), 512 * MB],
    ['cgroup v1', readings({ [V1]: '268435456\n' }), 256 * MB],
    ['the lowest of all', readings({ [V2]: `${512 * MB}`, [V1]: `${256 * MB}` }, 128 * MB), 128 * MB],
    ['v2 without a limit', readings({ [V2]: 'max\n' }), Number.POSITIVE_INFINITY],
    ['Node without a limit', readings({}, 2 ** 64), 2 ** 64],
    ['v1 without a limit', readings({ [V1]: '9223372036854771712\n' }), 2 ** 63 - 4096],
  ])('%s', (_, given, bytes) => expect(memoryLimit(given)).toBe(bytes));

  test.each(['', '\n', '0', '-1', 'a lot', '12kB', '1e9', '0x10', ' ', 'NaN', '1 2', '\0'])('survives the garbage %j', (text) => {
    expect(memoryLimit(readings({ [V2]: text, [V1]: text }))).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([undefined, null, Number.NaN, -1, 0, '512', {}])('survives that Node says %o', (said) => {
    expect(memoryLimit(readings({ [V2]: `${64 * MB}` }, said))).toBe(64 * MB);
  });

  test('survives readings that throw', () => {
    const throws = () => {
      throw new Error('no');
    };
    expect(memoryLimit({ constrained: throws, read: throws })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the default number of workers', () => {
  test('is that of the cores where memory does', () => {
    expect(workersFor('threads', 8, Number.POSITIVE_INFINITY)).toBe(8);
    expect(workersFor('processes', 8, 4096 * MB)).toBe(8);
  });

  test('is what half of the memory has room for: 64 MB a thread, 128 MB a process', () => {
    expect(workersFor('threads', 8, 512 * MB)).toBe(4);
    expect(workersFor('processes', 8, 512 * MB)).toBe(2);
  });

  test('is at least 1', () => {
    expect(workersFor('threads', 8, 10 * MB)).toBe(1);
    expect(workersFor('processes', 1, 1)).toBe(1);
  });

  test('does not depend on memory in line', () => {
    expect(workersFor('inline', 8, 1)).toBe(8);
  });
});
