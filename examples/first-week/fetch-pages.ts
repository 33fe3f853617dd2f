/** Pages that have to be fetched and then worked on: waiting overlaps within a worker, the work itself runs on all cores. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { map, range } from 'allcores';

/** Stands for a site far away: each answer takes 50 ms. */
let open = 0;
let mostOpen = 0;
const server = createServer((request, response) => {
  mostOpen = Math.max(mostOpen, ++open);
  setTimeout(() => {
    open--;
    response.end(`<h1>Page ${request.url}</h1>${'<p>Some words to count, and <b>more</b> of them.</p>'.repeat(200)}`);
  }, 50);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

async function wordsOn(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = (await response.text()).replace(/<[^>]+>/g, ' ');
  return text.match(/\p{L}+/gu)?.length ?? 0;
}

const urls = range(60).map((page) => `http://127.0.0.1:${port}/${page}`);
const words = await map(urls, wordsOn, { concurrency: 20 });

console.log(`${words.length} pages, ${words.reduce((a, b) => a + b, 0)} words, at most ${mostOpen} requests at once`);
server.close();
// Each worker's fetch keeps its connections open for a next request.
server.closeAllConnections();
