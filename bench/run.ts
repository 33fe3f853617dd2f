/** The bench: us, the loop and bare workers in one run, in turn. `npm run bench -- --quick --only cpu64`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { interleave, type Patience } from './interleave.ts';
import { Machine } from './machine.ts';
import { header, print, report, type WorkloadReport } from './report.ts';
import type { Workload } from './workload.ts';
import { async50 } from './workloads/async50.ts';
import { awaits } from './workloads/awaits.ts';
import { coldstart } from './workloads/coldstart.ts';
import { cpu64 } from './workloads/cpu64.ts';
import { overhead } from './workloads/overhead.ts';
import { roundtrip } from './workloads/roundtrip.ts';
import { rows1e4 } from './workloads/rows1e4.ts';
import { ship } from './workloads/ship.ts';
import { pack, shippedLoops } from './workloads/shipping.ts';
import { sleep8cold } from './workloads/sleep8cold.ts';
import { square1e5, square1e6 } from './workloads/squares.ts';

const WORKLOADS: readonly Workload[] = [
  cpu64,
  sleep8cold,
  async50,
  roundtrip,
  overhead,
  square1e5,
  square1e6,
  rows1e4,
  coldstart,
  ship,
  pack,
  ...shippedLoops,
  awaits,
];

const HELP = `npm run bench -- [options]

  --quick       fewer turns: under a minute, wider intervals
  --shipping    pack, the shipped loops and awaits
  --only NAME   one workload; may be repeated: ${WORKLOADS.map(({ name }) => name).join(', ')}
  --help        this text

Figures of every turn go to bench/results/ as JSON, and what is printed as Markdown. Exit code 1 when a bar fails.`;

const SHIPPING: readonly string[] = [pack, ...shippedLoops, awaits].map(({ name }) => name);

const { quick, only, help } = options();
if (help) console.log(HELP);
else await run(WORKLOADS.filter(({ name }) => only.length === 0 || only.includes(name)));

async function run(workloads: readonly Workload[]): Promise<void> {
  const startedAt = performance.now();
  const startedOn = new Date();
  const machine = new Machine();
  const about = { node: process.version, cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism() };
  console.log(`Node ${about.node}, ${about.cores} cores, ${about.cpu}${quick ? ', quick' : ''}`);
  console.log(header());
  const reports: WorkloadReport[] = [];
  const printed = [header()];
  for (const workload of workloads) {
    const { contenders, tearDown } = await workload.setUp();
    const turns = await interleave(contenders, patienceFor(workload), machine);
    await tearDown();
    const done = report(workload, turns);
    reports.push(done);
    printed.push(print(done));
    console.log(`\n${printed.at(-1)}`);
  }
  await machine.close();

  const tookMs = performance.now() - startedAt;
  const folder = new URL('../../bench/results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const name = startedOn.toISOString().replaceAll(':', '-').slice(0, 19);
  const file = new URL(`${name}.json`, folder);
  writeFileSync(file, `${JSON.stringify({ startedOn, tookMs, quick, ...about, workloads: reports }, undefined, 2)}\n`);
  const asText = stripVTControlCharacters(printed.join('\n\n'));
  writeFileSync(new URL(`${name}.md`, folder), `Node ${about.node}, ${about.cores} cores, ${about.cpu}\n\n\`\`\`text\n${asText}\n\`\`\`\n`);

  const verdicts = reports.flatMap(({ contenders }) => contenders.flatMap(({ bars }) => bars.map(({ verdict }) => verdict)));
  const tally = (['pass', 'fail', 'noise too high'] as const).map((v) => `${verdicts.filter((verdict) => verdict === v).length} ${v}`);
  console.log(`\n${(tookMs / 1000).toFixed(1)} s. Bars: ${tally.join(', ')}. Every figure: ${file.pathname}`);
  if (verdicts.includes('fail')) process.exitCode = 1;
}

function patienceFor({ turns, quickTurns }: Workload): Patience {
  if (quick) return { turns: quickTurns, mostTurns: quickTurns + 2, waitMs: 0 };
  return { turns, mostTurns: Math.ceil(1.5 * turns), waitMs: 15_000 };
}

function options(): { quick: boolean; only: readonly string[]; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean' },
        shipping: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    });
    const only = [...(values.only ?? []), ...(values.shipping ? SHIPPING : [])];
    const unknown = only.find((name) => !WORKLOADS.some((workload) => workload.name === name));
    if (unknown !== undefined) throw new Error(`there is no workload "${unknown}"`);
    return { quick: values.quick ?? false, only, help: values.help ?? false };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
