/** What goes wrong, where, on which backend: each cell of the table is played by a program of its own. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { WORKER_BACKENDS } from '../backends.native.mjs';
import { type Cell, cells, GUILTY } from './cells.native.mjs';

const program = fileURLToPath(new URL('cell.mjs', import.meta.url));
/** A cell that takes longer hangs. It is ended, and the test says so. */
const AT_MOST_MS = 60_000;
/** Programs at a time: each has workers of its own. The rest of the tests wait, and their waiting is not the cell's time. */
const SIDE_BY_SIDE = 2;
const WAITING_AT_MOST_MS = 15 * 60_000;

interface Described {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}
interface Report {
  readonly outcomes?: readonly { readonly value?: number; readonly error?: Described }[];
  readonly call?: Described;
  readonly other?: unknown;
  readonly after: unknown;
  readonly warnings: readonly { readonly code?: string }[];
}
interface Played {
  readonly begun: boolean;
  readonly report: Report | undefined;
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly hung: boolean;
  readonly stderr: string;
}

function play({ backend, fault, place }: Cell, chunkSize: number): Promise<Played> {
  return new Promise((resolve) => {
    // Where cores are dumped they are dumped into the working directory.
    const child = spawn(process.execPath, [program, backend, fault, place, String(chunkSize)], {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let hung = false;
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (texts[stream].length < 100_000) texts[stream] += text;
      });
    }
    const limit = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, AT_MOST_MS);
    child.on('close', (status, signal) => {
      clearTimeout(limit);
      const [begun, json] = texts.stdout.split('\n');
      resolve({
        begun: begun === 'begun',
        report: json ? (JSON.parse(json) as Report) : undefined,
        status,
        signal,
        hung,
        stderr: texts.stderr,
      });
    });
  });
}

const waiting: (() => void)[] = [];
let playing = 0;

async function playInTurn(cell: Cell, chunkSize: number): Promise<Played> {
  if (playing < SIDE_BY_SIDE) playing++;
  // Whoever ends hands its place over.
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await play(cell, chunkSize);
  } finally {
    const next = waiting.shift();
    if (next) next();
    else playing--;
  }
}

const double = [1, 2, 3, 4, 5, 6, 7, 8].map((x) => x * 2);

function mustBe(cell: Cell, error: Described | undefined): void {
  expect(error, 'it must fail').toBeDefined();
  expect({ name: error!.name, code: error!.code }).toEqual({ name: cell.name, code: cell.code });
  for (const words of cell.says!) expect(error!.message).toMatch(words);
}

for (const backend of WORKER_BACKENDS) {
  describe.concurrent(`on ${backend}`, () => {
    for (const cell of cells.filter((c) => c.backend === backend)) {
      const name = `${cell.fault} · ${cell.place}`;
      const why = cell.outcome === 'none' ? cell.reason : undefined;
      if (why) test.skip(`${name} (skipped: ${why})`, () => {});
      else test(`${name}: ${cell.outcome}`, () => keeps(cell, 1), WAITING_AT_MOST_MS);
      // What stands beside the guilty item in its chunk must stand, too.
      if (!why && cell.outcome === 'item') test(`${name}: item, in a chunk with the others`, () => keeps(cell, 6), WAITING_AT_MOST_MS);
    }
  });
}

async function keeps(cell: Cell, chunkSize: number): Promise<void> {
  const { begun, report, status, signal, hung, stderr } = await playInTurn(cell, chunkSize);
  const told = stderr.slice(0, 3000);
  expect(hung, `it hangs: no end within ${AT_MOST_MS} ms. ${told}`).toBe(false);
  expect(begun, told).toBe(true);
  if (cell.outcome === 'host') return expect({ signal, report }).toEqual({ signal: cell.signal, report: undefined });
  const { mayEndHost } = cell;
  if (mayEndHost && signal === mayEndHost.signal)
    return expect({ told, report }).toEqual({ told: expect.stringMatching(mayEndHost.words), report: undefined });
  expect({ status, signal }, told).toEqual({ status: 0, signal: null });
  expect(report!.after, 'the pool works afterwards').toEqual([2, 3, 4]);
  if (report!.other !== null && report!.other !== undefined) expect(report!.other, 'another job does not notice').toEqual(double);
  if (cell.outcome === 'call') return mustBe(cell, report!.call);
  expect(report!.call).toBeUndefined();
  report!.outcomes!.forEach(({ value, error }, index) => {
    if (index === GUILTY && cell.outcome === 'item') mustBe(cell, error);
    else expect({ value, error }, `items[${index}]`).toEqual({ value: index, error: undefined });
  });
  if (cell.warning) expect(report!.warnings.map(({ code }) => code)).toContain(cell.warning);
  // What failed an item is told by its error, and by nothing else.
  else expect(report!.warnings).toEqual([]);
}
