/** The demo: what a plain loop takes, what allcores takes, and whether both give the same. Run it with `npm run demo`. */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cpuCount } from 'allcores';
import { Mismatch } from './measure.ts';
import { search } from './search.ts';
import { slow } from './slow.ts';
import { squares } from './squares.ts';
import { starmap } from './starmap.ts';
import { duration, heading } from './table.ts';

const EXPERIMENTS = { squares, slow, starmap, search };
type Name = keyof typeof EXPERIMENTS;
const NAMES = Object.keys(EXPERIMENTS) as Name[];

const HELP = `npm run demo -- [options]

  --only NAME   one experiment: ${NAMES.join(', ')}
  --full        the sizes of the article: lists up to 100,000,000 numbers,
                slow functions of 2 s. Takes about 4 minutes and 4 GB of memory.
  --help        this text

Every result is compared with the plain loop's; a difference ends the demo with
exit code 1.`;

const { full, only, help } = options();
if (help) console.log(HELP);
else {
  const startedAt = performance.now();
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${cpuCount()} workers by default`,
  );
  try {
    for (const name of only ? [only] : NAMES) await EXPERIMENTS[name]({ full });
    console.log(heading(`All results are the same as the loop's. ${duration(performance.now() - startedAt).trim()} in all.`));
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    console.error(`\nFAILED: ${error.message}`);
    process.exitCode = 1;
  }
}

function options(): { full: boolean; only: Name | undefined; help: boolean } {
  try {
    const { values } = parseArgs({ options: { full: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } } });
    const only = NAMES.find((name) => name === values.only);
    if (values.only !== undefined && !only) throw new Error(`--only is "${values.only}"; it must be one of ${NAMES.join(', ')}`);
    return { full: values.full ?? false, only, help: values.help ?? false };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
