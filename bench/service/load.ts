/**
 * Requests at a steady pace, whatever the answers do: a latency counts from the moment the request was due. A client that waits for one
 * answer before it asks again would leave out just the slow moments (coordinated omission).
 */
import { type Agent, get } from 'node:http';

export interface Latencies {
  readonly count: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export async function load(url: string, agent: Agent, { perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Latencies> {
  const total = Math.round(perSecond * seconds);
  const latencies: number[] = [];
  let failed = 0;
  const from = performance.now();
  const requests: Promise<void>[] = [];
  for (let sent = 0; sent < total; ) {
    const dueNow = Math.min(total, Math.floor(((performance.now() - from) / 1000) * perSecond) + 1);
    for (; sent < dueNow; sent++) {
      const due = from + (sent / perSecond) * 1000;
      const asked = ask(url, agent).then(
        () => void latencies.push(performance.now() - due),
        () => void failed++,
      );
      requests.push(asked);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(requests);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { count: latencies.length, failed, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}

/** The body of an answer; rejects for any status but 200. */
export function ask(url: string, agent: Agent, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, signal ? { agent, signal } : { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(`status ${response.statusCode}: ${body}`))));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}
