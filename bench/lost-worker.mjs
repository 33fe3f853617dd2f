// One worker process is killed while all are busy and much more waits: who fails, how soon the caller hears of it, what ran twice.
//   node bench/lost-worker.mjs --workers 100 --items 1100 --retries 0
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mapSettled, Pool } from '../dist/index.js';

const text = { type: 'string' };
const { values } = parseArgs({ options: { workers: text, items: text, retries: text } });
const [workers = 100, items = 1100, retries = 0] = [values.workers, values.items, values.retries].map((v) =>
  v === undefined ? undefined : Number(v),
);
console.log(JSON.stringify(await loseOne({ workers, items, retries }), null, 2));

/** The worker of the item in the middle of the first round is killed by itself, 20 ms into its task. */
export async function loseOne({ workers, items, retries }) {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-lost-'));
  const ran = join(folder, 'ran');
  const died = join(folder, 'died');
  const guilty = Math.floor(workers / 2);
  const pool = new Pool({ workers, backend: 'processes' });
  try {
    await pool.ready();
    const task = async (i) => {
      appendFileSync(ran, `${i}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (
        i === guilty &&
        readFileSync(ran, 'utf8')
          .split('\n')
          .filter((line) => line === String(i)).length === 1
      ) {
        appendFileSync(died, String(performance.timeOrigin + performance.now()));
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => {});
      }
      return i * 2;
    };
    const all = Array.from({ length: items }, (_, i) => i);
    const outcomes = await mapSettled(all, (i) => task(i), { pool, chunkSize: 1, retries });
    const runs = new Map();
    for (const line of readFileSync(ran, 'utf8').trim().split('\n')) runs.set(line, (runs.get(line) ?? 0) + 1);
    // How soon the caller hears: of a call that ends with its first failure.
    rmSync(ran);
    rmSync(died, { force: true });
    let heardAt;
    await pool
      .map((i) => task(i), all, { chunkSize: 1 })
      .catch(() => {
        heardAt = performance.timeOrigin + performance.now();
      });
    return {
      workers,
      items,
      retries,
      failed: outcomes.flatMap(({ reason }, i) => (reason ? [[i, reason.code, reason.signal]] : [])),
      right: outcomes.filter(({ value }, i) => value === i * 2).length,
      ranTwice: [...runs].filter(([, count]) => count > 1).map(([i]) => Number(i)),
      reportedMs: Number((heardAt - Number(readFileSync(died, 'utf8'))).toFixed(1)),
    };
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true });
  }
}
