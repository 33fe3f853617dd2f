// Plays every case on a thread and on a process, and writes a line for each: a test of its own reads them.
import { Remote } from './remote.native.mjs';
import { play } from './tools.native.mjs';

/** Stands before each report, since cases print too. */
export const MARK = '\u0001case ';

const CASE_MS = 15_000;

/** `start` opens a receiver at a place. */
export async function playAll(themes, start = (place) => Remote.start(place)) {
  for (const place of ['thread', 'process']) {
    let remote = await start(place);
    for (const [theme, cases] of Object.entries(themes)) {
      for (const [name, body] of cases) {
        const error = await outcomeOf(() => play(remote, body));
        process.stdout.write(`\n${MARK}${JSON.stringify({ place, theme, name, error })}\n`);
        if (error !== null) {
          await remote.close();
          remote = await start(place);
        }
      }
    }
    await remote.close();
  }
}

/** Null, or the error's text. A case that does not end must not keep those behind it from being played. */
async function outcomeOf(act) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('did not end')), CASE_MS);
  });
  try {
    await Promise.race([act(), late]);
    return null;
  } catch (error) {
    return String(error?.stack ?? error);
  } finally {
    clearTimeout(timer);
  }
}
