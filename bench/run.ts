/** The bench: us, loops, bare workers and peers in one run, in turn. `npm run bench -- --quick --only cpu64`. */
import { parseArgs } from 'node:util';
import { interleave, LEAST_TURNS, type Patience } from './interleave.ts';
import { Machine } from './machine.ts';
import { header, print, report } from './report.ts';
import { commit, type Measurement, machineAbout, mergeInto, ResultFiles } from './results.ts';
import type { Workload } from './workload.ts';
import { async50 } from './workloads/async50.ts';
import { awaits } from './workloads/awaits.ts';
import { coldstart } from './workloads/coldstart.ts';
import { cpu64, skewFirst, skewLast } from './workloads/cpu64.ts';
import { coldcall, importing } from './workloads/fresh.ts';
import { loopDelay } from './workloads/loop-delay.ts';
import { memory } from './workloads/memory.ts';
import { autoNumbers, autoObjects, perMessage } from './workloads/overhead.ts';
import { payload } from './workloads/payload.ts';
import { roundtrip } from './workloads/roundtrip.ts';
import { rows1e4 } from './workloads/rows1e4.ts';
import { rowsCheap, rowsSlow, rowsTransport } from './workloads/rows1e5.ts';
import { ship } from './workloads/ship.ts';
import { pack, shippedLoops } from './workloads/shipping.ts';
import { sinexp } from './workloads/sinexp.ts';
import { sleep8cold } from './workloads/sleep8cold.ts';
import { squares } from './workloads/squares.ts';

const SHIPPING: readonly Workload[] = [pack, ...shippedLoops, awaits];

const WORKLOADS: readonly Workload[] = [
  ...squares,
  sinexp,
  rowsCheap,
  rowsSlow,
  rowsTransport,
  perMessage,
  autoNumbers,
  autoObjects,
  roundtrip,
  coldcall,
  sleep8cold,
  importing,
  cpu64,
  skewFirst,
  skewLast,
  payload,
  memory,
  loopDelay,
  async50,
  rows1e4,
  coldstart,
  ship,
  ...SHIPPING,
];

const ORDER = WORKLOADS.map(({ name }) => name);

const HELP = `npm run bench -- [options]

  --quick       fewer turns, without Python, most peers and what no goal is set for: two minutes, wider intervals
  --shipping    pack, the shipped loops and awaits
  --only NAME   one workload, or those whose names begin with NAME and an asterisk (squares*); may be repeated
  --turns N     as many turns of each, for trying things out: below six there is no verdict
  --into FILE   also puts the workloads measured into FILE, in the place of those of the same name
  --help        this text

${WORKLOADS.map(({ name, what }) => `  ${name.padEnd(20)} ${what}`).join('\n')}

Figures of every turn go to bench/results/ as JSON, and what is printed as Markdown. Exit code 1 when a bar fails.`;

const { quick, only, turns, into, help } = options();
if (help) console.log(HELP);
else await run(WORKLOADS.filter(wantedHere));

async function run(workloads: readonly Workload[]): Promise<void> {
  const startedAt = performance.now();
  const files = new ResultFiles(new Date());
  const machine = new Machine();
  const { node, cores, cpu } = machineAbout();
  console.log(`Node ${node}, ${cores} cores, ${cpu}${quick ? ', quick' : ''}`);
  console.log(header());
  const measured: Measurement[] = [];
  const printed = [header()];
  for (const workload of workloads) {
    try {
      const done = await measure(workload, machine);
      measured.push(done);
      printed.push(print(done));
    } catch (error) {
      // The others are measured all the same; the run has failed.
      process.exitCode = 1;
      printed.push(`${workload.name}: ${error instanceof Error ? error.stack : error}`);
    }
    console.log(`\n${printed.at(-1)}`);
    files.write(measured, printed);
    if (into !== undefined) mergeInto(into, measured, ORDER);
  }
  await machine.close();

  const missed = measured.flatMap(({ bars }) => bars.filter(({ wanted }) => !wanted).map(({ verdict }) => verdict));
  const tally = (['pass', 'fail', 'noise too high', 'not measured'] as const).map(
    (v) => `${missed.filter((verdict) => verdict === v).length} ${v}`,
  );
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`\n${seconds.toFixed(1)} s. Bars: ${tally.join(', ')}. Every figure: ${files.json.pathname}`);
  if (missed.includes('fail')) process.exitCode = 1;
}

async function measure(workload: Workload, machine: Machine): Promise<Measurement> {
  const measuredOn = new Date().toISOString();
  const startedAt = performance.now();
  const { contenders, absent, tearDown } = await workload.setUp({ quick });
  try {
    const done = report(workload, await interleave(contenders, patienceFor(workload), machine), absent);
    return { ...done, measuredOn, commit: commit(), tookMs: performance.now() - startedAt, quick };
  } finally {
    await tearDown();
  }
}

function wantedHere({ name, quickTurns }: Workload): boolean {
  if (only.length > 0) return only.some((wanted) => matches(name, wanted));
  return !quick || quickTurns > 0;
}

function patienceFor({ turns: wanted, quickTurns }: Workload): Patience {
  if (turns !== undefined) return { turns, mostTurns: turns, waitMs: 0 };
  if (quick) return { turns: quickTurns || LEAST_TURNS, mostTurns: (quickTurns || LEAST_TURNS) + 2, waitMs: 0 };
  return { turns: wanted, mostTurns: Math.ceil(1.5 * wanted), waitMs: 15_000 };
}

function matches(name: string, wanted: string): boolean {
  return wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
}

function options(): { quick: boolean; only: readonly string[]; turns: number | undefined; into: string | undefined; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean' },
        shipping: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        turns: { type: 'string' },
        into: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const only = [...(values.only ?? []), ...(values.shipping ? SHIPPING.map(({ name }) => name) : [])];
    const unknown = only.find((wanted) => !WORKLOADS.some(({ name }) => matches(name, wanted)));
    if (unknown !== undefined) throw new Error(`there is no workload "${unknown}"`);
    const turns = values.turns === undefined ? undefined : Number(values.turns);
    if (turns !== undefined && !(Number.isInteger(turns) && turns > 0))
      throw new Error(`--turns is ${values.turns}; it must be a whole number from 1`);
    return { quick: values.quick ?? false, only, turns, into: values.into, help: values.help ?? false };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}
