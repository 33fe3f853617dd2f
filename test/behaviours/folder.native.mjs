// What tasks and the test tell each other by files, because processes share no memory. Tasks capture these functions by name.
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** No wait at a gate is longer: a test that goes wrong must not leave workers that wait for ever. */
const LONGEST_WAIT_MS = 15_000;
const POLL_MS = 3;

/** Gives `body` a folder of its own. */
export async function withFolder(body) {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-behaviours-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Leaves a mark, and says how many there are now. Appending is atomic, so none is lost. */
export function mark(folder, name, text = '.') {
  appendFileSync(join(folder, `mark-${name}`), text);
  return marks(folder, name);
}

/** How many marks of this name there are. */
export function marks(folder, name) {
  return statSync(join(folder, `mark-${name}`), { throwIfNoEntry: false })?.size ?? 0;
}

/** A mark of the caller's own text, a line each; read by `notes`. */
export function note(folder, name, text) {
  appendFileSync(join(folder, `note-${name}`), `${text}\n`);
}

export function notes(folder, name) {
  const file = join(folder, `note-${name}`);
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

/** Lets through all that wait at a gate, and all that come. */
export function openGate(folder, gate) {
  writeFileSync(join(folder, `gate-${gate}`), '');
}

/** Blocks this thread until the gate is open. */
export function blockAt(folder, gate) {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + LONGEST_WAIT_MS; !existsSync(join(folder, `gate-${gate}`)); Atomics.wait(sleeper, 0, 0, POLL_MS))
    if (performance.now() > end) throw new Error(`nobody opened the gate "${gate}"`);
}

/** The same for an asynchronous task: its thread goes on. */
export async function waitAt(folder, gate) {
  await until(() => existsSync(join(folder, `gate-${gate}`)), `gate "${gate}"`);
}

/** Resolves as soon as something is so; for what no event tells. */
export async function until(isSo, what = String(isSo)) {
  for (const end = performance.now() + LONGEST_WAIT_MS; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, POLL_MS)))
    if (performance.now() > end) throw new Error(`not within ${LONGEST_WAIT_MS} ms: ${what}`);
}

/** Blocks until `count` tasks are here at the same time. */
export function meet(folder, place, count) {
  mark(folder, place);
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + LONGEST_WAIT_MS; marks(folder, place) < count; Atomics.wait(sleeper, 0, 0, POLL_MS))
    if (performance.now() > end) throw new Error(`nobody came to "${place}"`);
}

/** What is in the folder, for messages of tests. */
export const contents = (folder) => readdirSync(folder);
