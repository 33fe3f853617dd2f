/**
 * Requests and bytes per status in a compressed access log that need not fit into memory: `log-stream.ts [file.gz]`. Without a file it makes
 * one. Lines can only be read one after the other here; what is done with them runs on all cores.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gzipSync } from 'node:zlib';
import { mapReduce, range } from 'allcores';

/** `visitors` are remembered by a hash of address and browser, as privacy asks for. */
interface Sums {
  requests: number;
  bytes: number;
  readonly visitors: Set<string>;
}
type PerStatus = Map<string, Sums>;

const LINE = /^(?<host>\S+) \S+ \S+ \[[^\]]+\] "[A-Z]+ \S+ [^"]*" (?<status>\d{3}) (?<bytes>\d+|-) "[^"]*" "(?<browser>[^"]*)"/;

/** Lines are read only as far ahead as they are worked off. */
function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file).pipe(createGunzip()), crlfDelay: Number.POSITIVE_INFINITY });
}

function sumsOf(all: PerStatus, status: string): Sums {
  const sums = all.get(status) ?? { requests: 0, bytes: 0, visitors: new Set() };
  all.set(status, sums);
  return sums;
}

async function countByStatus(file: string): Promise<PerStatus> {
  return mapReduce(linesOf(file), {
    initial: (): PerStatus => new Map(),
    step: (counts, line) => {
      const { host = '', status = 'unreadable', bytes = '-', browser = '' } = LINE.exec(line)?.groups ?? {};
      const sums = sumsOf(counts, status);
      sums.requests++;
      if (bytes !== '-') sums.bytes += Number(bytes);
      sums.visitors.add(createHash('sha256').update(`${host} ${browser}`).digest('base64').slice(0, 12));
      return counts;
    },
    combine: (all, more) => {
      for (const [status, { requests, bytes, visitors }] of more) {
        const sums = sumsOf(all, status);
        sums.requests += requests;
        sums.bytes += bytes;
        for (const visitor of visitors) sums.visitors.add(visitor);
      }
      return all;
    },
  });
}

/** 50,000 lines of a quiet day. */
async function madeLog(folder: string): Promise<string> {
  const file = join(folder, 'access.log.gz');
  const lines = range(50_000).map((i) => {
    if (i % 25_000 === 24_999) return 'a line that was cut off';
    const status = i % 97 === 0 ? 500 : i % 11 === 0 ? 404 : i % 7 === 0 ? 304 : 200;
    const time = new Date(Date.UTC(2024, 4, 1) + i * 1728).toISOString();
    return `10.0.${i % 13}.${i % 31} - - [${time}] "GET /page/${i % 503} HTTP/1.1" ${status} ${status === 304 ? '-' : 200 + (i % 1000)} "-" "curl/8.5.0"`;
  });
  await writeFile(file, gzipSync(`${lines.join('\n')}\n`));
  return file;
}

const given = process.argv[2];
const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'allcores-log-')) : undefined;
try {
  const counts = await countByStatus(given ?? (await madeLog(folder!)));
  for (const [status, { requests, bytes, visitors }] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${status}: requests ${requests}, bytes ${bytes}, visitors ${visitors.size}`);
} finally {
  if (folder !== undefined) await rm(folder, { recursive: true });
}
// -> 200: requests 38557, bytes 26959588, visitors 403
// -> 304: requests 6426, bytes 0, visitors 403
// -> 404: requests 4499, bytes 3148008, visitors 403
// -> 500: requests 516, bytes 360590, visitors 403
// -> unreadable: requests 2, bytes 0, visitors 1
