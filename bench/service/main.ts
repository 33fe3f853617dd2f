/** A service with a shared pool under load: short calls alone, then beside a long map. `npm run bench -- service --seconds 60`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ask, type Latencies, load } from './load.ts';
import type { ServiceSettings } from './server.ts';

const HELP = `npm run bench -- service [options]

  --seconds N       of each of the two loads (default 30)
  --map-minutes N   of work in the long map, for all workers together (default 10); its request is aborted when the load has ended
  --per-second N    short calls (default 200)
  --short-ms N      what a short call works (default 1)
  --task-ms N       what a task of the map works (default 5)
  --chunk-size N    tasks of the map that travel together; 0 for 'auto' (default 0)
  --workers N       (default: the cores)
  --backend B       threads or processes (default threads)
  --json            the figures as JSON`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    'map-minutes': { type: 'string', default: '10' },
    'per-second': { type: 'string', default: '200' },
    'short-ms': { type: 'string', default: '1' },
    'task-ms': { type: 'string', default: '5' },
    'chunk-size': { type: 'string', default: '0' },
    workers: { type: 'string', default: String(availableParallelism()) },
    backend: { type: 'string', default: 'threads' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(HELP);
else await measure();

interface State {
  readonly begun: number;
  readonly maps: number;
  readonly aborted: number;
  readonly mapTasks: number;
  readonly mapTaskMs: number;
}

async function measure(): Promise<void> {
  const workers = Number(values.workers);
  const mapTaskMs = Number(values['task-ms']);
  const mapTasks = Math.ceil((Number(values['map-minutes']) * 60_000 * workers) / mapTaskMs);
  const chunkSize = Number(values['chunk-size']);
  const backend = values.backend as 'threads' | 'processes';
  const settings: ServiceSettings = { workers, backend, shortMs: Number(values['short-ms']), mapTaskMs, mapTasks, chunkSize };
  const pace = { perSecond: Number(values['per-second']), seconds: Number(values.seconds) };
  const server = fork(fileURLToPath(new URL('server.js', import.meta.url)), [JSON.stringify(settings)]);
  const exited = once(server, 'exit') as Promise<[number | null, string | null]>;
  const patienceMs = (2 * pace.seconds + 90) * 1000;
  const limit = setTimeout(() => {
    console.error(`it hangs: no end within ${patienceMs / 1000} s`);
    server.kill('SIGKILL');
    process.exit(2);
  }, patienceMs);
  try {
    const [{ port }] = (await once(server, 'message')) as [{ port: number }];
    const at = (path: string) => `http://127.0.0.1:${port}${path}`;
    const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
    const state = async () => JSON.parse(await ask(at('/state'), agent)) as State;

    await load(at('/short'), agent, { ...pace, seconds: Math.min(2, pace.seconds) });
    const alone = await load(at('/short'), agent, pace);

    const leaving = new AbortController();
    const map = ask(at('/map'), agent, leaving.signal).catch((error: Error) => error.name);
    while ((await state()).mapTasks === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const beside = await load(at('/short'), agent, pace);
    const { mapTasks: done, mapTaskMs: workedMs } = await state();

    // The client goes: the map ends with its request, and its workers are free.
    const abortedAt = performance.now();
    leaving.abort();
    await map;
    while ((await state()).maps > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await ask(at('/short'), agent);
    const freedMs = performance.now() - abortedAt;

    // What was begun before SIGTERM is answered.
    const { begun } = await state();
    const last = Array.from({ length: 20 }, () => ask(at('/short'), agent).then(() => true));
    while ((await state()).begun < begun + last.length) await new Promise((resolve) => setTimeout(resolve, 1));
    server.kill('SIGTERM');
    const answered = (await Promise.allSettled(last)).filter(({ status }) => status === 'fulfilled').length;
    const [code] = await exited;
    agent.destroy();

    // By the documents 50 to 150 ms with 'auto'.
    const chunkMs = chunkSize === 0 ? 150 : (chunkSize * workedMs) / done;
    const bound = 2 * alone.p99 + chunkMs;
    const figures = { node: process.version, settings, pace, alone, beside, mapTasks: done, chunkMs, bound, freedMs, answered, code };
    if (values.json) console.log(JSON.stringify(figures));
    else print(figures);
    if (beside.p99 > bound || beside.failed > 0 || alone.failed > 0 || code !== 0) process.exitCode = 1;
  } finally {
    clearTimeout(limit);
    server.kill('SIGKILL');
  }
}

interface Figures {
  readonly settings: ServiceSettings;
  readonly alone: Latencies;
  readonly beside: Latencies;
  readonly mapTasks: number;
  readonly chunkMs: number;
  readonly bound: number;
  readonly freedMs: number;
  readonly answered: number;
  readonly code: number | null;
}

function print({ settings, alone, beside, mapTasks, chunkMs, bound, freedMs, answered, code }: Figures): void {
  const row = (name: string, { count, failed, p50, p99, max }: Latencies) =>
    `${name.padEnd(22)} ${String(count).padStart(7)} ${String(failed).padStart(7)} ${[p50, p99, max].map((ms) => ms.toFixed(1).padStart(9)).join(' ')}`;
  console.log(`Node ${process.version}, ${settings.workers} workers, ${settings.backend}`);
  console.log(`${'short calls, ms'.padEnd(22)}   count  failed       p50       p99       max`);
  console.log(row('alone', alone));
  console.log(row('beside the long map', beside));
  console.log(
    `the map did ${mapTasks} tasks meanwhile; a chunk of it takes ${settings.chunkSize === 0 ? 'at most ' : ''}${chunkMs.toFixed(0)} ms`,
  );
  console.log(`p99 beside at most 2 × alone + one chunk = ${bound.toFixed(1)} ms: ${beside.p99 <= bound ? 'pass' : 'FAIL'}`);
  console.log(
    `aborted request: its workers were free after ${freedMs.toFixed(1)} ms; SIGTERM: ${answered} of 20 answered, exit code ${code}`,
  );
}
