/** The article's first experiment: a function far too cheap to be sent anywhere, over lists that grow. */
import { map, Pool, range } from 'allcores';
import { checkSame, ONCE, type Repeats, timed } from './measure.ts';
import { clearlyFaster, count, duration, faster, heading, note, table, times } from './table.ts';

const square = (x: number) => x ** 2;

/** V8 keeps arrays on its heap, which ends at about 4 GB: two lists of results of this length and their growth fit, ten times more do not. */
const LARGEST_ARRAY = 1e7;

interface Row {
  readonly length: number;
  readonly loopMs: number;
  readonly poolMs: number;
  readonly mapMs: number;
}

export async function squares({ full }: { full: boolean }): Promise<void> {
  console.log(heading('1. x ** 2 over a list of numbers'));
  // The shared pool starts here and not in the first row.
  await map([0], square);
  const rows: Row[] = [];
  for (let power = 1; power <= (full ? 8 : 6); power++) rows.push(await compare(10 ** power));

  console.log(
    table(
      [{ title: 'numbers' }, { title: 'loop' }, { title: 'Pool(8)' }, { title: 'map' }, { title: 'faster', align: 'left' }],
      rows.map(({ length, loopMs, poolMs, mapMs }) => [
        count(length),
        duration(loopMs),
        duration(poolMs),
        duration(mapMs),
        faster(loopMs, Math.min(poolMs, mapMs)),
      ]),
    ),
  );
  console.log(note('Pool(8): new Pool(8), pool.map, close, all timed, as in the article.'));
  console.log(note('map: on the shared pool, which is up. "faster" takes the better of the two.'));
  if (full) console.log(note(`Input: range(n), results in an array; above ${count(LARGEST_ARRAY)} a Float64Array in and out.`));
  console.log(`\n${note(conclusion(rows))}`);
}

async function compare(length: number): Promise<Row> {
  const quick: Repeats = length < 1e6 ? { forMs: 200, most: 500 } : length < 1e7 ? { forMs: 500, most: 7 } : ONCE;
  const starting: Repeats = length < 1e7 ? { forMs: 1000, most: 3 } : ONCE;
  if (length > LARGEST_ARRAY) {
    const xs = Float64Array.from(range(length));
    return race(length, xs, () => xs.map(square), quick, starting);
  }
  const loop = () => {
    const results: number[] = [];
    for (let x = 0; x < length; x++) results.push(square(x));
    return results;
  };
  return race(length, range(length), loop, quick, starting);
}

async function race(
  length: number,
  items: Iterable<number>,
  loop: () => ArrayLike<number>,
  quick: Repeats,
  starting: Repeats,
): Promise<Row> {
  const byLoop = await timed(quick, loop);
  const poolMs = await timed(starting, async () => {
    await using pool = new Pool(8);
    return await pool.map(square, items);
  }).then(({ result, medianMs }) => {
    // Checked and dropped before the next run: with 1e8 numbers each list of results is 800 MB.
    checkSame(`Pool(8) over ${length} numbers`, byLoop.result, result);
    return medianMs;
  });
  const byMap = await timed<ArrayLike<number>>(quick, () => map(items, square));
  checkSame(`map over ${length} numbers`, byLoop.result, byMap.result);
  return { length, loopMs: byLoop.medianMs, poolMs, mapMs: byMap.medianMs };
}

function conclusion(rows: readonly Row[]): string {
  const won = rows.find(({ loopMs, poolMs, mapMs }) => clearlyFaster(Math.min(poolMs, mapMs), loopMs));
  const last = rows.at(-1)!;
  const perNumber = `Over ${count(last.length)} numbers one square costs the loop ${duration(last.loopMs / last.length)} and map ${duration(last.mapMs / last.length)}`;
  if (won) return `${perNumber}; allcores is ahead from ${count(won.length)} numbers on.`;
  return `${perNumber}, ${times(last.mapMs / last.loopMs)} as much: sending a number costs more than squaring it. The loop is the right tool here.`;
}
