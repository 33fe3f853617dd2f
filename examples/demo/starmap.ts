/** The article's third experiment: a model runner with two parameters, by a wrapper, by starmap and by Parallel. */
import { delayed, Parallel, Pool } from 'allcores';
import { checkSame, ONCE, timed } from './measure.ts';
import { duration, faster, heading, note, table, times } from './table.ts';

const WORKERS = 4;
const HYPERPARAMS: [nEstimators: number, maxDepth: number][] = [
  [100, 4],
  [150, 5],
  [200, 6],
  [300, 4],
];

/** A stand-in that sleeps in the place of training; the article's gives a random score, ours one that can be compared. */
function modelRunner(nEstimators: number, maxDepth: number): number {
  const sleepMs = 2 * nEstimators;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, sleepMs);
  return 1 - 1 / Math.log(nEstimators * maxDepth);
}

/** What one writes where there is only map. */
const multiRunWrapper = (args: [number, number]) => modelRunner(...args);

export async function starmap(): Promise<undefined> {
  console.log(heading('3. A model runner with two parameters'));
  const byLoop = await timed(ONCE, () => {
    const scores: number[] = [];
    for (const [nEstimators, maxDepth] of HYPERPARAMS) scores.push(modelRunner(nEstimators, maxDepth));
    return scores;
  });

  await using pool = new Pool(WORKERS);
  await pool.ready();
  const byWrapper = await timed(ONCE, () => pool.map(multiRunWrapper, HYPERPARAMS));
  const byStarmap = await timed(ONCE, () => pool.starmap(modelRunner, HYPERPARAMS));
  checkSame('the model runner by a wrapper', byLoop.result, byWrapper.result);
  const calls = () => HYPERPARAMS.map(([nEstimators, maxDepth]) => delayed(modelRunner)(nEstimators, maxDepth));
  const byParallel = await timed(ONCE, () => Parallel({ pool })(calls()));
  checkSame('the model runner by starmap', byLoop.result, byStarmap.result);
  checkSame('the model runner by Parallel', byLoop.result, byParallel.result);

  const row = (name: string, { result, medianMs }: typeof byLoop, verdict: string) => [
    name,
    ...result.map((score) => score.toFixed(4)),
    duration(medianMs),
    verdict,
  ];
  console.log(
    table(
      [
        { title: '', align: 'left' },
        ...HYPERPARAMS.map((params) => ({ title: `[${params}]` })),
        { title: 'time' },
        { title: 'faster', align: 'left' },
      ],
      [
        row('loop', byLoop, ''),
        row('map(wrapper)', byWrapper, faster(byLoop.medianMs, byWrapper.medianMs)),
        row('starmap', byStarmap, faster(byLoop.medianMs, byStarmap.medianMs)),
        row('Parallel', byParallel, faster(byLoop.medianMs, byParallel.medianMs)),
      ],
    ),
  );
  console.log(`${note(`On a Pool(${WORKERS}) that is up. The function sleeps, and its scores are made up.`)}\n`);

  const allMs = [byWrapper, byStarmap, byParallel].map(({ medianMs }) => medianMs);
  const apart = Math.max(...allMs) / Math.min(...allMs);
  console.log(note(`All three ways give the loop's scores, in times at most ${times(apart)} apart; starmap and Parallel need no wrapper.`));
}
