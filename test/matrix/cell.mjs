// Plays one cell of the matrix and prints what came of it, as JSON: node cell.mjs <backend> <fault> <place> <chunkSize>.
// A program of its own, because some cells end it; `begun` is printed first, so that its end is known to be the cell's.
import { mapSettled, Pool, registerType } from '../../dist/index.js';
import { GUILTY } from './cells.native.mjs';
import { faults } from './faults.native.mjs';

const [backend, fault, place, chunkSize] = process.argv.slice(2);
const hurt = faults[fault];
const inSetup = place === 'setup' || place === 'initializer';

/** A value that springs where it crosses: `at` says where. */
class Trap {
  constructor(n, at) {
    this.n = n;
    this.at = at;
  }
}

const unregister = registerTrap();
const held = fault === 'unserialisable' ? hurt() : undefined;
const memory = fault === 'out of memory' ? { resourceLimits: { maxOldGenerationSizeMb: 48 } } : {};
const starting = fault === 'endless loop' && inSetup ? { startTimeoutMs: 1500 } : {};
const limits = fault === 'endless loop' && !inSetup ? { timeoutMs: 2_000, graceMs: 100 } : {};

const warnings = [];
process.on('warning', ({ code, message }) => warnings.push({ code, message }));
console.log('begun');

const report = { outcomes: undefined, call: undefined, other: undefined, after: undefined, warnings };
let pool;
try {
  pool = new Pool({ workers: 2, backend, ...memory, ...starting, ...setupOptions() });
  const other = inSetup ? undefined : pool.map((x) => x * 2, [1, 2, 3, 4, 5, 6, 7, 8], { chunkSize: 2 });
  // Whether the other job notices is asked below; one that fails meanwhile is not to end this program.
  other?.catch(() => {});
  const outcomes = await mapSettled(items(), taskFor(), { pool, chunkSize: Number(chunkSize), ...limits });
  report.outcomes = outcomes.map((o) => (o.status === 'fulfilled' ? { value: o.value.n } : { error: described(o.reason) }));
  report.other = await other?.catch(described);
} catch (error) {
  report.call = described(error);
}
unregister();

// The same pool lives on, unless its setup cannot.
const works = (p) => p.map((x) => x + 1, [1, 2, 3]).catch(described);
if (pool && !(inSetup && report.call)) report.after = await works(pool);
else report.after = await works(new Pool({ workers: 1, backend }));
await pool?.terminate();
// Warnings are told in a turn of their own.
await new Promise((resolve) => setImmediate(resolve));
console.log(JSON.stringify(report));

function items() {
  return Array.from({ length: 6 }, (_, n) => new Trap(n, n === GUILTY && place.startsWith('item') ? place : ''));
}

/** What each item is mapped with: a new trap, so that results cross in their own form, too. */
function taskFor() {
  const resultPlace = place.startsWith('result') ? place : '';
  if (place !== 'task') return (trap) => new Trap(trap.n, trap.n === 2 ? resultPlace : '');
  if (fault === 'unserialisable') return (trap) => (held ? trap : undefined);
  if (fault !== 'unhandled rejection') return (trap) => (trap.n === 2 ? hurt() : trap);
  return async (trap) => {
    if (trap.n !== 2) return trap;
    hurt();
    // It goes on until it is told that it has failed.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    return trap;
  };
}

function setupOptions() {
  if (place === 'initializer') {
    const cannotTravel = fault === 'unserialisable';
    return { initializer: cannotTravel ? () => {} : (f) => f(), initargs: cannotTravel ? [1, held] : [hurt] };
  }
  if (place !== 'setup') return {};
  return { setup: fault === 'unserialisable' ? () => held : hurt };
}

function registerTrap() {
  return registerType({
    tag: 'trap',
    type: Trap,
    toPlain: ({ n, at }) => {
      const here = at === 'item packed' || at === 'result packed';
      return { n, at: at === 'item packed' ? '' : at, gift: here ? hurt() : undefined };
    },
    fromPlain: ({ n, at }) => {
      if (at === 'item read' || at === 'result read') hurt();
      return new Trap(n, '');
    },
  });
}

function described(error) {
  return { name: error?.name, code: error?.code, message: String(error?.message) };
}
