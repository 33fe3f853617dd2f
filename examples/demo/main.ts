/** The demo: what a plain loop takes, what allcores takes, and whether both give the same. Run it with `npm run demo`. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Comparison, comparisonPage, cpuCount } from 'allcores';
import { joblib } from './joblib.ts';
import { Mismatch } from './measure.ts';
import { search } from './search.ts';
import { slow } from './slow.ts';
import { squares } from './squares.ts';
import { starmap } from './starmap.ts';
import { duration, heading } from './table.ts';

const EXPERIMENTS: Record<string, (options: { full: boolean }) => Promise<Comparison | undefined>> = {
  squares,
  slow,
  starmap,
  joblib,
  search,
};
const NAMES = Object.keys(EXPERIMENTS);

const HELP = `npm run demo -- [options]

  --only NAME   one experiment: ${NAMES.join(', ')}
  --full        the sizes of the article: lists up to 100,000,000 numbers,
                slow functions of 2 s. Takes about 4 minutes and 4 GB of memory.
  --page FILE   where the page with the charts goes, demo.html by default
  --json FILE   writes the measured numbers, too
  --help        this text

Every result is compared with the plain loop's; a difference ends the demo with
exit code 1.`;

const { full, only, page, json, help } = options();
if (help) console.log(HELP);
else {
  const startedAt = performance.now();
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${cpuCount()} workers by default`,
  );
  try {
    const comparisons: Comparison[] = [];
    for (const name of only ? [only] : NAMES) {
      const comparison = await EXPERIMENTS[name]!({ full });
      if (comparison) comparisons.push(comparison);
    }
    if (comparisons.length > 0) {
      const intro = 'A plain loop beside allcores: where it gains, and where it does not. Written by npm run demo.';
      await writeFile(page, await comparisonPage(comparisons, { title: 'The article’s experiments, with allcores', intro }));
      if (json !== undefined) await writeFile(json, JSON.stringify(comparisons));
      console.log(heading(`The charts of these runs: ${page}`));
    }
    console.log(heading(`All results are the same as the loop's. ${duration(performance.now() - startedAt).trim()} in all.`));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    console.error(`\nFAILED: ${error.message}`);
    process.exitCode = 1;
  }
}

function options(): { full: boolean; only: string | undefined; page: string; json: string | undefined; help: boolean } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({ options: { full: flag, only: text, page: { ...text, default: 'demo.html' }, json: text, help: flag } });
    if (values.only !== undefined && !NAMES.includes(values.only))
      throw new Error(`--only is "${values.only}"; it must be one of ${NAMES.join(', ')}`);
    return { only: undefined, json: undefined, ...values };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
