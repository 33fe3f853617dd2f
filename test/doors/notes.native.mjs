// What tasks note for the test and for one another, on every backend: lines in a file, since processes share no memory.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const AT_MOST_MS = 15_000;

const folders = [];
const removeFolders = () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
};

/** For the test: the path of notes that nobody has written yet. */
export function newNotes() {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-notes-'));
  if (folders.push(folder) === 1) process.once('exit', removeFolders);
  return join(folder, 'notes');
}

/** One line, whole, however many write at the same time. */
export const note = (path, text = 'noted') => appendFileSync(path, `${text}\n`);

export const noted = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : []);

/** Blocks its thread until there are so many notes. */
export function untilNoted(path, count = 1) {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (const since = performance.now(); noted(path).length < count; Atomics.wait(cell, 0, 0, 1))
    if (performance.now() - since > AT_MOST_MS) throw new Error(`there are ${noted(path).length} of ${count} notes`);
}

export async function whenNoted(path, count = 1) {
  for (const since = performance.now(); noted(path).length < count; await new Promise((resolve) => setTimeout(resolve, 1)))
    if (performance.now() - since > AT_MOST_MS) throw new Error(`there are ${noted(path).length} of ${count} notes`);
}

/** Blocks until so many are here at the same time. */
export function meet(path, count) {
  note(path);
  untilNoted(path, count);
}
