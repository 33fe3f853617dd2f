/**
 * Requests per status in a large access log: `log-file.ts [file]`. Without a file it makes one. Each worker reads its own parts of the file,
 * so that nothing travels but where a part begins and ends, and what was counted in it.
 */
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mapReduce, range } from 'allcores';

type PerStatus = Record<string, number>;

interface Part {
  readonly start: number;
  readonly end: number;
}

const PART_BYTES = 1024 * 1024;
const LINE = /^\S+ \S+ \S+ \[[^\]]+\] "[A-Z]+ \S+ [^"]*" (?<status>\d{3}) /;

/** Parts of about a megabyte that end where a line ends. */
async function partsOf(file: string): Promise<Part[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const parts: Part[] = [];
    for (let start = 0; start < size; start = parts.at(-1)!.end)
      parts.push({ start, end: await lineEnd(handle, start + PART_BYTES, size) });
    return parts;
  } finally {
    await handle.close();
  }
}

/** The end of the line that `position` is in. */
async function lineEnd(handle: FileHandle, position: number, size: number): Promise<number> {
  const piece = Buffer.alloc(4096);
  for (let at = position; at < size; at += piece.length) {
    const { bytesRead } = await handle.read(piece, 0, piece.length, at);
    const newline = piece.subarray(0, bytesRead).indexOf('\n');
    if (newline >= 0) return at + newline + 1;
  }
  return size;
}

async function countIn(file: string, { start, end }: Part): Promise<PerStatus> {
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(end - start), 0, end - start, start);
    const counts: PerStatus = {};
    for (const line of buffer.toString().trimEnd().split('\n')) {
      const status = LINE.exec(line)?.groups?.status ?? 'unreadable';
      counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  } finally {
    await handle.close();
  }
}

function joined(all: PerStatus, more: PerStatus): PerStatus {
  for (const [status, count] of Object.entries(more)) all[status] = (all[status] ?? 0) + count;
  return all;
}

/** 100,000 lines of a quiet day. */
async function madeLog(folder: string): Promise<string> {
  const path = join(folder, 'access.log');
  const lines = range(100_000).map((i) => {
    if (i % 25_000 === 24_999) return 'a line that was cut off';
    const status = i % 97 === 0 ? 500 : i % 11 === 0 ? 404 : i % 7 === 0 ? 304 : 200;
    const time = new Date(Date.UTC(2024, 4, 1) + i * 864).toISOString();
    return `10.0.${i % 13}.${i % 31} - - [${time}] "GET /page/${i % 503} HTTP/1.1" ${status} ${200 + (i % 1000)} "-" "curl/8.5.0"`;
  });
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const given = process.argv[2];
const folder = given === undefined ? await mkdtemp(join(tmpdir(), 'allcores-log-')) : undefined;
try {
  const file = given ?? (await madeLog(folder!));
  const parts = await partsOf(file);
  const counts = await mapReduce(parts, (part) => countIn(file, part), joined, { initial: {} as PerStatus });
  for (const status of Object.keys(counts).sort()) console.log(`${status}: ${counts[status]} requests`);
} finally {
  if (folder !== undefined) await rm(folder, { recursive: true });
}
// -> 200: 77115 requests
// -> 304: 12853 requests
// -> 404: 8997 requests
// -> 500: 1031 requests
// -> unreadable: 4 requests
