/**
 * The service under load: one pool that all requests share. `GET /short` is a `run` of a few milliseconds, `GET /map` a long map that ends
 * with its request, `GET /state` what is in progress. SIGTERM: what was begun is answered, then the process ends by itself.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool, range } from 'allcores';

export interface ServiceSettings {
  readonly workers: number;
  readonly backend: 'threads' | 'processes';
  readonly shortMs: number;
  readonly mapTaskMs: number;
  readonly mapTasks: number;
  /** Tasks of the long map that travel together; 0 for 'auto'. */
  readonly chunkSize: number;
}

const settings = JSON.parse(process.argv[2]!) as ServiceSettings;

/** Works for so long. Gives how long it took, by the clock of its worker. */
function work(ms: number): number {
  const from = performance.now();
  while (performance.now() - from < ms);
  return performance.now() - from;
}

const state = { begun: 0, shorts: 0, maps: 0, answered: 0, aborted: 0, mapTasks: 0, mapTaskMs: 0 };
const pool = await new Pool({ workers: settings.workers, backend: settings.backend } as { workers: number }).ready();

async function short(response: ServerResponse): Promise<void> {
  state.begun++;
  state.shorts++;
  try {
    const ms = await pool.apply(work, [settings.shortMs]);
    state.answered++;
    send(response, 200, { ms });
  } finally {
    state.shorts--;
  }
}

async function longMap(response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { mapTaskMs, mapTasks, chunkSize } = settings;
  state.maps++;
  try {
    const tasks = pool.imapUnordered(() => work(mapTaskMs), range(mapTasks), { chunkSize: chunkSize || 'auto', signal: gone.signal });
    for await (const ms of tasks) {
      state.mapTasks++;
      state.mapTaskMs += ms;
    }
    send(response, 200, { tasks: state.mapTasks });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    state.aborted++;
  } finally {
    state.maps--;
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  const answers: Record<string, () => Promise<void>> = {
    '/short': () => short(response),
    '/map': () => longMap(response),
    '/state': async () => send(response, 200, state),
  };
  const answer = answers[request.url ?? ''] ?? (async () => send(response, 404, {}));
  answer().catch((error: unknown) => send(response, 500, { error: String(error) }));
}).listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.once('SIGTERM', async () => {
  // New connections are refused; requests that have come are answered.
  server.close();
  server.closeIdleConnections();
  await pool.close();
  process.disconnect?.();
});
