/**
 * A service that stays able to answer while it computes: jobs run on a pool that all requests share, and a client that goes away takes its
 * job along. `GET /primes?below=1000000` counts primes, `GET /jobs` tells what has become of the jobs. SIGTERM ends it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool, range } from 'allcores';

const BLOCK = 10_000;

/** Primes among 10,000 numbers. A job is many such blocks: between them other jobs get their turn, and an aborted job ends. */
function primesInBlock(block: number): number {
  let count = 0;
  for (let n = block * BLOCK; n < (block + 1) * BLOCK; n++) if (isPrime(n)) count++;
  return count;
}

function isPrime(n: number): boolean {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
}

const pool = await new Pool().ready();
const jobs = { running: 0, answered: 0, cancelled: 0 };

async function countPrimes(below: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  jobs.running++;
  try {
    const counts = await pool.map(primesInBlock, range(Math.ceil(below / BLOCK)), { signal: gone.signal });
    jobs.answered++;
    sendJson(response, 200, { below, primes: counts.reduce((a, b) => a + b, 0) });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    jobs.cancelled++;
  } finally {
    jobs.running--;
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/jobs') return sendJson(response, 200, jobs);
  const below = Number(url.searchParams.get('below'));
  if (url.pathname !== '/primes') return sendJson(response, 404, { error: 'try /primes?below=1000000 or /jobs' });
  if (!(below >= BLOCK && below <= 1e9 && below % BLOCK === 0))
    return sendJson(response, 400, { error: `below must be a multiple of ${BLOCK}, at most 1e9` });
  await countPrimes(below, response);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    sendJson(response, 500, { error: 'the job failed' });
  });
}).listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

process.once('SIGTERM', async () => {
  server.close();
  await pool.close();
  console.log(`ended: ${jobs.answered} answered, ${jobs.cancelled} cancelled`);
});
