import { describe, expect, test } from 'vitest';
import { checkOptions } from '../src/check-options.ts';
import { cpuCount, map, mapBatches, mapStream, Pool, range, run, type UsageError } from '../src/index.ts';
import { OPTIONS } from '../src/options.ts';
import { poolSettings } from '../src/settings.ts';

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: UsageError) => `${error.name} ${error.code}: ${error.message}`,
  );
const thrown = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return `${(error as UsageError).name} ${(error as UsageError).code}: ${(error as Error).message}`;
  }
  return undefined;
};
// biome-ignore lint/suspicious/noExplicitAny: wrong uses are the subject here.
type Wrong = any;
const wrong: Wrong = { map, mapStream, mapBatches, run, Pool, range };
const id = (x: unknown) => x;

describe('a wrong option is refused by name, value and what is allowed', () => {
  test.each([
    [{ workers: 0 }, 'option "workers" is 0; it must be a whole number from 1 to 1024'],
    [{ workers: -3.5 }, 'option "workers" is -3.5; it must be a whole number from 1 to 1024'],
    [{ workers: '8' }, 'option "workers" is "8"; it must be a whole number from 1 to 1024'],
    [{ workers: Number.NaN }, 'option "workers" is NaN'],
    [{ chunkSize: 0 }, `option "chunkSize" is 0; it must be a whole number from 1, or 'auto'`],
    [{ chunkSize: 1.5 }, 'option "chunkSize" is 1.5'],
    [{ concurrency: 0 }, 'option "concurrency" is 0; it must be a whole number from 1'],
    [{ maxInFlight: -1 }, 'option "maxInFlight" is -1; it must be a whole number from 1'],
    [{ maxInFlightBytes: null }, 'option "maxInFlightBytes" is null'],
    [{ signal: {} }, 'option "signal" is an object; it must be an AbortSignal'],
    [{ backend: 'processs' }, `option "backend" is "processs"; it must be one of 'threads', 'processes', 'inline'`],
    [{ backend: 'loky' }, `option "backend" is "loky"; it must be one of 'threads', 'processes', 'inline'. It is 'processes' here`],
    [{ priority: 1.5 }, 'option "priority" is 1.5; it must be a whole number, also below 0'],
    [{ pool: 3 }, 'option "pool" is 3; it must be a Pool'],
    [5, 'the options are 5; they must be an object such as { workers: 4 }'],
  ])('map(…, %o)', async (options, message) => {
    expect(await rejection(wrong.map([1], id, options))).toMatch(`UsageError BAD_OPTION: map: ${message}`);
  });

  test.each([0, -3.5, '8', null, Number.POSITIVE_INFINITY])('new Pool(%o)', (workers) => {
    expect(thrown(() => new wrong.Pool(workers))).toMatch(/new Pool: (option "workers" is|the options are) /);
  });

  test.each([
    [{ maxTasksPerWorker: 0 }, 'option "maxTasksPerWorker" is 0; it must be a whole number from 1'],
    [{ idleTimeoutMs: 2 ** 31 }, 'option "idleTimeoutMs" is 2147483648; it must be a whole number from 1 to 2147483647'],
    [{ startTimeoutMs: 0 }, 'option "startTimeoutMs" is 0; it must be a whole number from 1 to 2147483647'],
    [{ maxMemoryBytes: '1GB' }, 'option "maxMemoryBytes" is "1GB"; it must be a whole number from 1'],
    [{ maxQueue: -1 }, 'option "maxQueue" is -1; it must be a whole number from 0'],
    [
      { resourceLimits: 5 },
      'option "resourceLimits" is 5; it must be an object of numbers above 0, with the names maxOldGenerationSizeMb,',
    ],
    [{ resourceLimits: [] }, 'option "resourceLimits" is'],
    [{ resourceLimits: { stackSizeMb: 0 } }, 'option "resourceLimits" is'],
    [{ resourceLimits: { heapMb: 5 } }, 'option "resourceLimits" is'],
    [{ resourceLimits: { __proto__: { stackSizeMb: 5 } } }, 'option "resourceLimits" is'],
  ])('new Pool(%o)', (options, message) => {
    expect(thrown(() => new wrong.Pool(options))).toMatch(`UsageError BAD_OPTION: new Pool: ${message}`);
  });

  test('limits of resources may name some', () => {
    const rule = OPTIONS.resourceLimits!;
    expect([{}, { stackSizeMb: 4 }, { maxOldGenerationSizeMb: 64.5, stackSizeMb: undefined }].every(rule.ok)).toBe(true);
  });

  test('a number as third argument of pool.map is a chunk size', async () => {
    const pool = new Pool({ workers: 1, backend: 'inline' });
    expect(await rejection(pool.map(id, [1], 0))).toBe(
      `UsageError BAD_OPTION: pool.map: option "chunkSize" is 0; it must be a whole number from 1, or 'auto'`,
    );
  });
});

