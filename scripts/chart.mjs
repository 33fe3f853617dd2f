// A chart for the README, from a comparison that was saved as JSON: node scripts/chart.mjs comparison.json out.svg [time|speed-up]
// The same code draws it as in the page, with linkedom in the place of a browser.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const [from, to, kind = 'time'] = process.argv.slice(2);
if (!from || !to || !['time', 'speed-up'].includes(kind)) {
  console.error('node scripts/chart.mjs comparison.json out.svg [time|speed-up]');
  process.exit(2);
}
const outfile = `${root}.cache/chart.mjs`;
await build({
  absWorkingDir: root,
  entryPoints: ['page/static.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
const { chartSvg } = await import(pathToFileURL(outfile).href);
// The command line writes one comparison; a list of them gives its first.
const data = JSON.parse(readFileSync(from, 'utf8'));
writeFileSync(to, chartSvg(Array.isArray(data) ? data[0] : data, kind, 760, 420));
