/** The page: one self-contained file with the charts of comparisons, for a browser without a network. */
import { createHash } from 'node:crypto';
import { checkByRules } from '../check-options.ts';
import type { PageOptions } from '../compare.ts';
import { UsageError } from '../errors.ts';
import type { ValueRule } from '../option-rule.ts';
import { show } from '../show.ts';
import type { ComparisonData, ComparisonRow } from './comparison.ts';
import { escaped, sectionOf } from './page-section.ts';

const RULES: Readonly<Record<string, ValueRule>> = {
  title: { allowed: 'a string', ok: (v) => typeof v === 'string' },
  intro: { allowed: 'a string', ok: (v) => typeof v === 'string' },
};

/** The text of the page; `comparisonPage` says what it is. */
export async function pageOf(comparisons: readonly ComparisonData[], options: PageOptions | undefined): Promise<string> {
  checkComparisons(comparisons);
  const checked = checkByRules<PageOptions>('comparisonPage', options, {
    ruleOf: (name) => (Object.hasOwn(RULES, name) ? RULES[name] : undefined),
    example: "{ title: 'Two loops' }",
    unknown: (name) =>
      new UsageError('UNKNOWN_OPTION', `comparisonPage: unknown option "${name}". Options here: ${Object.keys(RULES).join(', ')}`),
  });
  const alone = comparisons.length === 1;
  const title = checked.title ?? (alone ? comparisons[0]!.title : 'Comparisons');
  // Most programs make no page, and should not load a chart library.
  const { pageScript, pageStyle } = await import('./page-text.generated.ts');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(pageScript)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<h1>${escaped(title)}</h1>
${checked.intro ? `<p class="intro">${escaped(checked.intro)}</p>\n` : ''}</header>
<main>
${comparisons.map((comparison, i) => sectionOf(comparison, i, alone && comparison.title === title)).join('\n')}
</main>
<footer>Measured by allcores: every point is the median of its runs, the band goes from the quickest run to the slowest.</footer>
<script type="application/json" id="comparisons">${embedded(comparisons)}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** Nothing is fetched, and only our own script runs: a name that is markup after all would still do nothing. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** JSON that cannot end the element it stands in: `</script>` and `<!--` both begin with the one character that is written otherwise. */
function embedded(comparisons: readonly ComparisonData[]): string {
  return JSON.stringify(comparisons).replaceAll('<', '\\u003c');
}

function checkComparisons(comparisons: readonly ComparisonData[]): void {
  if (!Array.isArray(comparisons) || comparisons.length === 0)
    throw new UsageError(
      'BAD_ARGUMENT',
      `comparisonPage: the comparisons are ${show(comparisons)}; they must be an array of what compare gave, at least one`,
    );
  const wrong = comparisons.findIndex((comparison) => !isComparison(comparison));
  if (wrong >= 0) {
    throw new UsageError(
      'BAD_ARGUMENT',
      `comparisonPage: comparisons[${wrong}] is ${show(comparisons[wrong])}; it must be what compare gave, or its JSON`,
    );
  }
}

/** What was read from a file may be anything. */
function isComparison(value: unknown): value is ComparisonData {
  const { title, unit, rows, methods, machine, verdict, workers } = (value ?? {}) as Partial<Record<keyof ComparisonData, unknown>>;
  const { node, cores, cpu } = (machine ?? {}) as Partial<Record<keyof ComparisonData['machine'], unknown>>;
  return (
    [title, unit, verdict, node, cpu].every((text) => typeof text === 'string') &&
    [cores, workers].every((number) => typeof number === 'number') &&
    Array.isArray(methods) &&
    methods.every((method) => typeof method === 'string') &&
    Array.isArray(rows) &&
    rows.length > 0 &&
    rows.every(isRow)
  );
}

function isRow(value: unknown): value is ComparisonRow {
  const row = (value ?? {}) as Partial<Record<keyof ComparisonRow, unknown>>;
  return (
    typeof row.method === 'string' &&
    [row.size, row.medianMs, row.minMs, row.maxMs].every(Number.isFinite) &&
    (row.speedUp === undefined || Number.isFinite(row.speedUp)) &&
    Array.isArray(row.runsMs) &&
    row.runsMs.every(Number.isFinite)
  );
}