describe('an unknown option is refused, with the right name for the usual wrong ones', () => {
  test.each([
    ['processes', 'it is called "workers" here'],
    ['n_jobs', 'it is called "workers" here'],
    ['maxThreads', 'it is called "workers" here'],
    ['concurrent', 'it is called "concurrency" here'],
    ['chunksize', 'it is called "chunkSize" here'],
    ['Workers', 'it is called "workers" here'],
    ['prio', 'it is called "priority" here'],
    ['maxQueue', 'it belongs to new Pool({ … })'],
    [
      'colour',
      'Options here: workers, backend, pool, placing, chunkSize, concurrency, maxInFlight, maxInFlightBytes, maxShipBytes, priority, signal, timeoutMs, graceMs, retries, progress',
    ],
    ['constructor', 'Options here:'],
    ['ordered', 'Options here:'],
  ])('%s', async (name, message) => {
    expect(await rejection(wrong.map([1], id, { [name]: 2 }))).toContain(`UsageError UNKNOWN_OPTION: map: unknown option "${name}"`);
    expect(await rejection(wrong.map([1], id, { [name]: 2 }))).toContain(message);
  });

  test.each([
    ['maxtasksperchild', 'maxTasksPerWorker'],
    ['max_tasks_per_child', 'maxTasksPerWorker'],
    ['worker_lifespan', 'maxTasksPerWorker'],
    ['idle_timeout', 'idleTimeoutMs'],
    ['idleTimeout', 'idleTimeoutMs'],
    ['maxQueueSize', 'maxQueue'],
    ['maxMemoryLimitBeforeRecycle', 'maxMemoryBytes'],
  ])('new Pool({ %s })', (name, ours) => {
    expect(thrown(() => new wrong.Pool({ [name]: 2 }))).toContain(`unknown option "${name}": it is called "${ours}" here`);
  });

  test('an option of the pool does not go with a call on it', async () => {
    const pool = new Pool({ workers: 1, backend: 'inline' });
    expect(await rejection(wrong.map([1], id, { pool, workers: 2 }))).toMatch('option "workers" does not go with "pool"');
    expect(await rejection((pool as never as { map: typeof wrong.map }).map(id, [1], { workers: 2 }))).toMatch(
      /unknown option "workers": it belongs to new Pool/,
    );
  });

  test('a polluted prototype is refused by the door that was called, with options and without', async () => {
    const prototype = Object.prototype as { polluted?: number; workers?: number };
    prototype.polluted = 1;
    try {
      const message = /^UsageError UNKNOWN_OPTION: (map|run|pool\.map): unknown option "polluted", which every object inherits/;
      expect(await rejection(map([1], id))).toMatch(message);
      expect(await rejection(map([1], id, {}))).toMatch(message);
      expect(await rejection(run(id, [1]))).toMatch(message);
      expect(thrown(() => new Pool(2))).toMatch('new Pool: unknown option "polluted", which every object inherits');
      delete prototype.polluted;
      prototype.workers = 64;
      expect(await rejection(map([1], id))).toMatch('map: option "workers" is inherited');
    } finally {
      delete prototype.polluted;
      delete prototype.workers;
    }
  });

  test('an inherited option is refused', async () => {
    expect(await rejection(wrong.map([1], id, Object.create({ workers: 2 })))).toMatch(/option "workers" is inherited/);
    expect(await rejection(wrong.map([1], id, Object.create({ evil: 2 })))).toMatch(/unknown option "evil"/);
  });

  test('checked options have no prototype', () => {
    expect(Object.getPrototypeOf(checkOptions('map', { workers: 2 }, ['pool']))).toBe(null);
  });
});

