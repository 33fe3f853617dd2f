/** The article's second experiment: the same square, in a function that takes a while. */
import { Pool } from 'allcores';
import { checkSame, ONCE, timed } from './measure.ts';
import { clearlyFaster, count, duration, faster, heading, note, table, times } from './table.ts';

const WORKERS = 8;

export async function slow({ full }: { full: boolean }): Promise<void> {
  const sleepMs = full ? 2000 : 200;
  console.log(heading(`2. A function of ${duration(sleepMs).trim()}, over 1 to 9 items`));

  /** Blocks its thread as a computation would; stands in for one, as the article's time.sleep does. It needs no core, so 8 go at once. */
  const slowSquare = (x: number) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
    return x ** 2;
  };

  const rows: { items: number; loopMs: number; poolMs: number }[] = [];
  for (let items = 1; items <= 9; items++) {
    const xs = Array.from({ length: items }, (_, i) => i);
    const byLoop = await timed(ONCE, () => {
      const results: number[] = [];
      for (const x of xs) results.push(slowSquare(x));
      return results;
    });
    const byPool = await timed(ONCE, async () => {
      await using pool = new Pool(WORKERS);
      return await pool.map(slowSquare, xs);
    });
    checkSame(`Pool(${WORKERS}) over ${items} slow items`, byLoop.result, byPool.result);
    rows.push({ items, loopMs: byLoop.medianMs, poolMs: byPool.medianMs });
  }

  console.log(
    table(
      [{ title: 'items' }, { title: 'loop' }, { title: `Pool(${WORKERS})` }, { title: 'faster', align: 'left' }],
      rows.map(({ items, loopMs, poolMs }) => [count(items), duration(loopMs), duration(poolMs), faster(loopMs, poolMs)]),
    ),
  );
  console.log(
    `${note(`Pool(${WORKERS}): new Pool(${WORKERS}), pool.map, close, all timed. The function sleeps: cores do not limit it.`)}\n`,
  );

  const best = rows.reduce((a, b) => (b.loopMs / b.poolMs > a.loopMs / a.poolMs ? b : a));
  const first = rows.find(({ loopMs, poolMs }) => clearlyFaster(poolMs, loopMs));
  const from = first ? `Allcores is ahead from ${first.items} items on` : 'Allcores is never ahead';
  console.log(note(`${from}; at best ${times(best.loopMs / best.poolMs)}, with ${best.items} items on ${WORKERS} workers.`));
}
