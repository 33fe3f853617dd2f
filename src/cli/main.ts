#!/usr/bin/env node
/** The command line: `allcores compare file.ts#fn` and `allcores explain file.ts#fn`. It reads the arguments; everything else is the package's. */
import { createRequire } from 'node:module';
import { cac } from 'cac';
import { type CompareFlags, compareCommand } from './compare-command.ts';
import { CommandError, complaintOf } from './complaints.ts';
import { type ExplainFlags, explainCommand } from './explain-command.ts';
import { NeedsTsx, rerunWith } from './user-module.ts';

/** Gives the exit code: 0, 1 when something failed, 2 when the command is wrong. */
async function main(argv: readonly string[]): Promise<number> {
  const cli = cac('allcores');
  cli
    .command('compare <file#function>', 'Is it worth it? Measures a loop beside allcores, over lists that grow')
    .option('--items <items>', 'What to run over: a number (0, 1, 2, … below it) or file#export')
    .option('--sizes <sizes>', 'How many of them, as in 10,1000,1e6 (default: 1,10,100,… up to all)')
    .option('--methods <methods>', 'What to compare, as in loop,map,Pool.map,"new Pool"')
    .option('--repetitions <n>', 'Runs of each method over each size (default: 5)')
    .option('--workers <n>', 'Workers of the parallel methods (default: the cores)')
    .option('--max-seconds <s>', 'From when on a slow method gets fewer repetitions at a size (default: 5)')
    .option('--title <text>', 'What the table and the page are called (default: the function)')
    .option('--unit <text>', 'What an item is, in the plural (default: items)')
    .option('--page <file>', 'Write the charts to this file, an HTML page')
    .option('--json <file>', 'Write the numbers to this file')
    .example('allcores compare square.ts#square --sizes 10,1000,1e6 --page squares.html')
    .action((place: string, flags: CompareFlags) => compareCommand(place, flags));
  cli
    .command('explain <file#function>', 'What would travel with it: its captures and their sizes, or why it cannot')
    .option('--json', 'Print the data instead of the table')
    .example('allcores explain square.ts#square')
    .action((place: string, flags: ExplainFlags) => explainCommand(place, flags));
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  cli.version(version).help();
  try {
    cli.parse([...argv], { run: false });
    if (cli.options.help || cli.options.version) return 0;
    if (!cli.matchedCommand) {
      const name = cli.args[0];
      throw new CommandError(
        name === undefined ? 'which command?' : `there is no command "${name}"`,
        'allcores --help shows what there is',
      );
    }
    return ((await cli.runMatchedCommand()) as number | undefined) ?? 0;
  } catch (error) {
    if (error instanceof NeedsTsx) return rerunWith(error.loader, argv);
    const { text, exitCode } = complaintOf(error);
    console.error(text);
    return exitCode;
  }
}

main(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
  // The user's module may hold a timer or a server open. What was printed into a pipe goes first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
});