describe('wrong arguments', () => {
  test('swapped arguments print both right lines', async () => {
    const message = await rejection(wrong.map(id, [1]));
    expect(message).toMatch('UsageError BAD_ARGUMENT: map: the arguments are swapped');
    expect(message).toMatch('map(items, fn)');
    expect(message).toMatch('pool.map(fn, items)');
    const pool = new Pool({ workers: 1, backend: 'inline' });
    expect(await rejection((pool as never as { map: typeof wrong.map }).map([1], id))).toMatch('the arguments are swapped');
  });

  test('the function is none, or was called already', async () => {
    expect(await rejection(wrong.map([1], undefined))).toMatch(
      'map: the function is undefined; it must be a function, as in map([1, 2, 3], (x) => x ** 2)',
    );
    expect(await rejection(wrong.map([1], Promise.resolve(1)))).toMatch('it looks as if it had been called already');
    expect(await rejection(wrong.run('x'))).toMatch('run: the function is "x"');
  });

  test('the items are none', async () => {
    expect(await rejection(wrong.map(10, id))).toMatch(
      'the items are 10; they must be an array, a typed array, range(n), or any iterable or async iterable',
    );
    expect(await rejection(wrong.map(10, id))).toMatch('pass range(10)');
    expect(await rejection(wrong.map({ a: 1 }, id))).toMatch('pass Object.entries(it)');
    expect(await rejection(wrong.map(null, id))).toMatch('the items are null');
    expect(thrown(() => wrong.mapStream(null, id))).toMatch('mapStream: the items are null');
  });

  test('a function as an item', async () => {
    expect(await rejection(wrong.map([1, id], id, { backend: 'inline' }))).toMatch('items[1] is a function ("id"). Items are data');
    expect(await rejection(wrong.map([1, id].values(), id, { backend: 'inline' }))).toMatch(
      'items[1] is a function ("id"). Items are data',
    );
  });

  test('mapBatches wants a size, run a list', async () => {
    expect(await rejection(wrong.mapBatches([1], 0, id))).toMatch('mapBatches: the size is 0; it must be a whole number from 1');
    expect(await rejection(wrong.run(id, 5))).toMatch('run: the arguments are 5; they must be an array');
  });
});

describe('range', () => {
  test('counts as Python does', () => {
    expect([...range(3)]).toEqual([0, 1, 2]);
    expect([...range(1, 10, 3)]).toEqual([1, 4, 7]);
    expect([...range(3, 0, -1)]).toEqual([3, 2, 1]);
    expect([...range(5, 1)]).toEqual([]);
    expect(range(0, 1, 0.25).length).toBe(4);
    expect([range(10).at(-1), range(10).at(10)]).toEqual([9, undefined]);
    expect(range(4).map((i) => i * 2)).toEqual([0, 2, 4, 6]);
    expect(range(6).filter((i) => i % 2 === 1)).toEqual([1, 3, 5]);
    expect([...range(10).slice(2, 5)]).toEqual([2, 3, 4]);
  });
  test('refuses what is no finite number, and a step of 0', () => {
    expect(thrown(() => wrong.range('10'))).toMatch('range: stop is "10"; it must be a finite number');
    expect(thrown(() => wrong.range(Number.POSITIVE_INFINITY))).toMatch('range: stop is Infinity');
    expect(thrown(() => wrong.range(0, 5, 0))).toMatch('range: step is 0');
  });
});

test('the environment sets what the call leaves open, and is checked too', () => {
  const before = { ...process.env };
  try {
    process.env.ALLCORES_WORKERS = '3';
    process.env.ALLCORES_BACKEND = 'inline';
    expect(poolSettings({}, false)).toEqual({ workers: 3, backend: 'inline' });
    expect(poolSettings({ workers: 2, backend: 'threads' }, false)).toEqual({ workers: 2, backend: 'threads' });
    process.env.ALLCORES_WORKERS = 'many';
    expect(thrown(() => poolSettings({}, false))).toMatch(
      'the environment variable ALLCORES_WORKERS is "many"; it must be a whole number from 1 to 1024',
    );
  } finally {
    process.env = before;
  }
  expect(poolSettings({}, true).backend).toBe('inline');
  expect(poolSettings({ backend: 'threads' }, false).workers).toBe(cpuCount());
});

test('every option has its meaning, default and check', () => {
  for (const [name, rule] of Object.entries(OPTIONS)) {
    expect(rule.meaning, name).toMatch(/\.$/);
    expect(rule.ok(Symbol('never')), name).toBe(false);
  }
});
