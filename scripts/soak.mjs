// A world of random jobs and faults against both backends (after a build): npm run soak -- --minutes 10 --seed 7
// Every round is made from (seed, round) alone; one that fails is named, and replays with --seed and --round.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WORKER_BACKENDS } from '../test/backends.native.mjs';
import { wrongs } from '../test/soak/check.native.mjs';
import { planOf } from '../test/soak/plan.native.mjs';
import { play } from '../test/soak/play.native.mjs';

const HELP = `npm run soak -- [options]

  --minutes N    how long, over all backends (default 10)
  --seconds N    the same in seconds
  --rounds N     so many rounds on each backend, however long they take
  --seed N       the world to play (default: a new one)
  --round N      this round alone
  --backend B    one backend; may be repeated
  --patience N   seconds until a promise counts as one that never settles (default 60)
  --json         the figures as JSON alone`;

const { values: args } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    round: { type: 'string' },
    backend: { type: 'string', multiple: true, default: WORKER_BACKENDS },
    patience: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const seed = Number(args.seed);
const totalMs = args.seconds ? Number(args.seconds) * 1000 : Number(args.minutes) * 60_000;
/** What has not settled yet. */
const pending = new Set();
/** Late errors are part of the play. */
const warnings = {};
process.removeAllListeners('warning');
process.on('warning', ({ code, name }) => {
  warnings[code ?? name] = (warnings[code ?? name] ?? 0) + 1;
});

if (args.help) console.log(HELP);
else process.exitCode = await soak();

async function soak() {
  if (!args.json) console.log(`soak: seed ${seed}, ${args.backend.join(' and ')}, Node ${process.version}`);
  const all = [];
  for (const backend of args.backend) {
    const figures = await soakOn(backend);
    all.push(figures);
    if (!args.json) console.log(JSON.stringify(figures, null, 2));
    if (figures.wrong > 0) break;
  }
  if (args.json) console.log(JSON.stringify({ seed, node: process.version, backends: all }));
  return all.some(({ wrong }) => wrong > 0) ? 1 : 0;
}

async function soakOn(backend) {
  const figures = {
    backend,
    seed,
    rounds: 0,
    seconds: 0,
    jobs: 0,
    items: 0,
    runs: 0,
    ranAgain: 0,
    faults: {},
    calls: {},
    warnings,
    wrong: 0,
  };
  const from = performance.now();
  const first = args.round === undefined ? 0 : Number(args.round);
  const end = args.round === undefined ? Number(args.rounds ?? Number.POSITIVE_INFINITY) : first + 1;
  const untilMs = args.rounds === undefined ? totalMs / args.backend.length : Number.POSITIVE_INFINITY;
  for (let round = first; round < end && performance.now() - from < untilMs; round++) {
    const wrong = await playRound(planOf(seed, round, backend), figures);
    figures.rounds++;
    if (wrong.length === 0) continue;
    figures.wrong += wrong.length;
    for (const text of wrong.slice(0, 20)) console.error(text);
    console.error(`replay: npm run soak -- --seed ${seed} --round ${round} --backend ${backend}`);
    break;
  }
  figures.seconds = Math.round((performance.now() - from) / 100) / 10;
  return figures;
}

async function playRound(plan, figures) {
  const folder = mkdtempSync(join(tmpdir(), 'allcores-soak-'));
  try {
    const ended = await play(plan, folder, watched);
    for (const one of ended) count(figures.calls, wayOf(one));
    return ended.flatMap((one) => wrongs(plan, one, figures));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A promise that does not settle in time ends the soak, with its name. */
function watched(label, promise) {
  const mine = { label };
  pending.add(mine);
  const timer = setTimeout(() => {
    console.error(`never settles: ${label}; beside ${[...pending].map((one) => one.label).join(', ')}`);
    console.error(`replay: npm run soak -- --seed ${seed} --round ${label.match(/round (\d+)/)[1]} --backend ${label.split(',')[0]}`);
    process.exit(2);
  }, Number(args.patience) * 1000);
  return promise.finally(() => {
    clearTimeout(timer);
    pending.delete(mine);
  });
}

function wayOf(ended) {
  const { error, reason, left } = ended;
  if (left) return 'left';
  if (!('error' in ended)) return 'answered';
  if (error === reason) return 'aborted';
  return /^POOL_/.test(error?.code) ? error.code : 'failed';
}

function count(counts, name) {
  counts[name] = (counts[name] ?? 0) + 1;
}
