/** examples/first-week/service.ts: answers, cancels the job of a client that goes away, and ends on SIGTERM. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AT_MOST_MS, plainEnvironment, root, tsx } from './program.ts';

let service: ChildProcess;
let printed: string[];
let address: string;

beforeEach(async () => {
  service = spawn(process.execPath, [...tsx, 'examples/first-week/service.ts'], {
    cwd: root,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: service.stdout! });
  printed = [];
  lines.on('line', (line) => printed.push(line));
  const [first] = (await once(lines, 'line')) as [string];
  address = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(first)![1]!;
}, AT_MOST_MS);
afterEach(() => {
  service.kill('SIGKILL');
});

const get = async (path: string, signal?: AbortSignal) => {
  const response = await fetch(`${address}${path}`, signal ? { signal } : {});
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

async function until(what: (jobs: Record<string, unknown>) => boolean): Promise<void> {
  while (!what((await get('/jobs')).body)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test(
  'counts primes, says what it cannot do, cancels the job of a request that was aborted, and ends on SIGTERM',
  async () => {
    expect(await get('/primes?below=100000')).toEqual({ status: 200, body: { below: 100_000, primes: 9592 } });
    expect((await get('/primes?below=12')).status).toBe(400);
    expect((await get('/')).status).toBe(404);

    // It would take minutes: that the next request is answered shows that its blocks no longer run.
    const leaving = new AbortController();
    const left = get('/primes?below=1000000000', leaving.signal).catch((error: Error) => error.name);
    await until(({ running }) => running === 1);
    leaving.abort();
    expect(await left).toBe('AbortError');
    await until(({ cancelled }) => cancelled === 1);
    expect((await get('/primes?below=200000')).body).toEqual({ below: 200_000, primes: 17_984 });
    expect((await get('/jobs')).body).toEqual({ running: 0, answered: 2, cancelled: 1 });

    service.kill('SIGTERM');
    expect(await once(service, 'exit')).toEqual([0, null]);
    expect(printed.at(-1)).toBe('ended: 2 answered, 1 cancelled');
  },
  AT_MOST_MS,
);
