// The table of docs/reliability.md: what is promised for each fault, in each place, on each backend. It is what test/matrix plays.
import { WORKER_BACKENDS } from '../test/backends.native.mjs';
import { cells } from '../test/matrix/cells.native.mjs';
import { faults, places } from '../test/matrix/faults.native.mjs';

/** A table for each backend. */
export function matrixTables() {
  return WORKER_BACKENDS.map((backend) => {
    const rows = Object.keys(faults).map((fault) => {
      const row = places.map((place) => wordsFor(cells.find((c) => c.backend === backend && c.fault === fault && c.place === place)));
      return `| ${fault} | ${row.join(' | ')} |`;
    });
    return `### On ${backend}\n\n| | ${places.join(' | ')} |\n|---${'|---'.repeat(places.length)}|\n${rows.join('\n')}\n`;
  }).join('\n');
}

function wordsFor(cell) {
  const words = outcomeOf(cell);
  return cell.mayEndHost ? `${words}, or **${cell.mayEndHost.signal}: the program ends**` : words;
}

function outcomeOf({ outcome, name, code, signal, warning, reason }) {
  if (outcome === 'item') return `item: \`${code ?? name}\``;
  if (outcome === 'call') return `call: \`${code}\``;
  if (outcome === 'fine') return `warning \`${warning}\``;
  if (outcome === 'host') return `**${signal}: the program ends**`;
  return reason.startsWith('this runs in the calling program') ? 'the caller’s own' : '–';
}
