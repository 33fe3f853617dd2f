/** One comparison on the page: its sentence, the places of its charts, and its numbers as a table. */
import { type Round, roundsOf } from './break-even.ts';
import type { ComparisonData, ComparisonRow } from './comparison.ts';
import { count, duration, some, times } from './figures.ts';
import { clearlyFaster } from './statistics.ts';

/** Its HTML. The charts are drawn by the page's script; without it the rest is still there. */
export function sectionOf(data: ComparisonData, index: number, titled: boolean): string {
  const { title, verdict, machine, workers } = data;
  const heading = titled ? '' : `<h2>${escaped(title)}</h2>\n`;
  return `<section data-comparison="${index}">
${heading}<p class="verdict">${escaped(verdict).replace(/(\d) (ns|µs|ms|s)\b/g, '$1&nbsp;$2')}</p>
<p class="machine">Node ${escaped(machine.node)} · ${some(machine.cores, 'core')} (${escaped(machine.cpu)}) · ${some(workers, 'worker')}</p>
<div class="controls" hidden></div>
<div class="charts">
<figure data-chart="time"><figcaption>Time</figcaption><div class="canvas"></div></figure>
<figure data-chart="speed-up"><figcaption>How many times as fast as the loop</figcaption><div class="canvas"></div></figure>
</div>
${tableOf(data, index)}
</section>`;
}

/** Text inside an element or an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function tableOf({ title, unit, methods, rows }: ComparisonData, index: number): string {
  const heads = [unit, ...methods, 'faster'].map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  const lines = roundsOf(rows).map((round) => `<tr><th scope="row">${count(round.size)}</th>${cellsOf(round, methods)}</tr>`);
  return `<p class="note" id="note-${index}">Median of the runs; below it the quickest and the slowest.</p>
<div class="numbers" tabindex="0" role="region" aria-label="The numbers of ${escaped(title)}"><table aria-describedby="note-${index}">
<thead><tr>${heads}</tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table></div>`;
}

function cellsOf(round: Round, methods: readonly string[]): string {
  const cells = methods.map((method) => {
    const row = round.rows.find((candidate) => candidate.method === method);
    return row ? `<td><b>${duration(row.medianMs)}</b><small>${rangeOf(row)}</small></td>` : '<td></td>';
  });
  return `${cells.join('')}<td class="faster">${escaped(fasterOf(round))}</td>`;
}

function rangeOf({ minMs, maxMs, runsMs }: ComparisonRow): string {
  return runsMs.length === 1 ? '1 run' : `${duration(minMs)} – ${duration(maxMs)}`;
}

function fasterOf({ loop, best }: Round): string {
  if (!loop || !best) return '';
  if (clearlyFaster(loop.medianMs, best.medianMs)) return `loop ${times(best.medianMs / loop.medianMs)}`;
  if (clearlyFaster(best.medianMs, loop.medianMs)) return `${best.method} ${times(loop.medianMs / best.medianMs)}`;
  return 'as fast';
}
